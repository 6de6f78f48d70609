package hub.phase_test

import data.hub.made
import data.hub.phase

_in(name, purpose, changes) := object.union(object.union(made.request("ggz", purpose, "naam"), {"casus": {"phase": name}}), changes)

_refused(facts) := codes if {
	codes := phase.refused with input as facts
}

_open := ["toegelaten", "traject", "opgeschaald", "afgeschaald"]

_shut := ["afgesloten", "afgeschermd"]

_none := ["vernietigd", null]

test_open_phases_admit if {
	every name in _open {
		_refused(_in(name, "D02", {})) == set()
		phase.open == true with input as _in(name, "D02", {})
		phase.closed == false with input as _in(name, "D02", {})
		phase.intake == false with input as _in(name, "D01", {})
		phase.triage == false with input as _in(name, "D01", {})
	}
}

test_closed_phases_leave_statistics_and_rights if {
	every name in _shut {
		_refused(_in(name, "D02", {})) == {"E_TERMIJN"}
		phase.closed == true with input as _in(name, "D02", {})
		phase.open == false with input as _in(name, "D02", {})
		every purpose in ["D10", "D11", "D12"] {
			_refused(_in(name, purpose, {})) == set()
			phase.open == true with input as _in(name, purpose, {})
		}
	}
}

test_no_phase_and_destroyed_admit_nothing if {
	every name in _none {
		every purpose in ["D01", "D02", "D10", "D11", "D12"] {
			_refused(_in(name, purpose, {})) == {"E_FASE"}
			phase.open == false with input as _in(name, purpose, {})
		}
	}
}

test_before_admission_the_triage_group_alone_for_triage if {
	every name in ["aangemeld", "triage"] {
		_refused(_in(name, "D01", {})) == set()
		phase.triage == true with input as _in(name, "D01", {})
		phase.open == false with input as _in(name, "D01", {})
		_refused(_in(name, "D02", {})) == {"E_FASE"}
		phase.triage == false with input as _in(name, "D02", {})
		_refused(_in(name, "D01", {"casus": {"triage_group": []}})) == {"E_FASE"}
		phase.triage == false with input as _in(name, "D01", {"casus": {"triage_group": []}})
		_refused(_in(name, "D11", {})) == set()
	}
}

test_intake_is_aangemeld if {
	phase.intake == true with input as _in("aangemeld", "D01", {})
	phase.intake == false with input as _in("aangemeld", "D02", {})
	phase.intake == false with input as _in("triage", "D01", {})
}

test_refused_cases_leave_rights if {
	_refused(_in("afgewezen", "D12", {})) == set()
	_refused(_in("afgewezen", "D10", {})) == {"E_FASE"}
	_refused(_in("afgewezen", "D02", {})) == {"E_FASE"}
	phase.closed == false with input as _in("afgewezen", "D02", {})
}

test_a_closing_counts_from_its_instant if {
	later := "2027-01-10T11:00:00.000001Z"
	_refused(_in("traject", "D02", {"casus": {"closed_at": later}})) == set()
	_refused(_in("traject", "D02", {"casus": {"closed_at": made.at}})) == {"E_TERMIJN"}
	phase.closed == true with input as _in("traject", "D02", {"casus": {"closed_at": made.at}})
	phase.open == false with input as _in("traject", "D02", {"casus": {"closed_at": made.at}})
	phase.open == true with input as _in("traject", "D10", {"casus": {"closed_at": made.at}})
	_refused(_in("triage", "D01", {"casus": {"closed_at": made.at}})) == {"E_TERMIJN"}
	phase.closed == false with input as _in("triage", "D01", {"casus": {"closed_at": made.at}})
}

test_a_term_leaves_rights if {
	every term in [made.at, null] {
		_refused(_in("traject", "D02", {"casus": {"term_ends_at": term}})) == {"E_TERMIJN"}
		_refused(_in("traject", "D10", {"casus": {"term_ends_at": term}})) == {"E_TERMIJN"}
		_refused(_in("traject", "D11", {"casus": {"term_ends_at": term}})) == set()
	}
}

# Taking the regime away opens nothing: a casus without one may stand under the Wgs (law 3).
test_a_term_not_known_where_the_regime_is_not if {
	_refused(_in("traject", "D10", {"casus": {"regime": null, "term_ends_at": null}})) == {"E_TERMIJN"}
	_refused(_in("traject", "D02", {"casus": {"regime": null, "term_ends_at": null}})) == set()
	_refused(_in("traject", "D10", {"casus": {"regime": null, "term_ends_at": made.after}})) == set()
	_refused(_in("traject", "D10", {"casus": {"regime": "wvggz", "term_ends_at": null}})) == set()
	_refused(_in("traject", "D11", {"casus": {"regime": null, "term_ends_at": null}})) == set()
}

test_a_term_is_set_by_the_wgs_alone if {
	_refused(_in("traject", "D02", {"casus": {"regime": "wvggz", "term_ends_at": null}})) == set()
	_refused(_in("traject", "D02", {"casus": {"regime": "wvggz", "term_ends_at": made.at}})) == {"E_TERMIJN"}
}
