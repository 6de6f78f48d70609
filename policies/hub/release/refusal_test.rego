# One request for each reason code, and the fail-closed answers.

package hub.release_test

import data.hub.release

_plan := _record("evaluatie_datum", "reg-1", "casusregisseur")

_care := _record("zorgvorm_intensiteit", "ggz-2", "ggz")

_mutations := object.union(
	_record("politie_mutaties_samenvatting", "pol-1", "politie"),
	{"wpg": _police("20(3)")},
)

_no_basis := {"legal_bases": []}

_corporatie := object.union(
	_facts("woningcorporatie", "D07", _record("brp_adres", "gem-1", "college"), {}),
	_derde([]),
)

_refused := {
	"E_VELD": _request("ggz", "D02", "sterrenbeeld"),
	"E_GEEN_GEGEVEN": _request("ggz", "D02", "evaluatie_datum"),
	"E_NIET_NODIG": _facts("ggz", "D01", _plan, {}),
	"E_PLAFOND": _facts("college", "D03", _record("depot_status", "ggz-2", "ggz"), {}),
	"E_GRONDSLAG": _facts("ggz", "D02", _plan, _no_basis),
	"E_BEROEPSGEHEIM": _facts("college", "D02", _care, {}),
	"E_TOESTEMMING": _facts("verslavingszorg", "D03", _care, {}),
	"E_WEIGERING": _facts("verslavingszorg", "D03", _care, {"consents": [_consent("weigering", {})]}),
	"E_GEEN_SAMENVATTING": _facts("reclassering", "D02", object.union(_plan, {"levels": ["vol"]}), {"partner": {"relations": ["houdt_toezicht"]}}),
	"E_AANTAL": _facts("college", "D10", _record("brp_adres", "gem-2", "college"), {"legal_bases": [_basis("wg27", {})]}),
	"E_VERPLICHTING": _facts("ggz", "D02", _plan, {"partner": {"fulfils": ["log_dataverwerking"]}}),
	"E_INVOER": _facts("ggz", "D02", object.union(_plan, {"vetoed": null}), {}),
	"E_GEBRUIKER": _facts("ggz", "D02", _plan, {"user": {"trained": null}}),
	"E_LEEFTIJD": _facts("ggz", "D02", _plan, {"casus": {"subject_age": null}}),
	"E_DOEL": _facts("ggz", "D07", _plan, {}),
	"E_REGIME": _facts("ggz", "D02", _plan, {"casus": {"regime": null}}),
	"E_FASE": _facts("ggz", "D02", _plan, {"casus": {"phase": "triage"}}),
	"E_TERMIJN": _facts("ggz", "D02", _plan, {"casus": {"term_ends_at": _before}}),
	"E_NIET_BETROKKEN": _facts("ggz", "D02", _plan, {"casus": {"involved": ["pol-1"]}}),
	"E_DERDE_GEEN_TOEGANG": object.union(_corporatie, {"action": "lezen"}),
	"E_GEEN_VERKLARING": object.union(_corporatie, {"partner": {"secrecy_statement_until": null}}),
	"E_NOOIT": _facts("politie", "D02", _record("diagnose_dsm", "ggz-2", "ggz"), {}),
	"E_WPG": _facts("ggz", "D02", object.union(_mutations, {"wpg": {"category": "9"}}), {}),
	"E_WJSG": _facts("ggz", "D02", _record("openstaande_zaak", "om-1", "om"), {}),
	"E_BSN": object.union(_facts("naaste", "D03", _record("bsn", "gem-1", "college"), {}), _derde(["naaste"])),
	"E_829": _facts("politie", "D04", _care, {"legal_bases": [_basis("wv30", {})], "requested": ["bejegeningsadvies"], "records": [_record("bejegeningsadvies", "ggz-2", "ggz")]}),
	"E_18C": _facts("om", "D06", _care, {"legal_bases": [_basis("wz01", {})]}),
	"E_VITAAL": _facts("verslavingszorg", "D04", _care, {"emergency": _emergency("vitaal_belang", {"unable_to_consent": false})}),
	"E_NOOD": _facts("verslavingszorg", "D04", _care, {"emergency": _emergency("vitaal_belang", {"reason": false})}),
	"E_15A": _facts("verslavingszorg", "D03", _care, {"consents": [_consent("toestemming", {})]}),
	"E_BRON": _facts("ggz", "D02", object.union(_plan, {"denied_to": ["ggz"]}), {}),
	"E_BEPERKT": _facts("ggz", "D02", object.union(_plan, {"disputed": true}), {}),
	"E_EXPORT": _facts("politie", "D02", _plan, {"action": "export"}),
	"E_MELDER": _facts("college", "D03", _record("melder_gegevens", "ggd-1", "ggd"), {}),
	"E_KRING": _facts("ggz", "D02", object.union(_plan, {"person": "ander"}), {}),
}

test_refusal[code] if {
	some code, facts in _refused
	decision := _decide(facts)
	decision.released == []
	code in {refusal.code | some refusal in decision.refusals}
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
		"records as text": object.union(_request("ggz", "D02", "evaluatie_datum"), {"records": "all"}),
		"bases as object": object.union(_request("ggz", "D02", "evaluatie_datum"), {"legal_bases": {}}),
	}
	decision := release.decision with input as facts
	decision.released == []
	count(decision.refusals) > 0
}

test_contradicting_standing_is_the_only_reason if {
	_codes(_facts("politie", "D02", _plan, {"partner": {"standing": "toezicht"}, "user": {"trained": false}})) == {"E_INVOER"}
}

test_unknown_purpose_is_the_only_reason if {
	_codes(object.union(_facts("ggz", "D02", _plan, {}), {"purpose": "D99", "user": {"trained": false}})) == {"E_DOEL"}
}

test_two_records_of_one_field_and_source if {
	facts := _facts("ggz", "D02", _plan, {"records": [_plan, _plan]})
	_codes(facts) == {"E_INVOER"}
}

test_reason_for_the_whole_is_not_told_by_name if {
	facts := _facts("ggz", "D02", _plan, {"casus": {"involved": []}})
	told := {refusal.field | some refusal in _decide(facts).refusals; refusal.code == "E_NIET_BETROKKEN"}
	told == {"*"}
}

test_source_reason_never_stands_for_the_whole if {
	facts := _facts("ggz", "D02", object.union(_plan, {"regime": "oov"}), {})
	{[refusal.field, refusal.source] | some refusal in _decide(facts).refusals} == {["evaluatie_datum", "reg-1"]}
}

test_hidden_from_who_is_not_involved if {
	_decide(_facts("ggz", "D02", _plan, {"casus": {"involved": []}})).conceal
	not _decide(_facts("ggz", "D02", _plan, {"legal_bases": []})).conceal
}
