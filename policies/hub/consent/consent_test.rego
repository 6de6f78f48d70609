package hub.consent_test

import data.hub.consent
import data.hub.made

_rows := [made.record("zorgvorm_intensiteit", "ggz-2", "ggz"), made.record("naam", "gem-1", "college")]

_with(consents) := object.union(made.request("politie", "D04", "zorgvorm_intensiteit"), {
	"requested": ["bsn", "zorgvorm_intensiteit"],
	"records": _rows,
	"consents": consents,
})

_given(changes) := made.consent("toestemming", changes)

_refusal(changes) := made.consent("weigering", object.union({"id": "we-1"}, changes))

_of(consents) := id if {
	id := consent.of("toestemming", "ggz-2", "G04") with input as _with(consents)
}

test_a_consent_that_holds if _of([_given({})]) == "co-1"

# Each shuts it alone.
_shut := [
	{"receivers": ["om-1"]},
	{"receivers": ["*"]},
	{"purposes": ["D07"]},
	{"source": "ggz-3"},
	{"groups": ["G05"]},
	{"capable": false},
	{"capable": null},
	{"voluntary": null},
	{"recorded_by_treating": false},
	{"given_at": "2027-01-10T11:00:00.000001Z"},
	{"given_at": null},
	{"valid_until": made.at},
	{"withdrawn_at": made.at},
	{"expires_at": made.at},
	{"expires_at": null},
	{"kind": "toestemming_15a"},
	{"given_by": null},
	{"given_by": {"role": null}},
	{"given_by": {"role": null, "authority_from": made.before}},
	{"given_by": {"role": "mentor"}},
	{"given_by": {"role": "mentor", "authority_from": made.at}},
	{"given_by": {"authority_from": made.at}},
	{"given_by": {"authority_from": 3}},
	{"given_by": {"authority_until": made.at}},
]

test_each_shuts_it if {
	every changes in _shut {
		_of([_given(changes)]) == ""
	}
}

# Each leaves it open.
_open := [
	{"purposes": ["*"]},
	{"groups": ["G04"]},
	{"given_at": made.at},
	{"valid_until": "2027-01-10T11:00:00.000001Z"},
	{"given_by": {"role": "mentor", "authority_from": made.before}},
	{"given_by": {"role": "mentor", "authority_from": made.before, "authority_until": made.after}},
]

test_each_leaves_it_open if {
	every changes in _open {
		_of([_given(changes)]) == "co-1"
	}
}

test_a_consent_of_a_field_opens_no_group if {
	facts := _with([_given({"groups": ["bsn"]})])
	consent.of("toestemming", "ggz-2", "bsn") == "co-1" with input as facts
	consent.of("toestemming", "ggz-2", "G04") == "" with input as facts
}

test_the_smallest_id_counts if _of([_given({"id": "co-2"}), _given({})]) == "co-1"

test_the_smallest_that_names_it if {
	_of([_given({"id": "co-0", "groups": ["G01"]}), _given({"groups": ["G04"]})]) == "co-1"
	_of([_given({"id": "co-0", "source": "gem-1"}), _given({})]) == "co-1"
}

test_kinds_are_kept_apart if {
	facts := _with([_given({"id": "co-0", "kind": "toestemming_15a"}), _given({})])
	consent.of("toestemming_15a", "ggz-2", "G04") == "co-0" with input as facts
	consent.of("toestemming", "ggz-2", "G04") == "co-1" with input as facts
}

test_sources_are_kept_apart if {
	facts := _with([_given({"id": "co-0", "source": "gem-1", "groups": ["G01"]}), _given({})])
	consent.of("toestemming", "ggz-2", "G04") == "co-1" with input as facts
	consent.of("toestemming", "gem-1", "G04") == "" with input as facts
	consent.of("toestemming", "gem-1", "bsn") == "co-0" with input as facts
}

test_a_refusal_shuts_what_it_names if {
	every changes in [{}, {"receivers": ["*"]}, {"purposes": ["*"]}, {"source": "*"}, {"groups": ["G04"]}, {"given_at": null}, {"given_at": {}}, {"withdrawn_at": made.after}, {"withdrawn_at": {}}, {"given_at": made.at}] {
		_of([_given({}), _refusal(changes)]) == ""
	}
}

test_a_refusal_that_does_not_count if {
	every changes in [
		{"receivers": ["om-1"]},
		{"purposes": ["D07"]},
		{"source": "ggz-3"},
		{"groups": ["G05"]},
		{"given_at": "2027-01-10T11:00:00.000001Z"},
		{"withdrawn_at": made.at},
	] {
		_of([_given({}), _refusal(changes)]) == "co-1"
	}
}

test_the_code_of_a_shut_consent if {
	consent.code("ggz-2", "G04") == "E_TOESTEMMING" with input as _with([])
	consent.code("ggz-2", "G04") == "E_WEIGERING" with input as _with([_refusal({})])
	consent.code("gem-1", "G04") == "E_TOESTEMMING" with input as _with([_refusal({})])
}

_standing(consents) := ids if {
	ids := {row.id | some row in consent.standing} with input as _with(consents)
}

test_a_consent_stands_while_a_group_of_it_is_open if {
	one := _given({"groups": ["G04", "bsn"]})
	_standing([one]) == {"co-1"}
	_standing([one, _refusal({"groups": ["G04"]})]) == {"co-1"}
	_standing([one, _refusal({"groups": ["G01", "G04"]})]) == set()
	_standing([one, _refusal({"groups": ["bsn", "G04"]})]) == set()
	_standing([one, _refusal({"groups": ["*"]})]) == set()
	_standing([one, _refusal({"source": "*", "groups": ["*"]})]) == set()
	_standing([one, _refusal({"source": "gem-1", "groups": ["*"]})]) == {"co-1"}
	_standing([_given({"groups": ["G04"]}), _refusal({"source": "gem-1", "groups": ["G04"]})]) == {"co-1"}
	_standing([_given({"groups": ["bsn"]}), _refusal({"source": "gem-1", "groups": ["G01"]})]) == {"co-1"}
	_standing([_given({"groups": ["*"]}), _refusal({"groups": ["G04"]})]) == {"co-1"}
	_standing([_given({"groups": ["*"]}), _refusal({"groups": ["*"]})]) == set()
	_standing([_given({"groups": ["*"]}), _refusal({"source": "*", "groups": ["*"]})]) == set()
	_standing([_given({"groups": ["*"]}), _refusal({"source": "gem-1", "groups": ["*"]})]) == {"co-1"}
}

_naming(consents) := id if {
	id := consent.naming with input as _with(consents)
}

test_a_consent_that_names_partner_and_purpose if {
	_naming([_given({})]) == "co-1"
	_naming([_given({"id": "co-2"}), _given({})]) == "co-1"
	_naming([_given({"purposes": ["*"]})]) == ""
	_naming([_given({"kind": "toestemming_15a"})]) == ""
	_naming([_given({}), _refusal({})]) == ""
	_naming([]) == ""
}

test_sources_that_have_a_consent_or_refusal_of_the_asker if {
	consent.consented == {"ggz-2"} with input as _with([_given({})])
	consent.consented == set() with input as _with([_given({"purposes": ["*"]})])
	consent.declined == {"ggz-2"} with input as _with([_refusal({})])
	consent.declined == {"ggz-2", "gem-1"} with input as _with([_refusal({"source": "*"})])
	consent.declined == set() with input as _with([_refusal({"receivers": ["*"]})])
	consent.declined == set() with input as _with([_refusal({"purposes": ["*"]})])
}

test_what_a_consent_opened_is_dropped_at_its_first_end if {
	early := "2027-02-01T00:00:00.000000Z"
	every key in ["valid_until", "withdrawn_at", "expires_at"] {
		consent.ends == {"co-1": early} with input as _with([_given({key: early})])
	}
	consent.ends == {"co-1": "2027-06-01T00:00:00.000000Z"} with input as _with([_given({})])
}

test_what_one_consent_opened_is_not_dropped_at_the_end_of_another if {
	early := "2027-02-01T00:00:00.000000Z"
	ends := consent.ends with input as _with([_given({}), _given({"id": "co-2", "valid_until": early})])
	ends == {"co-1": "2027-06-01T00:00:00.000000Z", "co-2": early}
}

# Such facts are refused (E_INVOER): until then nothing may fail over them.
test_of_two_consents_with_one_id_what_they_opened_is_dropped_at_the_first_end if {
	early := "2027-02-01T00:00:00.000000Z"
	ends := consent.ends with input as _with([_given({}), _given({"valid_until": early})])
	ends == {"co-1": early}
}

test_two_consents_with_one_id_both_stand if {
	both := consent.standing with input as _with([_given({"groups": ["bsn"]}), _given({"groups": ["*"]})])
	count(both) == 2
}
