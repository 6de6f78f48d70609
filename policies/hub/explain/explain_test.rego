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

_person := made.facts("betrokkene", "D11", made.record("naam", "gem-1", "college"), {
	"partner": {"standing": "betrokkene"},
	"legal_bases": [made.basis("avg15", {})],
})

_watch := made.facts("toezicht", "D12", made.record("weigering", "gem-1", "college"), {
	"partner": {"standing": "toezicht"},
	"legal_bases": [made.basis("toezicht", {})],
})

_spared_whole(facts) := {gate.gate | some gate in found.whole; gate.state == "spared"} if {
	found := explain.explained with input as facts
}

test_what_is_not_asked_of_the_betrokkene_supervision_and_aggregates if {
	_spared_whole(_plan) == set()
	_spared_whole(_person) == {"gebruiker", "leeftijd", "regime", "betrokken"}
	_spared_whole(_watch) == {"leeftijd", "regime", "betrokken"}
	_spared_whole(made.request("college", "D10", "brp_adres")) == {"leeftijd", "regime", "betrokken"}
}

test_facts_of_the_gates_of_the_request if {
	found := explain.explained with input as object.union(_plan, {"user": {"trained": false, "screened": null}})
	{gate.gate: gate.facts | some gate in found.whole} == {
		"invoer": {},
		"gebruiker": {"lacking": ["screened", "trained"]},
		"doel": {"kind": "ggz", "purpose": "D02", "cell": "y"},
		"leeftijd": {"age": 34},
		"regime": {"regime": "wgs_zvh"},
		"fase": {"phase": "traject"},
		"termijn": {"term_ends_at": made.after, "closed_at": null},
		"betrokken": {"standing": "deelnemer", "action": "lezen", "statement": null},
	}
}

# Gates of one field.
_facts(facts, field) := {gate.gate: gate.facts | some gate in part.gates} if {
	found := explain.explained with input as facts
	some part in found.parts
	field in part.fields
}

test_facts_of_the_gates_of_a_record if {
	_facts(_care, "zorgvorm_intensiteit") == {
		"nooit": {}, "deel": {}, "instemming": {}, "uitwisseling": {}, "gegeven": {}, "bestand": {},
		"nodig": {"group": "G04", "level": "sam"},
		"plafond": {"column": "college", "group": "G04", "cell": "sam@toest (5.2.5)/wgs"},
		"grondslag": {"id": "lb-1", "kinds": ["wgs"]},
		"grond": {"holds": ["wgs"]},
		"geheim": {"word": "BG", "by": null},
		"verstrekking": {"source_kind": "ggz"},
		"niveau": {"written": ["sam", "vol"]},
		"plicht": {"duties": []},
	}
}

test_what_lifts_secrecy_is_that_of_the_release_where_it_leaves if {
	consented := {"consents": [made.consent("toestemming", {})]}
	_facts(object.union(_care, consented), "zorgvorm_intensiteit").geheim.by == "co-1"
	work := made.facts("casusregisseur", "D03", made.record("dagbesteding_werk", "gem-1", "college"), {"partner": {"employer_kind": "college"}})
	_facts(work, "dagbesteding_werk").geheim.by == "gh_wettelijk_recht"
	_facts(object.union(work, {"user": {"trained": false}}), "dagbesteding_werk").geheim.by == "gh_wettelijk_recht"
	own_word := made.facts("politie", "D04", made.record("bejegeningsadvies", "ggz-2", "ggz"), {
		"legal_bases": [made.basis("wgs", {}), made.basis("wv30", {"id": "lb-2"})],
		"casus": {"wvggz_status": "crisismaatregel"},
		"consents": [made.consent("toestemming", {})],
	})
	_facts(own_word, "bejegeningsadvies").geheim.by == "co-1"
	_facts(own_word, "bejegeningsadvies").grond.holds == ["wgs+toest", "wvggz"]
	_facts(own_word, "bejegeningsadvies").plicht.duties == [
		"expires_at", "log_dataverwerking", "log_nen7513",
		"no_export", "watermark",
	]
}

test_own_data_hold_by_themselves if {
	own := made.facts("verslavingszorg", "D02", made.record("zorgvorm_intensiteit", "me", "ggz"), {})
	_facts(own, "zorgvorm_intensiteit").grond.holds == ["eigen"]
}

# Kind of partner, standing and field -> its cell.
_cells := {
	["ggz", "deelnemer", "evaluatie_datum"]: "vol@wgs/toest",
	["ggz", "deelnemer", "toestemming"]: "hit@",
	["politie", "deelnemer", "bejegeningsadvies"]: "sam@wgs+toest / sam@wvggz / sam@cvp",
	["politie", "deelnemer", "diagnose_dsm"]: "**-**",
	["woningcorporatie", "derde", "bsn"]: "-",
	["ander_samenwerkingsverband", "derde", "naam"]: "-",
}

test_the_cell_as_the_law_has_it if {
	every asked, text in _cells {
		[kind, standing, field] := asked
		facts := object.union(made.request(kind, "D02", field), {"partner": {"standing": standing}})
		_facts(facts, field).plafond.cell == text
	}
}

# Of a field that is not there: its gates that are shut, with their codes.
_absent(facts, field) := {gate.gate: [code | some [code, _] in gate.reasons] | some gate in part.gates; gate.state == "shut"} if {
	found := explain.explained with input as facts
	some part in found.parts
	part.source == null
	field in part.fields
}

_gates_of_absent(facts) := [gate.gate | some gate in found.parts[0].gates] if {
	found := explain.explained with input as facts
}

_bare := made.request("ggz", "D02", "evaluatie_datum")

test_gates_of_what_is_not_there if {
	always := ["nooit", "deel", "nodig", "plafond", "grondslag", "gegeven"]
	_gates_of_absent(_bare) == always
	_absent(_bare, "evaluatie_datum") == {"gegeven": ["E_GEEN_GEGEVEN"]}
	lacking := object.union(made.request("wmo_aanbieder", "D02", "casus_fase"), {
		"partner": {"relations": ["wmo_opdracht"]},
		"legal_bases": [made.basis("wmo", {})],
	})
	_absent(lacking, "casus_fase") == {"grond": ["E_GRONDSLAG"], "gegeven": ["E_GEEN_GEGEVEN"]}
	_gates_of_absent(lacking) == ["nooit", "deel", "nodig", "plafond", "grondslag", "grond", "gegeven"]
	_facts(lacking, "casus_fase").grond == {}
	file := object.union(made.request("politie", "D02", "evaluatie_datum"), {"action": "export"})
	_gates_of_absent(file) == array.concat(always, ["bestand"])
	few := object.union(made.request("college", "D10", "brp_adres"), {"legal_bases": [made.basis("wg27", {})]})
	_absent(few, "brp_adres") == {"niveau": ["E_AANTAL"], "gegeven": ["E_GEEN_GEGEVEN"]}
}

test_the_bases_of_what_is_not_there if {
	_facts(_bare, "evaluatie_datum").grondslag == {"id": "lb-1", "kinds": ["wgs"]}
	_facts(object.union(_bare, {"legal_bases": []}), "evaluatie_datum").grondslag == {"id": "", "kinds": []}
}

test_each_field_has_its_own_reasons if {
	facts := object.union(_plan, {"requested": ["diagnose_dsm", "evaluatie_datum", "financier", "naam", "sterrenbeeld"]})
	_absent(facts, "financier") == {"nodig": ["E_NIET_NODIG"], "gegeven": ["E_GEEN_GEGEVEN"]}
	_absent(facts, "naam") == {"gegeven": ["E_GEEN_GEGEVEN"]}
	found := explain.explained with input as facts
	found.unknown == ["sterrenbeeld"]
	{[part.fields, part.source] | some part in found.parts} == {
		[["evaluatie_datum"], "reg-1"], [["diagnose_dsm"], null],
		[["financier"], null], [["naam"], null],
	}
	_shut(object.union(_plan, {"requested": ["evaluatie_datum", "financier"]})) == set()
}

test_what_cannot_be_judged_has_no_parts if {
	every facts in [_bare, _plan] {
		found := explain.explained with input as object.union(facts, {"partner": {"standing": "toezicht"}})
		[gate.gate | some gate in found.whole] == ["invoer"]
		found.parts == []
	}
}

test_nothing_leaves_where_the_request_is_shut if {
	found := explain.explained with input as object.union(_plan, {"user": {"trained": false}})
	found.parts[0].release == null
}

# A row of two fields, one of which is there twice.
test_of_a_double_record_the_rest_stands_apart if {
	row := made.record("evaluatie_datum", "reg-1", "casusregisseur")
	found := explain.explained with input as object.union(_plan, {
		"requested": ["evaluatie_datum", "schaal_niveau"],
		"rows": [object.union(row, {"fields": ["evaluatie_datum", "schaal_niveau"]})],
		"records": [row],
	})
	[[part.fields, part.release == null] | some part in found.parts] == [[["evaluatie_datum"], true], [["schaal_niveau"], false]]
}
