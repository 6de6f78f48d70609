package hub.lacking_test

import data.hub.basis
import data.hub.consent
import data.hub.fields
import data.hub.ground
import data.hub.lacking
import data.hub.made

_as(kind, changes) := object.union(
	object.union(made.request(kind, "D04", "naam"), {
		"requested": ["bejegeningsadvies", "casus_fase", "naam", "politie_incident_laatste", "verhuurder"],
		"records": [made.record("bejegeningsadvies", "ggz-2", "ggz")],
	}),
	changes,
)

_from(row, facts) := object.union(facts, {"records": [row], "requested": array.concat(facts.requested, [row.field])})

_bases(kinds) := {"legal_bases": [made.basis(kind, {"id": concat("-", ["lb", format_int(n, 10)])}) | some n, kind in kinds]}

# What is told of the first record, as one of this unit.
_codes(unit, facts) := codes if {
	codes := _told(unit) with input as facts
}

_told(unit) := lacking.codes(view) if {
	row := fields.rows[0]
	live := basis.live(unit, row.source_kind)
	view := {
		"i": 0,
		"row": row,
		"unit": unit,
		"word": "",
		"live": live,
		"articles": ground.articles(row, "", live),
		"consent": consent.of("toestemming", row.source, unit),
	}
}

_shut(facts) := units if {
	units := lacking.shut with input as facts
}

_away := {"casus": {"involved": []}}

_no_wgs := {"legal_bases": []}

_both := {"E_TOESTEMMING", "E_GRONDSLAG"}

test_consent_lacks if {
	_codes("bejegeningsadvies", _as("politie", {})) == _both
	refused := {"consents": [made.consent("weigering", {})]}
	_codes("bejegeningsadvies", _as("politie", refused)) == {"E_WEIGERING", "E_GRONDSLAG"}
}

test_of_two_words_the_missing_half if {
	consented := _as("politie", {"consents": [made.consent("toestemming", {})]})
	_codes("bejegeningsadvies", object.union(consented, _no_wgs)) == {"E_GRONDSLAG"}
	_codes("escalatieladder", _from(made.record("escalatieladder", "gem-1", "college"), _landlord(["derde"]))) == {"E_TOESTEMMING"}
}

test_a_ground_lacks if _codes("G01", _as("ggz", _no_wgs)) == _both

# Phase and involvement have codes of their own, and are not told again.
test_a_ground_that_fails_by_involvement_is_silent if {
	_codes("G03", _as("ggz", _away)) == {"E_TOESTEMMING"}
	_codes("G03", _as("ggz", {"casus": {"phase": "afgesloten"}})) == {"E_TOESTEMMING"}
	_codes("G03", _as("ggz", object.union(_away, _no_wgs))) == _both
	_codes("verhuurder", _as("ggz", object.union(_away, {"partner": {"standing": "derde"}}))) == _both
}

_early(purpose, phase, group) := {"purpose": purpose, "casus": {"phase": phase, "triage_group": group, "involved": []}}

test_before_admission_the_phase_speaks_of_the_triage_group_too if {
	_codes("G03", _as("ggz", _early("D01", "triage", []))) == {"E_TOESTEMMING"}
	_codes("G03", _as("ggz", _early("D02", "triage", ["me"]))) == {"E_TOESTEMMING"}
	_codes("G03", _as("ggz", _early("D02", "afgewezen", ["me"]))) == _both
}

# Rights go on in every phase, the ground wgs does not.
test_a_phase_that_nobody_tells_is_told_as_a_ground if {
	early := _as("ggz", {"purpose": "D11", "casus": {"phase": "triage"}})
	_codes("G03", early) == _both
	"G20" in _shut(early)
}

_police(article) := object.union(made.record("politie_incident_laatste", "pol-1", "politie"), {"wpg": made.police(article)})

test_a_supply_record_that_bars_has_its_own_code if {
	facts := _from(_police("16(1)"), _as("ggz", {}))
	_codes("G10", facts) == {"E_WPG", "E_GRONDSLAG"}
	_codes("G10", object.union(facts, _away)) == {"E_GRONDSLAG"}
	_codes("G10", object.union(facts, _no_wgs)) == {"E_GRONDSLAG"}
}

test_no_regime_is_told_for_the_whole if {
	facts := _from(_police("20(3)"), _as("ggz", {"casus": {"regime": null}}))
	all := ["wgs", "wpg19", "wv30"]
	offered := object.union(facts, _bases(all))
	_codes("G10", offered) == set()
	_codes("G10", object.union(offered, {"purpose": "D10"})) == {"E_GRONDSLAG"}
	every kind in all {
		_codes("G10", object.union(facts, _bases([other | some other in all; other != kind]))) == {"E_GRONDSLAG"}
	}
}

test_no_regime_and_any_article_of_justice if {
	row := object.union(made.record("openstaande_zaak", "om-1", "om"), {"wjsg": made.justice("39f")})
	facts := _from(row, _as("reclassering", {"casus": {"regime": null}}))
	_codes("G11", object.union(facts, _bases(["wgs", "wjsg39f"]))) == set()
	_codes("G11", facts) == {"E_GRONDSLAG"}
}

_open := {"casus": {"wvggz_status": "titel_actief", "wzd_status": "titel_actief"}}

test_an_article_that_was_offered_and_fails if {
	facts := _as("politie", _bases(["wgs", "wv30"]))
	"E_829" in _codes("bejegeningsadvies", facts)
	not "E_829" in _codes("bejegeningsadvies", object.union(facts, _open))
	not "E_829" in _codes("bejegeningsadvies", object.union(facts, {"casus": {"regime": null}}))
	not "E_829" in _codes("bejegeningsadvies", _as("politie", {}))
	"E_18C" in _codes("bejegeningsadvies", object.union(_as("politie", _bases(["wgs", "wz01"])), _open))
	beside := _codes("bejegeningsadvies", object.union(_as("politie", _bases(["wz01", "wv30"])), _open))
	"E_18C" in beside
	not "E_829" in beside
}

test_an_emergency_that_was_offered_and_fails if {
	facts := _as("politie", {"emergency": made.emergency("conflict_van_plichten", {"reason": false})})
	"E_NOOD" in _codes("bejegeningsadvies", facts)
	not "E_NOOD" in _codes("G01", facts)
}

test_units_of_which_no_alternative_looks_at_a_record if {
	_shut(_as("ggz", {})) == set()
	_shut(_as("ggz", _no_wgs)) == {"G20"}
	_shut(_as("ggz", _away)) == set()
	_shut(_as("ggz", object.union(_away, _no_wgs))) == {"G20"}
	_codes("G20", _as("ggz", _no_wgs)) == set()
}

test_another_basis_is_no_ground if {
	facts := _as("wmo_aanbieder", object.union(_bases(["wmo"]), {"partner": {"relations": ["wmo_opdracht"]}}))
	"G20" in _shut(facts)
	"G20" in _shut(object.union(facts, _away))
}

_landlord(kinds) := object.union(
	_from(
		made.record("casusregisseur", "gem-1", "college"),
		_as("woningcorporatie", object.union(made.derde(["verhuurt"]), {"purpose": "D07", "requested": ["brp_adres"]})),
	),
	_bases(kinds),
)

test_a_derde_without_hand_over_hears_it_once if {
	looks := {"action": "lezen"}
	_codes("casusregisseur", object.union(_landlord(["derde"]), looks)) == {"E_TOESTEMMING"}
	_codes("casusregisseur", object.union(_landlord(["huur"]), looks)) == _both
	_codes("casusregisseur", object.union(_landlord([]), looks)) == _both
}

test_of_two_grounds_one_is_enough if {
	_shut(_landlord(["derde"])) == set()
	_shut(_landlord(["huur"])) == set()
	_shut(_landlord([])) == {"brp_adres"}
	_codes("brp_adres", _landlord([])) == set()
}
