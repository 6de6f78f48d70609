package system.authz_test

import rego.v1

import data.system.authz

token := "0123456789abcdef0123456789abcdef"

asked := {"method": "POST", "path": ["v1", "data", "hub", "dated", "gathered"], "identity": token}

runtime_with(value) := {"env": {"HUB_OPA_TOKEN": value}}

test_the_hub_may_ask_for_a_decision if {
	authz.allow with input as asked with opa.runtime as runtime_with(token)
}

test_another_token_may_not if {
	not authz.allow with input as object.union(asked, {"identity": "no"}) with opa.runtime as runtime_with(token)
}

test_no_token_may_not if {
	not authz.allow with input as object.remove(asked, ["identity"]) with opa.runtime as runtime_with(token)
}

test_a_server_without_a_token_answers_no_one if {
	not authz.allow with input as object.union(asked, {"identity": ""}) with opa.runtime as runtime_with("")
	not authz.allow with input as asked with opa.runtime as {"env": {}}
}

test_a_short_token_is_no_token if {
	not authz.allow with input as object.union(asked, {"identity": "abc"}) with opa.runtime as runtime_with("abc")
}

test_nothing_else_may_be_asked_or_changed if {
	others := [
		{"method": "PUT", "path": ["v1", "data", "hub"]},
		{"method": "PATCH", "path": ["v1", "data", "hub"]},
		{"method": "DELETE", "path": ["v1", "policies", "hub"]},
		{"method": "GET", "path": ["v1", "data"]},
		{"method": "GET", "path": ["v1", "policies"]},
		{"method": "POST", "path": ["v1", "query"]},
		{"method": "POST", "path": ["v1", "compile"]},
		{"method": "POST", "path": ["v1", "data"]},
		{"method": "POST", "path": ["health"]},
	]
	every other in others {
		not authz.allow with input as object.union(asked, other) with opa.runtime as runtime_with(token)
	}
}

test_anyone_may_ask_whether_it_is_up if {
	authz.allow with input as {"method": "GET", "path": ["health"]} with opa.runtime as {"env": {}}
}
