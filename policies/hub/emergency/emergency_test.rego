package hub.emergency_test

import data.hub.emergency
import data.hub.made

_for(kind, asker, changes) := object.union(made.request(asker, "D04", "bejegeningsadvies"), {"emergency": made.emergency(kind, changes)})

_cvp(changes) := _for("conflict_van_plichten", "politie", changes)

_vital(changes) := _for("vitaal_belang", "ggz", changes)

_codes(facts) := codes if {
	codes := emergency.codes with input as facts
}

_word(facts) := word if {
	word := emergency.word with input as facts
}

test_fulfilled if {
	_word(_cvp({})) == "cvp"
	_codes(_cvp({})) == set()
	_word(_vital({})) == "vitaal"
	_codes(_vital({})) == set()
}

test_not_offered_to_another_or_for_another_purpose if {
	every changes in [{"receivers": ["ggz-3"]}, {"purposes": ["D02"]}, {"receivers": ["*"]}, {"purposes": ["*"]}] {
		_word(_cvp(changes)) == ""
		_codes(_cvp(changes)) == set()
		emergency.fulfilled == false with input as _cvp(changes)
		_codes(_vital(object.union(changes, {"unable_to_consent": false}))) == set()
	}
	_codes(made.request("ggz", "D04", "naam")) == set()
}

# What fails whoever asks.
_failing := [
	{"reason": false},
	{"reason": null},
	{"started_at": "2027-01-10T11:00:00.000001Z"},
	{"started_at": null},
	{"ends_at": made.at},
	{"ends_at": null},
]

test_what_lacks if {
	every changes in _failing {
		_word(_cvp(changes)) == ""
		_codes(_cvp(changes)) == {"E_NOOD"}
		_word(_vital(changes)) == ""
		_codes(_vital(changes)) == {"E_NOOD"}
	}
}

test_vital_interest_is_between_care_providers if {
	_codes(_vital({"source_kind": "politie"})) == {"E_NOOD"}
	_word(_vital({"source_kind": "politie"})) == ""
	_codes(_for("vitaal_belang", "politie", {})) == {"E_NOOD"}
	_word(_for("vitaal_belang", "politie", {})) == ""
	_word(_cvp({"source_kind": "politie"})) == "cvp"
}

test_vital_interest_needs_inability if {
	every unable in [false, null] {
		_word(_vital({"unable_to_consent": unable})) == ""
		_codes(_vital({"unable_to_consent": unable})) == {"E_VITAAL"}
	}
	_word(_cvp({"unable_to_consent": false})) == "cvp"
	_codes(_vital({"unable_to_consent": false, "reason": false})) == {"E_VITAAL", "E_NOOD"}
}

test_a_group_among_its_fields_names_none if {
	every facts in [_cvp({"fields": ["G07", "*"]}), _vital({"fields": ["G07", "*"]})] {
		emergency.meant("ggz-2", "G07") == false with input as facts
		emergency.counts("ggz-2", "G07") == false with input as facts
	}
}

test_it_counts_for_what_it_names if {
	emergency.counts("ggz-2", "suiciderisico") == true with input as _cvp({})
	emergency.counts("ggz-2", "naam") == false with input as _cvp({})
	emergency.counts("ggz-3", "suiciderisico") == false with input as _cvp({})
	emergency.counts("ggz-3", "suiciderisico") == true with input as _vital({})
	emergency.counts("ggz-3", "naam") == false with input as _vital({})
	emergency.counts("ggz-2", "suiciderisico") == false with input as _cvp({"reason": false})
	emergency.meant("ggz-2", "suiciderisico") == true with input as _cvp({"reason": false})
	emergency.meant("ggz-2", "suiciderisico") == false with input as _cvp({"receivers": []})
}
