package hub.involvement_test

import data.hub.involvement
import data.hub.made

_seat(changes) := object.union(made.request("ggz", "D02", "naam"), changes)

_handed(changes) := object.union(object.union(made.request("woningcorporatie", "D07", "naam"), made.derde(["verhuurt"])), changes)

_refused(facts) := codes if {
	codes := involvement.refused with input as facts
}

test_who_takes_part_is_not_refused if _refused(_seat({})) == set()

test_a_deelnemer_without_part if _refused(_seat({"casus": {"involved": []}})) == {"E_NIET_BETROKKEN"}

test_statistics_ask_for_no_part if _refused(_seat({"purpose": "D10", "casus": {"involved": []}})) == set()

test_only_a_deelnemer_needs_a_part if _refused(_handed({})) == set()

test_a_derde_is_handed_to_and_asks_nothing if {
	_refused(_handed({"action": "lezen"})) == {"E_DERDE_GEEN_TOEGANG"}
	_refused(_handed({"action": "lezen", "purpose": "D10"})) == set()
	_refused(_handed({"action": "lezen", "casus": {"regime": "wmo_lokaal"}})) == set()
}

test_a_derde_has_a_statement if {
	_refused(_handed({"partner": {"secrecy_statement_until": made.at}})) == {"E_GEEN_VERKLARING"}
	_refused(_handed({"partner": {"secrecy_statement_until": null}})) == {"E_GEEN_VERKLARING"}
	_refused(_handed({"partner": {"secrecy_statement_until": 3}})) == {"E_GEEN_VERKLARING"}
}

test_no_hand_over_elsewhere if {
	every changes in [{"casus": {"regime": "wvggz"}}, {"purpose": "D10"}, {"partner": {"standing": "deelnemer"}}, {"action": "lezen"}] {
		involvement.hand_over == false with input as _handed(changes)
	}
	involvement.hand_over == true with input as _handed({})
}
