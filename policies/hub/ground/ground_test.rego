package hub.ground_test

import data.hub.ground
import data.hub.made

_as(kind, changes) := object.union(
	object.union(made.request(kind, "D02", "naam"), {
		"requested": ["brp_adres", "casus_fase", "diagnose_dsm", "financier", "naam", "politie_incident_laatste", "strafrechtelijke_titel", "wvggz_titel"],
		"records": [
			made.record("naam", "gem-1", "college"),
			made.record("diagnose_dsm", "ggz-2", "ggz"),
		],
	}),
	changes,
)

_live := {"any": "lb-0", "kinds": {"wgs": "lb-1"}, "bases": []}

_view(unit, source_kind, changes) := object.union(
	{"i": 0, "row": made.record(unit, "bron-1", source_kind), "unit": unit, "word": "", "live": _live, "articles": [], "consent": ""},
	changes,
)

# [kind, rank, basis] of each alternative that holds.
_held(view, facts) := {[one.way.kind, one.way.rank, one.basis] | some one in found} if {
	found := ground.held(view) with input as facts
}

_need := {"G01": 3, "G02": 3, "G05": 2, "G10": 3, "G11": 3, "G13": 3, "G20": 3}

test_wgs_is_open_to_who_takes_part if {
	ground.wgs_open == true with input as _as("ggz", {})
	ground.wgs_open == false with input as _as("ggz", {"casus": {"involved": []}})
	ground.wgs_open == false with input as _as("ggz", {"casus": {"phase": "afgesloten"}})
	ground.wgs_open == true with input as _as("ggz", {"purpose": "D01", "casus": {"phase": "triage", "involved": []}})
}

test_hand_over_to_a_derde if {
	ground.hand_over == true with input as _as("woningcorporatie", made.derde([]))
	ground.hand_over == false with input as _as("woningcorporatie", object.union(made.derde([]), {"action": "lezen"}))
	ground.hand_over == false with input as _as("woningcorporatie", object.union(made.derde([]), {"partner": {"secrecy_statement_until": null}}))
	ground.hand_over == false with input as _as("ggz", object.union(made.derde([]), {"partner": {"standing": "deelnemer"}}))
}

_treating := {"partner": {"relations": ["behandelt"]}, "records": [object.union(made.record("diagnose_dsm", "ggz-2", "ggz"), {"treating_with": ["me"]})]}

test_one_treatment if {
	ground.treated == {0} with input as _as("ggz", _treating)
	ground.treated == set() with input as _as("ggz", object.union(_treating, {"partner": {"relations": []}}))
	ground.treated == set() with input as _as("politie", _treating)
	ground.treated == set() with input as _as("ggz", object.union(_treating, {"records": [made.record("diagnose_dsm", "ggz-2", "ggz")]}))
	other := [object.union(made.record("naam", "gem-1", "college"), {"treating_with": ["me"]})]
	ground.treated == set() with input as _as("ggz", object.union(_treating, {"records": other}))
}

_runs := {"casus": {"wvggz_status": "titel_actief"}, "partner": {"relations": ["zorgverantwoordelijke"]}}

_opening(kind, row, word, bases, changes) := [found.id | some found in opening] if {
	facts := _as(kind, object.union(object.union(_runs, {"legal_bases": bases}), changes))
	opening := ground.articles(row, word, {"bases": bases}) with input as facts
}

_of_ggz := made.record("diagnose_dsm", "ggz-2", "ggz")

test_articles_that_open if {
	_opening("politie", _of_ggz, "WV", [made.basis("wv30", {})], {}) == ["lb-1"]
	_opening("politie", _of_ggz, "WV", [made.basis("wgs", {})], {}) == []
	_opening("politie", _of_ggz, "WV", [made.basis("wv30", {}), made.basis("wgs", {"id": "lb-2"})], {}) == ["lb-1"]
	_opening("politie", _of_ggz, "WZ", [made.basis("wv30", {})], {}) == []
	_opening("politie", made.record("naam", "gem-1", "college"), "", [made.basis("wv30", {})], {}) == []
	_opening("politie", _of_ggz, "WV", [made.basis("wv30", {})], {"casus": {"wvggz_status": "geen"}}) == []
}

test_an_article_that_asks_a_reason if {
	every reason in [false, null] {
		_opening("politie", _of_ggz, "WV", [made.basis("wv30", {"reason": reason})], {}) == []
	}
	_opening("om", _of_ggz, "WV", [made.basis("wv13", {"reason": false})], {}) == ["lb-1"]
}

test_wgs_holds if {
	_held(_view("G01", "college", {}), _as("ggz", {})) == {["wgs", 3, "lb-1"]}
	_held(_view("G01", "college", {}), _as("ggz", {"casus": {"involved": []}})) == set()
	_held(_view("G01", "college", {"live": {"kinds": {"wgs": null}}}), _as("ggz", {})) == {["wgs", 3, null]}
	ground.wgs_holds(_view("G01", "college", {})) == true with input as _as("ggz", {})
	ground.wgs_holds(_view("G01", "college", {})) == false with input as _as("ggz", {"casus": {"involved": []}})
}

test_a_supply_record_can_bar_wgs if {
	police := object.union(made.record("politie_incident_laatste", "pol-1", "politie"), {"wpg": made.police("16(1)")})
	facts := _as("ggz", {"records": [police]})
	_held(_view("G10", "politie", {"row": police}), facts) == set()
	supplied := object.union(police, {"wpg": made.police("20(3)")})
	_held(_view("G10", "politie", {"row": supplied}), _as("ggz", {"records": [supplied]})) == {["wgs", 2, "lb-1"]}
}

_given := {"consents": [made.consent("toestemming", {})]}

test_consent if {
	facts := _as("ggz", object.union(_given, {"casus": {"involved": []}}))
	_held(_view("G01", "ggz", {"consent": "co-1"}), facts) == {["toest", 3, "lb-0"]}
	_held(_view("G01", "ggz", {}), facts) == set()
	_held(_view("G01", "ggz", {"consent": "co-1"}), _as("ggz", _given)) == {["wgs", 3, "lb-1"], ["toest", 3, "lb-0"]}
}

test_same_treatment if {
	facts := _as("ggz", object.union(_treating, {"casus": {"involved": []}, "requested": ["naam", "diagnose_dsm"]}))
	_held(_view("G01", "ggz", {}), facts) == {["457.2", 3, "lb-0"]}
	_held(_view("G01", "ggz", {"i": 1}), facts) == set()
}

_police := _as("politie", {"requested": ["bejegeningsadvies", "contactpersoon_1", "suiciderisico"], "purpose": "D04"})

_no_kinds := {"live": {"kinds": {"wgs": "lb-1"}}}

test_two_words_both_hold if {
	both := object.union(_police, _given)
	_held(_view("bejegeningsadvies", "ggz", {"consent": "co-1"}), both) == {["other", 2, "lb-1"]}
	_held(_view("bejegeningsadvies", "ggz", {}), both) == set()
	away := object.union(both, {"casus": {"involved": []}})
	_held(_view("bejegeningsadvies", "ggz", {"consent": "co-1"}), away) == set()
}

test_emergency if {
	facts := object.union(_police, {"emergency": made.emergency("conflict_van_plichten", {})})
	row := made.record("bejegeningsadvies", "ggz-2", "ggz")
	_held(_view("bejegeningsadvies", "ggz", {"row": row}), facts) == {["emergency", 2, "lb-0"]}
	_held(_view("bejegeningsadvies", "ggz", {}), facts) == set()
	vital := _as("ggz", {"requested": ["suiciderisico"], "purpose": "D04", "casus": {"involved": []}, "emergency": made.emergency("vitaal_belang", {})})
	_held(_view("suiciderisico", "ggz", {"row": row}), vital) == {["emergency", 2, "lb-0"]}
	_held(_view("G07", "ggz", {"row": row}), vital) == set()
	named := object.union(vital, {"emergency": made.emergency("conflict_van_plichten", {})})
	_held(_view("suiciderisico", "ggz", {"row": row}), named) == set()
}

test_articles if {
	facts := _as("politie", object.union(_runs, {"legal_bases": [made.basis("wv30", {})], "casus": {"involved": []}}))
	one := {"articles": [{"id": "lb-7", "kind": "wv30"}]}
	_held(_view("G01", "college", one), facts) == {["article", 3, "lb-7"]}
	_held(_view("G01", "college", {}), facts) == set()
	two := {"articles": [{"id": "lb-7", "kind": "wv30"}, {"id": "lb-6", "kind": "wv23"}]}
	_held(_view("G01", "college", two), facts) == {["article", 3, "lb-6"]}
}

test_articles_by_name if {
	facts := _as("ggz", object.union(_runs, {"legal_bases": [made.basis("wv11", {}), made.basis("wv30", {"id": "lb-2"})], "casus": {"involved": []}}))
	_held(_view("G05", "ggz", {"articles": [{"id": "lb-1", "kind": "wv11"}]}), facts) == {["article", 2, "lb-1"]}
	_held(_view("G05", "ggz", {"articles": [{"id": "lb-2", "kind": "wv30"}]}), facts) == set()
}

_landlord := object.union(made.derde(["verhuurt", "verzekert"]), {"purpose": "D07", "requested": ["brp_adres", "naam", "wmo_voorziening"]})

_kinds(ids) := {"live": {"kinds": ids}}

test_words_with_a_basis_of_their_own if {
	facts := _as("woningcorporatie", object.union(_landlord, {"legal_bases": [made.basis("derde", {}), made.basis("huur", {"id": "lb-2"})]}))
	ids := _kinds({"derde": "lb-1", "huur": "lb-2"})
	_held(_view("naam", "college", ids), facts) == {["other", 2, "lb-1"], ["other", 2, "lb-2"]}
	_held(_view("naam", "college", _kinds({"huur": "lb-2"})), facts) == {["other", 2, "lb-2"]}
	_held(_view("naam", "college", ids), object.union(facts, {"action": "lezen"})) == {["other", 2, "lb-2"]}
}

test_wmo if {
	facts := _as("wmo_aanbieder", {"partner": {"relations": ["wmo_opdracht"]}, "casus": {"involved": []}, "legal_bases": [made.basis("wmo", {})]})
	_held(_view("G02", "college", _kinds({"wmo": "lb-5"})), facts) == {["wmo", 3, "lb-5"]}
	_held(_view("G02", "college", {}), facts) == set()
}

test_zv01 if {
	facts := _as("zorgverzekeraar", object.union(made.derde(["verzekert"]), {"purpose": "D05", "requested": ["financier"], "legal_bases": [made.basis("zv01", {})]}))
	words := {word | word := ground.by("zv01", {}, _view("financier", "college", _kinds({"zv01": "lb-5"}))) with input as facts}
	words == {"lb-5"}
	none := {word | word := ground.by("zv01", {}, _view("financier", "college", _kinds({"zv01": "lb-5"}))) with input as object.union(facts, {"partner": {"relations": []}})}
	none == set()
}

_by(word, view, facts) := {id | id := ground.by(word, {}, view) with input as facts}

_record(kind, wpg, wjsg) := object.union(made.record("naam", "bron-1", kind), {"wpg": wpg, "wjsg": wjsg})

_supplied(row, ids) := [_view("G10", row.source_kind, object.union(_kinds(ids), {"row": row})), _as("om", {"records": [row]})]

test_supply_articles_compare_up_to_the_bracket if {
	police := _record("politie", made.police("16(1)(a)"), null)
	pair := _supplied(police, {"wpg16": "lb-5", "wpg18": "lb-6", "wjsg16": "lb-7"})
	_by("wpg16", pair[0], pair[1]) == {"lb-5"}
	_by("wpg18", pair[0], pair[1]) == set()
	_by("wjsg16", pair[0], pair[1]) == set()
	justice := _record("om", null, made.justice("39f(1)(f)"))
	other := _supplied(justice, {"wjsg39f": "lb-5", "wjsg39e": "lb-6", "wpg39f": "lb-7", "wjsg": "lb-8"})
	_by("wjsg39f", other[0], other[1]) == {"lb-5"}
	_by("wjsg39e", other[0], other[1]) == set()
	_by("wpg39f", other[0], other[1]) == set()
	_by("wjsg", other[0], other[1]) == {"lb-5"}
}

test_gates_of_the_request if {
	ground.gates == {"wgs", "huur", "wmo"} with input as _as("ggz", {})
	ground.gates == {"huur", "wmo"} with input as _as("ggz", {"casus": {"involved": []}})
	ground.gates == {"wgs", "huur", "wmo", "derde", "zv01"} with input as _as("woningcorporatie", object.union(_landlord, {"casus": {"involved": ["me"]}}))
}

_wgs(facts) := found if {
	found := ground.by_wgs with input as facts
}

test_units_where_wgs_is_the_best if {
	facts := _as("ggz", {"legal_bases": [made.basis("wgs", {})]})
	_wgs(facts).G01 == {"rank": 3, "basis": "lb-1"}
	_wgs(facts).G10 == {"rank": 2, "basis": "lb-1"}
	not _wgs(facts).G05
	_wgs(object.union(facts, {"casus": {"involved": []}})) == {}
	_wgs(object.union(facts, {"legal_bases": []})) == {}
	urgent := object.union(facts, {"purpose": "D05", "requested": ["suiciderisico"], "emergency": made.emergency("vitaal_belang", {"purposes": ["D05"]})})
	_wgs(object.union(urgent, {"emergency": {"purposes": ["D04"]}})).suiciderisico == {"rank": 2, "basis": "lb-1"}
	not _wgs(urgent).suiciderisico
}

test_an_alternative_that_cannot_hold_is_not_looked_at if {
	found := ground.hopeful_alternatives with input as _as("ggz", {})
	[one.kind | some one in found.G01] == ["wgs"]
	[one.kind | some one in found.G11] == ["wgs"]
	[one.rank | some one in found.G01] == [3]
	found.G05 == []
	all := ground.hopeful_alternatives with input as _as("ggz", object.union(_treating, _given))
	[one.kind | some one in all.G01] == ["wgs", "457.2", "toest"]
	named := ground.hopeful_alternatives with input as _as("betrokkene", {"partner": {"standing": "betrokkene"}, "purpose": "D11"})
	[one.kind | some one in named.G01] == ["any"]
}

test_any_basis_opens_a_level_without_a_ground if {
	facts := _as("betrokkene", {"partner": {"standing": "betrokkene"}, "purpose": "D11"})
	_held(_view("G01", "college", {}), facts) == {["any", 3, "lb-0"]}
	_held(_view("G01", "college", {"live": {"any": ""}}), facts) == set()
}

test_wgs_is_not_the_best_beside_a_basis_of_another_word if {
	facts := _as("wmo_aanbieder", {"partner": {"relations": ["wmo_opdracht"]}, "legal_bases": [made.basis("wgs", {}), made.basis("wmo", {"id": "lb-2"})]})
	not _wgs(facts).G02
}

test_the_rank_is_that_of_wgs if {
	facts := _as("casusregisseur", object.union(_given, {"partner": {"employer_kind": "college"}, "requested": ["naasten_relevant_zorg"], "legal_bases": [made.basis("wgs", {})]}))
	found := ground.by_wgs with input as facts with data.hub.need.cap as {"G15": 3}
	found.G15.rank == 2
}

test_what_the_purpose_does_not_need_has_no_rank if {
	not _wgs(_as("ggz", {"legal_bases": [made.basis("wgs", {})]})).G19
}

test_words_one_by_one if {
	_by("457.2", _view("G05", "ggz", {}), _as("ggz", _treating)) == {""}
	_by("457.2", _view("G05", "ggz", {"i": 1}), _as("ggz", _treating)) == set()
	row := made.record("suiciderisico", "ggz-2", "ggz")
	view := _view("suiciderisico", "ggz", {"row": row})
	cvp := _as("ggz", {"purpose": "D04", "emergency": made.emergency("conflict_van_plichten", {})})
	vital := _as("ggz", {"purpose": "D04", "emergency": made.emergency("vitaal_belang", {})})
	_by("cvp", view, cvp) == {""}
	_by("vitaal", view, cvp) == set()
	_by("vitaal", view, vital) == {""}
	_by("cvp", view, vital) == set()
	other := _view("naam", "ggz", {"row": row})
	_by("cvp", other, cvp) == set()
	_by("vitaal", other, vital) == set()
}
