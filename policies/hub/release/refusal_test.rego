# One request for each reason code, and the fail-closed answers.

package hub.release_test

import data.hub.made

import data.hub.release

_plan := made.record("evaluatie_datum", "reg-1", "casusregisseur")

_care := made.record("zorgvorm_intensiteit", "ggz-2", "ggz")

_mutations := object.union(
	made.record("politie_mutaties_samenvatting", "pol-1", "politie"),
	{"wpg": made.police("20(3)")},
)

_no_basis := {"legal_bases": []}

_corporatie := object.union(
	made.facts("woningcorporatie", "D07", made.record("brp_adres", "gem-1", "college"), {}),
	made.derde([]),
)

_refused := {
	"E_VELD": made.request("ggz", "D02", "sterrenbeeld"),
	"E_GEEN_GEGEVEN": made.request("ggz", "D02", "evaluatie_datum"),
	"E_NIET_NODIG": made.facts("ggz", "D01", _plan, {}),
	"E_PLAFOND": made.facts("college", "D03", made.record("depot_status", "ggz-2", "ggz"), {}),
	"E_GRONDSLAG": made.facts("ggz", "D02", _plan, _no_basis),
	"E_BEROEPSGEHEIM": made.facts("college", "D02", _care, {}),
	"E_TOESTEMMING": made.facts("verslavingszorg", "D03", _care, {}),
	"E_WEIGERING": made.facts("verslavingszorg", "D03", _care, {"consents": [made.consent("weigering", {})]}),
	"E_GEEN_SAMENVATTING": made.facts("reclassering", "D02", object.union(_plan, {"levels": ["vol"]}), {"partner": {"relations": ["houdt_toezicht"]}}),
	"E_AANTAL": made.facts("college", "D10", made.record("brp_adres", "gem-2", "college"), {"legal_bases": [made.basis("wg27", {})]}),
	"E_VERPLICHTING": made.facts("ggz", "D02", _plan, {"partner": {"fulfils": ["log_dataverwerking"]}}),
	"E_INVOER": made.facts("ggz", "D02", object.union(_plan, {"vetoed": null}), {}),
	"E_GEBRUIKER": made.facts("ggz", "D02", _plan, {"user": {"trained": null}}),
	"E_LEEFTIJD": made.facts("ggz", "D02", _plan, {"casus": {"subject_age": null}}),
	"E_DOEL": made.facts("ggz", "D07", _plan, {}),
	"E_REGIME": made.facts("ggz", "D02", _plan, {"casus": {"regime": null}}),
	"E_FASE": made.facts("ggz", "D02", _plan, {"casus": {"phase": "triage"}}),
	"E_TERMIJN": made.facts("ggz", "D02", _plan, {"casus": {"term_ends_at": made.before}}),
	"E_NIET_BETROKKEN": made.facts("ggz", "D02", _plan, {"casus": {"involved": ["pol-1"]}}),
	"E_DERDE_GEEN_TOEGANG": object.union(_corporatie, {"action": "lezen"}),
	"E_GEEN_VERKLARING": object.union(_corporatie, {"partner": {"secrecy_statement_until": null}}),
	"E_NOOIT": made.facts("politie", "D02", made.record("diagnose_dsm", "ggz-2", "ggz"), {}),
	"E_WPG": made.facts("ggz", "D02", object.union(_mutations, {"wpg": {"category": "9"}}), {}),
	"E_WJSG": made.facts("ggz", "D02", made.record("openstaande_zaak", "om-1", "om"), {}),
	"E_BSN": object.union(made.facts("naaste", "D03", made.record("bsn", "gem-1", "college"), {}), made.derde(["naaste"])),
	"E_829": made.facts("politie", "D04", _care, {"legal_bases": [made.basis("wv30", {})], "requested": ["bejegeningsadvies"], "records": [made.record("bejegeningsadvies", "ggz-2", "ggz")]}),
	"E_18C": made.facts("om", "D06", _care, {"legal_bases": [made.basis("wz01", {})]}),
	"E_VITAAL": made.facts("verslavingszorg", "D04", _care, {"emergency": made.emergency("vitaal_belang", {"unable_to_consent": false})}),
	"E_NOOD": made.facts("verslavingszorg", "D04", _care, {"emergency": made.emergency("vitaal_belang", {"reason": false})}),
	"E_15A": made.facts("verslavingszorg", "D03", _care, {"consents": [made.consent("toestemming", {})]}),
	"E_BRON": made.facts("ggz", "D02", object.union(_plan, {"denied_to": ["ggz"]}), {}),
	"E_BEPERKT": made.facts("ggz", "D02", object.union(_plan, {"disputed": true}), {}),
	"E_EXPORT": made.facts("politie", "D02", _plan, {"action": "export"}),
	"E_MELDER": made.facts("college", "D03", made.record("melder_gegevens", "ggd-1", "ggd"), {}),
	"E_KRING": made.facts("ggz", "D02", object.union(_plan, {"person": "ander"}), {}),
}

test_refusal[code] if {
	some code, facts in _refused
	_gets(facts) == set()
	code in _codes(facts)
}

test_every_code_has_a_case if {
	{code | some code, _ in data.hub.tables.codes.rows} == {code | some code, _ in _refused}
}

test_nothing_is_known if {
	decision := release.decision with input as {}
	decision.allow == false
	decision.conceal == true
	decision.valid_until == null
	[refusal.code | some refusal in decision.refusals] == ["E_DOEL"]
}

test_nonsense_is_refused[note] if {
	some note, facts in {
		"number": 3,
		"text": "D02",
		"purpose alone": {"purpose": "D02"},
		"partner as text": {"purpose": "D02", "partner": "me", "requested": "*"},
		"records as text": object.union(made.request("ggz", "D02", "evaluatie_datum"), {"records": "all"}),
		"bases as object": object.union(made.request("ggz", "D02", "evaluatie_datum"), {"legal_bases": {}}),
	}
	decision := release.decision with input as facts
	decision.released == []
	count(decision.refusals) > 0
}

test_contradicting_standing_is_the_only_reason if {
	_codes(made.facts("politie", "D02", _plan, {"partner": {"standing": "toezicht"}, "user": {"trained": false}})) == {"E_INVOER"}
}

test_unknown_purpose_is_the_only_reason if {
	_codes(object.union(made.facts("ggz", "D02", _plan, {}), {"purpose": "D99", "user": {"trained": false}})) == {"E_DOEL"}
}

test_two_records_of_one_field_and_source if {
	facts := made.facts("ggz", "D02", _plan, {"records": [_plan, _plan]})
	_codes(facts) == {"E_INVOER"}
}

test_reason_for_the_whole_is_not_told_by_name if {
	facts := made.facts("ggz", "D02", _plan, {"casus": {"involved": []}})
	told := {refusal.field | some refusal in _decide(facts).refusals; refusal.code == "E_NIET_BETROKKEN"}
	told == {"*"}
}

test_source_reason_never_stands_for_the_whole if {
	facts := made.facts("ggz", "D02", object.union(_plan, {"regime": "oov"}), {})
	{[refusal.field, refusal.source] | some refusal in _decide(facts).refusals} == {["evaluatie_datum", "reg-1"]}
}

test_hidden_from_who_is_not_involved if {
	_gathered(made.facts("ggz", "D02", _plan, {"casus": {"involved": []}})).conceal
	not _gathered(made.facts("ggz", "D02", _plan, {"legal_bases": []})).conceal
}

# --- two rows with one id ---

_good_care(changes) := made.exception("gh_goed_hulpverlenerschap", changes)

_one_id := {
	"legal_bases": {"rows": [made.basis("wgs", {}), made.basis("wgs", {"groups": ["G01"]})], "about": "request"},
	"secrecy_exceptions": {"rows": [_good_care({}), _good_care({"purposes": ["*"]})], "about": "record"},
	"consents": {"rows": [made.consent("toestemming", {}), made.consent("weigering", {})], "about": "record"},
}

_whole_of(facts) := {[row.code, row.about] | some row in decided.refusals; row.field == "*"} if {
	decided := release.decision with input as facts
	not decided.allow
}

test_two_rows_with_one_id_are_refused_whole[list] if {
	some list, twice in _one_id
	_whole_of(made.facts("ggz", "D02", _plan, {list: twice.rows})) == {["E_INVOER", twice.about]}
}

test_two_rows_with_two_ids_contradict_nothing[list] if {
	some list, twice in _one_id
	rows := [object.union(row, {"id": ["x-1", "x-2"][n]}) | some n, row in twice.rows]
	decided := release.decision with input as made.facts("ggz", "D02", _plan, {list: rows})
	decided.allow
}

test_what_cannot_be_judged_stands_alone_also_with_doubles if {
	facts := made.facts("ggz", "D02", _plan, {"consents": _one_id.consents.rows, "partner": {"standing": "toezicht"}})
	_whole_of(facts) == {["E_INVOER", "request"]}
}

test_what_else_stands_against_it_is_told_beside_a_double if {
	rows := _one_id.consents.rows
	facts := made.facts("ggz", "D02", _plan, {"consents": rows, "user": {"trained": null}})
	_whole_of(facts) == {["E_INVOER", "record"], ["E_GEBRUIKER", "request"]}
}
