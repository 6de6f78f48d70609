# METADATA
# title: Who may ask this OPA server, and what
# description: |
#   The hub knows the token, and asks for one thing. No one may change policy or data, list them, or evaluate a query of his own.
#   Anyone may ask whether the server is up; the answer holds nothing.
package system.authz

import rego.v1

default allow := false

allow if {
	input.method == "GET"
	input.path == ["health"]
}

allow if {
	input.method == "POST"
	input.path == ["v1", "data", "hub", "dated", "gathered"]
	known_token
}

known_token if {
	token := opa.runtime().env.HUB_OPA_TOKEN
	count(token) >= 32

	# Digests are compared, so that the time it takes tells nothing about the token.
	crypto.sha256(input.identity) == crypto.sha256(token)
}
