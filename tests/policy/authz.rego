# METADATA
# description: |
#   Who may ask an OPA server of the tests: whoever knows its token, and anything of the policy. A deployment is narrower
#   (`deploy/opa/authz.rego`).
package system.authz

default allow := false

allow if {
	input.method == "GET"
	input.path == ["health"]
}

allow if {
	input.method == "POST"
	array.slice(input.path, 0, 3) == ["v1", "data", "hub"]
	input.identity == opa.runtime().env.HUB_OPA_TOKEN
}
