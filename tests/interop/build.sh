#!/bin/sh
# Compile the policy of the interoperability tenant, as policies/build.sh does the law's. Usage: tests/interop/build.sh
# [OUTPUT]; OPA names the program (default: opa).
set -eu
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
out=${1:-"$here/policy/hub.wasm"}
work=$(mktemp -d)
mkdir -p "$work/src/hub/release"
cp "$here/policy/hub/release/release.rego" "$work/src/hub/release/"
cd "$work/src"
# As policies/build.sh: the digest of the rules stands beside the module.
find hub -name '*.rego' | LC_ALL=C sort | xargs sha256sum | sha256sum | sed 's/^\([0-9a-f]*\).*/sha256:\1/' > "$work/rules"
"${OPA:-opa}" build --target wasm --entrypoint hub/release/gathered --output "$work/bundle.tar.gz" .
tar -xzOf "$work/bundle.tar.gz" /policy.wasm > "$work/hub.wasm"
mv "$work/hub.wasm" "$out"
mv "$work/rules" "$out.rules"
