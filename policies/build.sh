#!/bin/sh
# Compile the rules to policies/hub.wasm, the same bytes each time. The reference data are not in it: they are loaded
# at run time. Usage: policies/build.sh [OUTPUT]; OPA names the program (default: opa, else the Go tool's own folder),
# POLICIES another folder with rules (default: this one).
set -eu
here=${POLICIES:-$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)}
opa=${OPA:-$(command -v opa || echo "$(go env GOPATH)/bin/opa")}
out=${1:-"$here/hub.wasm"}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$here" && find hub -name '*.rego' ! -name '*_test.rego' -exec sh -c '
	for rule; do mkdir -p "$0/src/$(dirname "$rule")" && cp "$rule" "$0/src/$rule"; done' "$work" {} +)
cd "$work/src"
# Which rules it was compiled from, as hub.pdp.bundle.digest_of has it: other rules do not run by this module.
find hub -name '*.rego' | LC_ALL=C sort | xargs sha256sum | sha256sum | sed 's/^\([0-9a-f]*\).*/sha256:\1/' > "$work/rules"
# The hub keeps the tables of each period apart: to choose among them is for OPA servers.
rm -rf hub/dated
"$opa" build --target wasm --entrypoint hub/release/decision --entrypoint hub/release/gathered \
	--entrypoint hub/opening/answer --entrypoint hub/explain/explained --output "$work/bundle.tar.gz" .
tar -xzOf "$work/bundle.tar.gz" /policy.wasm > "$work/hub.wasm"
mv "$work/hub.wasm" "$out"
mv "$work/rules" "$out.rules"
