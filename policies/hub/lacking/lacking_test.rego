package hub.lacking_test

import data.hub.lacking
import data.hub.made

_as(kind, changes) := object.union(
	object.union(made.request(kind, "D04", "naam"), {
		"requested": ["bejegeningsadvies", "casus_fase", "naam", "politie_incident_laatste", "verhuurder"],
		"records": [made.record("bejegeningsadvies", "ggz-2", "ggz")],
	}),
	changes,
)

_view(unit, changes) := object.union(
	{"i": 0, "row": made.record(unit, "ggz-2", "ggz"), "unit": unit, "word": "", "live": {"any": "lb-1", "kinds": {"wgs": "lb-1"}}, "articles": [], "consent": ""},
	changes,
)

_codes(view, facts) := codes if {
	codes := lacking.codes(view) with input as facts
}

_away := {"casus": {"involved": []}}

_no_wgs := {"legal_bases": []}

test_consent_lacks if {
	_codes(_view("bejegeningsadvies", {}), _as("politie", {})) == {"E_TOESTEMMING", "E_GRONDSLAG"}
	refused := {"consents": [made.consent("weigering", {})]}
	_codes(_view("bejegeningsadvies", {}), _as("politie", refused)) == {"E_WEIGERING", "E_GRONDSLAG"}
}

test_of_two_words_the_missing_half if {
	no_article := _as("wmo_aanbieder", {"requested": ["suiciderisico"]})
	_codes(_view("G07", {}), no_article) == {"E_TOESTEMMING"}
}

test_a_ground_lacks if {
	view := _view("G01", {"live": {"kinds": {"wgs": null}}})
	found := _codes(view, _as("ggz", _no_wgs))
	"E_GRONDSLAG" in found
	"E_TOESTEMMING" in found
}

# Phase and involvement have codes of their own, and are not told again.
test_a_ground_that_fails_by_involvement_is_silent if {
	_codes(_view("G03", {}), _as("ggz", _away)) == {"E_TOESTEMMING"}
	_codes(_view("G03", {}), _as("ggz", {"casus": {"phase": "afgesloten"}})) == {"E_TOESTEMMING"}
	_codes(_view("G03", {}), _as("ggz", object.union(_away, _no_wgs))) == {"E_TOESTEMMING", "E_GRONDSLAG"}
	_codes(_view("verhuurder", {}), _as("ggz", object.union(_away, {"partner": {"standing": "derde"}}))) == {"E_TOESTEMMING", "E_GRONDSLAG"}
	triage := {"purpose": "D01", "casus": {"phase": "triage", "triage_group": [], "involved": []}}
	_codes(_view("G03", {}), _as("ggz", triage)) == {"E_TOESTEMMING"}
}

_police := made.record("politie_incident_laatste", "pol-1", "politie")

test_a_supply_record_that_bars_has_its_own_code if {
	row := object.union(_police, {"wpg": made.police("16(1)")})
	_codes(_view("G10", {"row": row}), _as("ggz", {"records": [row]})) == {"E_WPG", "E_GRONDSLAG"}
	none := _view("G10", {"row": row, "live": {"kinds": {"wgs": null}}})
	"E_GRONDSLAG" in _codes(none, _as("ggz", {"records": [row]}))
}

test_no_regime_is_told_for_the_whole if {
	facts := _as("ggz", {"casus": {"regime": null}})
	view := _view("G10", {"row": _police, "live": {"kinds": {"wgs": null}}})
	_codes(view, facts) == {"E_GRONDSLAG"}
	other := object.union(facts, {"legal_bases": [made.basis("wgs", {}), made.basis("wpg19", {"id": "lb-2"}), made.basis("wv30", {"id": "lb-3"})]})
	_codes(view, other) == set()
	_codes(view, object.union(other, {"purpose": "D10"})) == {"E_GRONDSLAG"}
}

_mentions := {"wv30": "E_829", "wz01": "E_18C"}

test_an_article_that_was_offered_and_fails if {
	every kind, code in _mentions {
		facts := _as("politie", {"legal_bases": [made.basis("wgs", {}), made.basis(kind, {"id": "lb-2"})]})
		code in _codes(_view("bejegeningsadvies", {}), facts)
		not code in _codes(_view("bejegeningsadvies", {"articles": [{"id": "lb-2", "kind": kind}]}), facts)
		code in _codes(_view("bejegeningsadvies", {"articles": [{"id": "lb-2", "kind": "wv23"}]}), facts)
		not code in _codes(_view("bejegeningsadvies", {}), object.union(facts, {"casus": {"regime": null}}))
		not code in _codes(_view("bejegeningsadvies", {}), _as("politie", {}))
	}
}

test_an_emergency_that_was_offered_and_fails if {
	facts := _as("politie", {"emergency": made.emergency("conflict_van_plichten", {"reason": false})})
	"E_NOOD" in _codes(_view("bejegeningsadvies", {}), facts)
	not "E_NOOD" in _codes(_view("naam", {}), facts)
}

_shut(facts) := units if {
	units := lacking.shut with input as facts
}

test_units_of_which_no_alternative_looks_at_a_record if {
	_shut(_as("ggz", {})) == set()
	"G20" in _shut(_as("ggz", _no_wgs))
	not "G01" in _shut(_as("ggz", _no_wgs))
	not "G20" in _shut(_as("ggz", _away))
	"G20" in _shut(_as("ggz", object.union(_away, _no_wgs)))
}

_landlord := object.union(made.derde([]), {"purpose": "D07"})

test_a_derde_without_hand_over_hears_it_once if {
	facts := _as("woningcorporatie", object.union(_landlord, {"requested": ["verhuurder"]}))
	view := _view("verhuurder", {"row": made.record("verhuurder", "gem-1", "college"), "live": {"kinds": {"wgs": null}}})
	handed := object.union(facts, {"legal_bases": [made.basis("derde", {})]})
	_codes(view, object.union(handed, {"action": "lezen"})) == {"E_GRONDSLAG"}
	_codes(view, object.union(facts, {"action": "lezen"})) == {"E_GRONDSLAG"}
}
