# Gates of one request - passed, shut and spared - and none that says other than the decision.

package hub.explain_test

import data.hub.explain
import data.hub.made

_plan := made.facts("ggz", "D02", made.record("evaluatie_datum", "reg-1", "casusregisseur"), {})

_care := made.facts("college", "D02", made.record("zorgvorm_intensiteit", "ggz-2", "ggz"), {})

_states(facts) := {gate.gate: gate.state | some gate in array.concat(found.whole, found.parts[0].gates)} if {
	found := explain.explained with input as facts
}

_shut(facts) := {name | some name, state in _states(facts); state == "shut"}

test_all_gates_are_passed_or_spared if {
	_shut(_plan) == set()
	found := explain.explained with input as _plan
	found.parts[0].release.level == "vol"
}

test_secrecy_shuts_its_gate if {
	_shut(_care) == {"geheim"}
	found := explain.explained with input as _care
	found.parts[0].release == null
}

test_the_request_has_gates_of_its_own if {
	_shut(object.union(_plan, {"user": {"trained": false}})) == {"gebruiker"}
	_shut(object.union(_plan, {"casus": {"involved": []}})) == {"betrokken", "grond"}
}

test_no_basis_shuts_both_locks_behind_it if {
	_shut(object.union(_plan, {"legal_bases": []})) == {"grondslag", "grond"}
}

test_what_is_not_there_is_shut_at_the_item_itself if {
	_shut(made.request("ggz", "D02", "evaluatie_datum")) == {"gegeven"}
}

test_own_data_spare_ceiling_ground_and_secrecy if {
	own := object.union(made.record("zorgvorm_intensiteit", "me", "ggz"), {})
	states := _states(made.facts("ggz", "D02", own, {}))
	[states[name] | some name in ["plafond", "grond", "geheim"]] == ["spared", "spared", "spared"]
}

test_a_duty_that_cannot_be_carried_out_shuts_the_last_gate if {
	_shut(object.union(_plan, {"partner": {"fulfils": ["log_dataverwerking"]}})) == {"plicht"}
}

test_a_request_that_cannot_be_judged_has_one_gate if {
	found := explain.explained with input as object.union(_plan, {"purpose": "D99"})
	[gate.gate | some gate in found.whole] == ["doel"]
	found.parts == []
}

test_a_double_record_is_shut if {
	row := made.record("evaluatie_datum", "reg-1", "casusregisseur")
	_shut(object.union(_plan, {"records": [row, row]})) == {"gegeven"}
}
