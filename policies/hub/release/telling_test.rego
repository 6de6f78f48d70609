# What is told, of which field, and with which law.

package hub.release_test

import data.hub.made
import data.hub.release
import data.hub.verdict

_asking(fields, facts) := object.union(facts, {"requested": fields})

_working := made.facts("ggz", "D02", _plan, {})

test_nothing_is_told_of_what_leaves if {
	_refusals(_working) == []
	_gets(_working) == {"evaluatie_datum"}
}

test_the_decision_names_field_by_field if {
	rows := _decide(_asking(["evaluatie_datum", "schaal_niveau"], object.union(_working, {"records": [_plan, object.union(_plan, {"field": "schaal_niveau"})]}))).released
	rows == [{"field": field, "source": "reg-1", "level": "vol", "legal_basis": "lb-1", "secrecy_exception": null} |
		some field in ["evaluatie_datum", "schaal_niveau"]
	]
}

# Whatever else stands against it: an unknown field, one that is not held, a phase, a restricted record twice.
_much := _asking(
	["diagnose_dsm", "evaluatie_datum", "sterrenbeeld"],
	made.facts("ggz", "D02", _plan, {
		"casus": {"phase": "triage"},
		"records": [object.union(_plan, {"restricted": true}), _plan],
	}),
)

_unsound := [
	{"at": 3},
	{"action": "kijken"},
	{"partner": {"id": null}},
	{"user": "u-1"},
	{"casus": "c-1"},
	{"requested": "evaluatie_datum"},
	{"legal_bases": {}},
	{"secrecy_exceptions": {}},
	{"consents": {}},
	{"partner": {"standing": "toezicht"}},
]

test_what_cannot_be_judged_has_that_reason_alone[n] if {
	some n, changes in _unsound
	_told(object.union(_much, changes)) == {"E_INVOER": {"*"}}
}

_insured := object.union(made.derde(["verzekert"]), {"casus": {"regime": "zorgteam"}})

test_what_cannot_be_judged_has_no_reason_of_all_its_fields if {
	facts := object.union(made.request("zorgverzekeraar", "D05", "naam"), _insured)
	"E_REGIME" in object.keys(_told(facts))
	_told(object.union(facts, {"partner": {"standing": "deelnemer"}})) == {"E_INVOER": {"*"}}
}

test_a_reason_of_all_fields_stands_for_the_whole_alone if {
	facts := made.facts("zvh_procesregisseur", "D11", made.record("naam", "gem-1", "college"), {})
	_told(facts).E_DOEL == {"*"}
	_told(_asking(["casus_fase", "naam"], facts)).E_DOEL == {"naam"}
	_told(_asking(["sterrenbeeld"], facts)) == {"E_VELD": {"sterrenbeeld"}}
}

test_a_reason_for_the_whole_adds_none_to_a_record if {
	_told(object.union(_working, {"user": {"trained": false}})) == {"E_GEBRUIKER": {"*"}}
}

test_never_goes_before_the_ceiling if {
	nuisance := made.facts("politie", "D02", made.record("suiciderisico", "ggz-2", "ggz"), {"casus": {"regime": "oov"}})
	told := _told(_asking(["diagnose_dsm", "suiciderisico"], nuisance))
	told.E_PLAFOND == {"suiciderisico"}
	told.E_NOOIT == {"diagnose_dsm"}
	not "E_PLAFOND" in object.keys(_told(_refused.E_NOOIT))
	employed := made.facts("casusregisseur", "D03", made.record("depot_status", "ggz-2", "ggz"), {"partner": {"employer_kind": "politie"}})
	told_employed := _told(employed)
	told_employed.E_NOOIT == {"depot_status"}
	not told_employed.E_PLAFOND
}

test_a_condition_that_fails_shuts_the_cell if {
	facts := made.facts("politie", "D02", made.record("toezicht_verloop", "rec-1", "reclassering"), {})
	_told(facts) == {"E_PLAFOND": {"toezicht_verloop"}}
	_gets(facts) == set()
}

test_a_ground_that_looks_at_no_record_lacks_for_the_field if {
	facts := made.facts("wmo_aanbieder", "D02", made.record("casus_fase", "gem-1", "college"), {
		"partner": {"relations": ["wmo_opdracht"]},
		"legal_bases": [made.basis("wmo", {})],
	})
	_told(facts) == {"E_GRONDSLAG": {"casus_fase"}}
}

# In D10 the ceiling is not asked: a shut cell, a condition that fails, a ground that lacks.
_counted := {
	"shut": made.facts("burgemeester", "D10", made.record("bewindvoerder", "gem-1", "college"), {}),
	"condition": made.facts("college", "D10", made.record("stoornis_criterium", "ggz-2", "ggz"), {}),
	"ground": made.facts("college", "D10", made.record("casus_fase", "gem-1", "college"), {}),
}

test_aggregates_ask_no_ceiling[note] if {
	some note, facts in _counted
	many := object.union(facts, {"legal_bases": [made.basis("wg27", {})], "casus": {"group_size": 10}})
	_refusals(many) == []
	_gets(many) == {field | some field in facts.requested}
}

test_a_small_group_is_not_counted if {
	every size in [9, "10"] {
		facts := object.union(_refused.E_AANTAL, {"casus": {"group_size": size}})
		_told(facts) == {"E_AANTAL": {"brp_adres"}}
	}
}

test_own_data_ask_no_ceiling_but_all_else if {
	own := made.facts("politie", "D03", made.record("bewindvoerder", "me", "casusregisseur"), {})
	_gets(own) == {"bewindvoerder"}
	_told(own) == {"E_PLAFOND": {"bewindvoerder"}}
	_gets(object.union(own, {"action": "export"})) == set()
	_gets(object.union(own, {"partner": {"id": "you"}, "casus": {"involved": ["you"]}})) == set()
}

test_a_file_goes_to_whom_none_is_forbidden if {
	_refusals(object.union(_working, {"action": "export"})) == []
}

test_bsn_and_melder_are_reasons_of_their_own_field if {
	bsn := made.facts("ggz", "D02", made.record("bsn", "gem-1", "college"), {})
	_gets(bsn) == {"bsn"}
	not "E_BSN" in object.keys(_told(object.union(_refused.E_BSN, {"requested": ["naam"]})))
	melding := made.facts("ggz", "D02", object.union(made.record("melder_gegevens", "gem-1", "college"), {"melding_receiver": "me"}), {})
	_gets(melding) == {"melder_gegevens"}
	person := object.union(made.facts("betrokkene", "D11", made.record("naam", "gem-1", "college"), {}), {
		"partner": {"standing": "betrokkene"},
		"legal_bases": [made.basis("avg15", {})],
	})
	_refusals(person) == []
}

test_a_reason_is_told_of_its_own_fields if {
	facts := _asking(["evaluatie_datum", "financier", "schaal_niveau"], _working)
	_told(facts) == {"E_NIET_NODIG": {"financier"}, "E_GEEN_GEGEVEN": {"financier", "schaal_niveau"}}
}

# A row of two fields, one of which is there twice.
_twice := _asking(["evaluatie_datum", "naam", "schaal_niveau"], object.union(_working, {
	"rows": [object.union(_plan, {"fields": ["evaluatie_datum", "schaal_niveau"]})],
	"records": [_plan, made.record("naam", "gem-1", "college")],
}))

test_of_two_records_of_one_field_and_source_neither_counts if {
	_gets(_twice) == {"naam", "schaal_niveau"}
	_refusals(_twice) == [["reg-1", "E_INVOER", "record", [], ["evaluatie_datum"]]]
	_gathered(object.union(_working, {"records": [_plan, _plan]})).allow == false
}

test_of_a_double_no_duty_is_told if {
	none := {"partner": {"fulfils": []}}
	_told(object.union(_twice, none)) == {"E_INVOER": {"evaluatie_datum"}, "E_VERPLICHTING": {"naam", "schaal_niveau"}}
	told := _refusals(object.union(_working, object.union(none, {"records": [_plan, _plan]})))
	[code | some [_, code, _, _, _] in told] == ["E_INVOER"]
}

# Mocked: no facts lead here, and nothing may leave if they do.
_verdicts := {
	"no option": {"options": []},
	"no basis": {"options": [{}], "release": {"basis": "", "level": "vol", "exception": null, "expiry": "", "duties": set()}},
}

test_without_release_or_reason_it_is_refused[note] if {
	some note, made_up in _verdicts
	judged := {0: object.union({"codes": set(), "view": {"i": 0, "unit": "G17"}}, made_up)}
	decision := release.gathered with input as _working with verdict.judged as judged
	decision.allow == false
	[code | some [_, code, _, _, _] in decision.refusals] == ["E_INVOER"]
}

test_the_law_of_a_reason if {
	without := object.union(_refused.E_NOOIT, {"purpose": "D04", "legal_bases": []})
	laws := _laws(without)
	laws.E_NOOIT == ["bw457.1"]
	laws.E_GRONDSLAG == data.hub.tables.codes.rows.E_GRONDSLAG.law
	laws.E_NIET_NODIG == data.hub.tables.codes.rows.E_NIET_NODIG.law
}

test_the_law_of_what_another_tells_the_betrokkene if {
	incident := object.union(_mutations, {"field": "politie_incident_laatste"})
	facts := made.facts("betrokkene", "D11", incident, {"partner": {"standing": "betrokkene"}, "legal_bases": [made.basis("avg15", {})]})
	_laws(facts) == {"E_PLAFOND": ["wp16"]}
	_laws(object.union(facts, {"legal_bases": []})).E_GRONDSLAG == data.hub.tables.codes.rows.E_GRONDSLAG.law
	_laws(_refused.E_PLAFOND).E_PLAFOND == data.hub.tables.codes.rows.E_PLAFOND.law
}

test_the_law_between_partnerships if {
	other := object.union(
		made.facts("ander_samenwerkingsverband", "D02", made.record("interventies", "ggz-2", "ggz"), {}),
		made.derde([]),
	)
	_laws(other).E_NOOIT == ["wg24"]
	_laws(_asking(["diagnose_dsm"], other)).E_NOOIT == ["wg24"]
}

test_the_law_of_an_insurer if {
	facts := object.union(_opened.zv01.facts, {"records": [object.union(made.record("financier", "reg-1", "casusregisseur"), {"supplier_agreed": true})]})
	_laws(facts) == {"E_NOOIT": ["wabv15f", "zv03"]}
}

test_each_end_is_told_of_its_own_fields if {
	second := object.union(made.record("suiciderisico", "ggz-3", "ggz"), {"source": "ggz-3"})
	facts := _asking(["suiciderisico", "zorgvorm_intensiteit"], made.facts("college", "D03", _care, {
		"records": [_care, second],
		"consents": [
			made.consent("toestemming", {}),
			made.consent("toestemming", {"id": "co-2", "source": "ggz-3", "expires_at": "2027-07-01T00:00:00.000000Z"}),
		],
	}))
	[obligation | some obligation in _gathered(facts).obligations; obligation.type == "expires_at"] == [
		{"type": "expires_at", "at": "2027-06-01T00:00:00.000000Z", "fields": ["zorgvorm_intensiteit"]},
		{"type": "expires_at", "at": "2027-07-01T00:00:00.000000Z", "fields": ["suiciderisico"]},
	]
}
