package hub.verdict_test

import data.hub.made
import data.hub.verdict

# The verdict on the first record, worked out once a test for the same facts.
_judged(facts) := found if {
	found := _first with input as facts
}

_first := {"codes": verdict.judged[0].codes, "release": _release}

default _release := {}

_release := verdict.release(verdict.judged[0])

# What stands against it.
_codes(facts) := _judged(facts).codes

# Level and exception by which it could leave; "" where it could not.
_left(facts) := [release.level, release.exception] if {
	release := _judged(facts).release
} else := ""

_duties(facts) := _judged(facts).release.duties

_care := made.record("zorgvorm_intensiteit", "ggz-2", "ggz")

_plan := made.record("evaluatie_datum", "reg-1", "casusregisseur")

_circle := made.record("netwerk_beeld", "reg-1", "casusregisseur")

_advice := made.record("bejegeningsadvies", "ggz-2", "ggz")

_work(source, kind) := made.record("dagbesteding_werk", source, kind)

_shut_row := made.record("bewindvoerder", "gem-1", "college")

_melder := made.record("melder_gegevens", "gem-1", "college")

_own_row := object.union(_care, {"source": "me"})

_from(row, source) := object.union(row, {"source": source})

_consent(source) := {"consents": [made.consent("toestemming", {"source": source, "purposes": ["D01", "D02", "D03", "D04", "D06", "D07", "D09"]})]}

_exchange := made.consent("toestemming_15a", {"id": "co-2"})

_treated := {"treating_with": ["me"]}

_limited := {"restricted": true}

_bases(kinds) := {"legal_bases": [made.basis(kind, {"id": concat("-", ["lb", format_int(n, 10)])}) | some n, kind in kinds]}

_running := {"casus": {"wvggz_status": "titel_actief"}}

_away := {"casus": {"involved": []}}

# What is alike for records without secrecy, and what each of them may have of its own.

test_by_wgs_and_nothing_against_it if {
	facts := made.facts("ggz", "D02", _plan, {})
	_left(facts) == ["vol", null]
	_codes(facts) == set()
}

test_a_consent_may_give_more if {
	_left(made.facts("ggz", "D03", _circle, {})) == ["sam", null]
	_left(made.facts("ggz", "D03", _circle, _consent("reg-1"))) == ["vol", null]
}

test_a_row_with_something_of_its_own if {
	_codes(made.facts("ggz", "D02", object.union(_plan, _limited), {})) == {"E_BEPERKT"}
	_codes(made.facts("om", "D02", object.union(_shut_row, _limited), {})) == {"E_BEPERKT"}
	_codes(made.facts("om", "D02", _shut_row, {})) == set()
	_codes(made.facts("ggz", "D03", object.union(_circle, {"levels": ["vol"]}), {})) == {"E_GEEN_SAMENVATTING"}
	_left(made.facts("ggz", "D03", _from(_circle, "me"), {})) == ["vol", null]
	police := object.union(made.record("politie_incident_laatste", "pol-1", "politie"), {"wpg": made.police("16(1)")})
	_codes(made.facts("ggz", "D02", police, {})) == {"E_WPG", "E_GRONDSLAG"}
}

test_a_cell_by_consent_is_not_shut if {
	facts := made.facts("dji", "D09", _circle, {"partner": {"relations": ["detentie"]}})
	_codes(facts) == {"E_TOESTEMMING"}
	_left(facts) == ""
}

test_a_basis_that_counts_for_records_of_others if {
	_codes(made.facts("om", "D02", _shut_row, _bases(["wpg16"]))) == {"E_GRONDSLAG"}
	own := made.facts("ggz", "D02", _own_row, {"legal_bases": []})
	_codes(own) == set()
	consented := object.union(_bases(["wpg19"]), _consent("gem-1"))
	_codes(made.facts("politie", "D02", made.record("bezoekregels", "gem-1", "college"), consented)) == {"E_GRONDSLAG"}
}

test_a_duty_that_cannot_be_carried_out_keeps_it if {
	facts := made.facts("ggz", "D02", _plan, {"partner": {"fulfils": ["log_dataverwerking"]}})
	_left(facts) == ""
	_codes(facts) == set()
}

test_a_derde_has_duties_of_its_own if {
	police := object.union(made.record("politie_incident_laatste", "pol-1", "politie"), {"wpg": made.police("20(3)")})
	"notify_bron" in _duties(made.facts("ggz", "D02", police, {"partner": {"standing": "derde"}}))
	not "notify_bron" in _duties(made.facts("ggz", "D02", police, {}))
}

test_a_consent_by_which_a_partner_may_act_ends_what_it_opens if {
	facts := made.facts("ggz", "D02", _plan, _consent("gem-1"))
	"expires_at" in _duties(facts) with data.hub.tables.eligibility.rows.ggz.D02.rule as "named"
	not "expires_at" in _duties(facts)
}

test_aggregates if {
	facts := made.facts("burgemeester", "D10", _shut_row, _bases(["wg27"]))
	_left(object.union(facts, {"casus": {"group_size": 10}})) == ["agg", null]
	every size in [9, "10", null] {
		few := object.union(facts, {"casus": {"group_size": size}})
		_left(few) == ""
		_codes(few) == set()
	}
	many := made.facts("ggz", "D03", object.union(_circle, {"levels": ["vol"]}), {"casus": {"group_size": 10}})
	_left(many) == ""
}

# Levels.

test_the_highest_form_that_fits if {
	search := {"action": "zoeken"}
	_left(made.facts("ggz", "D02", object.union(_plan, {"levels": ["sam"]}), {})) == ["sam", null]
	_left(made.facts("ggz", "D02", _plan, search)) == ["hit", null]
	_left(made.facts("ggz", "D02", object.union(_plan, {"levels": ["vol"]}), search)) == ["hit", null]
	empty := made.facts("ggz", "D02", object.union(_plan, {"levels": []}), search)
	_left(empty) == ""
	_codes(empty) == {"E_GEEN_SAMENVATTING"}
}

test_no_form_is_no_reason_where_nothing_is_needed_or_the_cell_is_shut if {
	_codes(made.facts("ggz", "D01", _plan, {})) == set()
	_left(made.facts("ggz", "D01", _plan, {})) == ""
	summary := object.union(_plan, {"levels": ["vol"]})
	_codes(made.facts("politie", "D02", summary, {})) == set()
	_codes(made.facts("politie", "D03", _from(summary, "me"), {})) == {"E_GEEN_SAMENVATTING"}
}

# Lock 2.

test_secrecy if {
	_codes(made.facts("college", "D02", _care, {})) == {"E_BEROEPSGEHEIM"}
	_codes(made.facts("college", "D02", _care, {"consents": [made.consent("weigering", {})]})) == {"E_BEROEPSGEHEIM", "E_WEIGERING"}
	_left(made.facts("college", "D02", _care, _consent("ggz-2"))) == ["sam", "co-1"]
	_codes(made.facts("college", "D02", _care, _consent("ggz-2"))) == set()
}

test_nothing_is_asked_of_own_data_the_betrokkene_and_plain_fields if {
	own := made.facts("ggz", "D03", object.union(_own_row, _limited), {})
	_left(own) == ["vol", null]
	_codes(own) == {"E_BEPERKT"}
	_left(made.facts("ggz", "D03", _own_row, _consent("me"))) == ["vol", null]
	_left(made.facts("ggz", "D02", _plan, _consent("reg-1"))) == ["vol", null]
	person := made.facts("betrokkene", "D11", _care, object.union(_bases(["avg15"]), {"partner": {"standing": "betrokkene"}}))
	_left(person) == ["vol", null]
	_codes(person) == set()
}

test_the_supply_duty_gives_a_summary if {
	facts := made.facts("casusregisseur", "D03", made.record("woonvorm", "gem-1", "college"), {"partner": {"employer_kind": "college"}})
	_left(facts) == ["sam", "gh_wettelijk_recht"]
}

test_the_own_word_of_the_alternative_goes_first if {
	treating := {"partner": {"relations": ["behandelt"]}}
	both := object.union(treating, {"consents": array.concat(_consent("ggz-2").consents, [_exchange])})
	_left(made.facts("ggz", "D03", object.union(_care, _treated), both)) == ["vol", "gh_rechtstreeks_betrokken"]
	network := object.union(made.record("contactpersoon_1", "ggz-2", "ggz"), _treated)
	_left(made.facts("ggz", "D03", network, both)) == ["vol", "co-1"]
	article := object.union(treating, object.union(_bases(["wv30"]), _running))
	_left(made.facts("geneesheer_directeur", "D05", object.union(_care, _treated), article)) == ["vol", "gh_wettelijke_plicht"]
}

test_an_article_is_no_word_of_another_alternative if {
	changes := {"partner": {"relations": ["behandelt"]}, "consents": [_exchange]}
	facts := made.facts("ggz", "D05", object.union(_care, _treated), object.union(_bases(["wv24", "wgs"]), object.union(changes, _running)))
	_left(facts) == ["vol", "gh_rechtstreeks_betrokken"]
}

test_an_article_lifts_the_secrecy_of_care_alone if {
	facts := made.facts("geneesheer_directeur", "D06", _work("burg-1", "burgemeester"), object.union(_bases(["wgs", "wv30"]), _running))
	_left(facts) == ["sam", "gh_wettelijk_recht"]
	_left(object.union(facts, _consent("burg-1"))) == ["sam", "co-1"]
}

test_of_articles_that_of_the_alternative if {
	row := made.record("suiciderisico", "ggz-2", "ggz")
	changes := {"partner": {"relations": ["zorgverantwoordelijke"]}}
	facts := object.union(made.facts("ggz", "D05", row, _running), object.union(_bases(["wv30", "wv24"]), changes))
	_left(facts) == ["vol", "gh_wettelijke_plicht"] with data.hub.tables.articles.rows.wv30.duty as "mag"
}

test_the_wmo_lifts_its_own_secrecy_alone if {
	commissioned := object.union(_bases(["wmo"]), {"partner": {"relations": ["wmo_opdracht"]}})
	both := object.union(commissioned, object.union(_consent("gem-1"), _consent("gem-1")))
	_left(made.facts("wmo_aanbieder", "D03", _work("gem-1", "college"), both)) == ["vol", "gh_wettelijk_recht"]
	care := made.facts("wmo_aanbieder", "D03", _work("ggz-2", "ggz"), commissioned)
	_codes(care) == {"E_BEROEPSGEHEIM"}
	_left(object.union(care, _consent("ggz-2"))) == ["vol", "co-1"]
}

test_an_emergency_is_the_own_word_of_its_alternative if {
	row := made.record("suiciderisico", "ggz-2", "ggz")
	facts := made.facts("politie", "D04", row, object.union(_away, {"emergency": made.emergency("conflict_van_plichten", {})}))
	_left(object.union(facts, _consent("ggz-2"))) == ["sam", "emergency"]
	handed := made.facts("woningcorporatie", "D07", made.record("woonwens_passend", "gem-1", "college"), made.derde([]))
	_left(object.union(handed, _consent("gem-1"))) == ["sam", "co-1"]
}

# Exchange between care providers (15a).

_pull(row, changes) := made.facts("verslavingszorg", "D03", row, object.union({"consents": array.concat(_consent("ggz-2").consents, [_exchange])}, changes))

_not_asked := _consent("ggz-2")

test_pull_between_care_providers if {
	_codes(_pull(_care, {})) == set()
	_codes(_pull(_care, _not_asked)) == {"E_15A"}
	_codes(_pull(_care, object.union(_not_asked, {"action": "verstrekken"}))) == set()
	_codes(made.facts("ggz", "D02", made.record("casus_fase", "ggz-2", "ggz"), {})) == {"E_15A"}
	_codes(_pull(object.union(_care, _limited), {})) == {"E_BEPERKT"}
	_codes(_pull(_care, {"consents": [made.consent("weigering", {})]})) == {"E_15A", "E_WEIGERING", "E_BEROEPSGEHEIM", "E_GRONDSLAG"}
}

test_vital_interest_and_articles_ask_no_15a if {
	risk := made.record("suiciderisico", "ggz-2", "ggz")
	_codes(made.facts("ggz", "D04", risk, {"emergency": made.emergency("vitaal_belang", {})})) == set()
	_codes(made.facts("ggz", "D04", risk, {"emergency": made.emergency("conflict_van_plichten", {})})) == {"E_15A"}
	elsewhere := made.emergency("vitaal_belang", {"fields": ["naam"]})
	_codes(made.facts("ggz", "D04", risk, object.union(_consent("ggz-2"), {"emergency": elsewhere}))) == {"E_15A"}
	_codes(made.facts("geneesheer_directeur", "D05", _care, object.union(_bases(["wv30"]), _running))) == set()
}

# Consent or refusal as a field of its own (G21).

_told(kind, field, changes) := made.facts(kind, "D02", made.record(field, "ggz-2", "ggz"), changes)

_refused := {"consents": [made.consent("weigering", {})]}

test_what_names_the_asker if {
	every kind in ["ggz", "politie"] {
		_left(_told(kind, "toestemming", _consent("ggz-2"))) == ["hit", null]
		_codes(_told(kind, "toestemming", _consent("ggz-2"))) == set()
		_codes(_told(kind, "toestemming", _refused)) == {"E_PLAFOND"}
		_codes(_told(kind, "weigering", _consent("ggz-2"))) == {"E_PLAFOND"}
		_codes(_told(kind, "weigering", _refused)) == set()
	}
}

_no_form(field) := object.union(made.record(field, "ggz-2", "ggz"), {"levels": []})

test_no_form_of_what_names_the_asker if {
	_codes(made.facts("politie", "D02", _no_form("toestemming"), _consent("ggz-2"))) == {"E_GEEN_SAMENVATTING"}
	_codes(made.facts("politie", "D02", _no_form("toestemming"), {})) == {"E_PLAFOND"}
}

test_an_emergency_that_fails_is_no_reason_for_what_it_cannot_open if {
	failing := {"emergency": made.emergency("conflict_van_plichten", {"reason": false, "purposes": ["D02"], "fields": ["diagnose_dsm", "toestemming"]})}
	_codes(_told("politie", "diagnose_dsm", failing)) == {"E_BEROEPSGEHEIM"}
	_codes(_told("politie", "toestemming", object.union(failing, object.union({"legal_bases": []}, _consent("ggz-2"))))) == set()
}

# Rules about few fields and partners.

test_intake_is_what_the_aanmelder_supplied if {
	intake := {"casus": {"phase": "aangemeld"}}
	_codes(made.facts("ggd", "D01", _circle, intake)) == {"E_FASE"}
	_codes(made.facts("ggd", "D01", _from(_circle, "pol-1"), intake)) == set()
	_codes(made.facts("ggd", "D01", made.record("naam", "gem-1", "college"), intake)) == set()
	_codes(made.facts("ggd", "D01", _circle, {"casus": {"phase": "triage"}})) == set()
}

_insurer(row) := made.facts("zorgverzekeraar", "D05", row, object.union(made.derde(["verzekert"]), {"legal_bases": [
	made.basis("derde", {"rac_ref": "RAC-1"}),
	made.basis("zv01", {"id": "lb-2"}),
]}))

_financed := object.union(made.record("financier", "reg-1", "casusregisseur"), {"supplier_agreed": true})

test_an_insurer_gets_its_own_part if {
	_codes(_insurer(_financed)) == {"E_NOOIT"}
	_codes(_insurer(object.union(_financed, {"financed_by": ["me"]}))) == set()
	_codes(_insurer(made.record("naam", "gem-1", "college"))) == set()
	_codes(_insurer(object.union(made.record("toestemming", "ggz-2", "ggz"), {"supplier_agreed": true}))) == set()
}

_other(row) := made.facts("ander_samenwerkingsverband", "D02", object.union(row, {"supplier_agreed": true}), made.derde([]))

test_another_partnership_gets_nothing_of_care if {
	_codes(_other(made.record("interventies", "ggz-2", "ggz"))) == {"E_NOOIT", "E_BEROEPSGEHEIM"}
	not "E_NOOIT" in _codes(_other(made.record("interventies", "gem-1", "college")))
	_codes(_other(_care)) == {"E_BEROEPSGEHEIM"}
	_codes(_other(_financed)) == set()
}

_person(row) := made.facts("betrokkene", "D11", row, object.union(_bases(["avg15"]), {"partner": {"standing": "betrokkene"}}))

test_the_betrokkene_sees_of_others_his_contact_alone if {
	relative := {"person": "gezinslid"}
	_codes(_person(object.union(_circle, relative))) == {"E_KRING"}
	_codes(_person(_circle)) == set()
	_codes(_person(object.union(made.record("contactpersoon_1", "gem-1", "college"), relative))) == set()
	_codes(made.facts("ggz", "D02", object.union(_plan, relative), {})) == set()
}

test_the_melder_is_known_to_the_receiver_of_the_melding if {
	_codes(made.facts("ggz", "D02", _melder, {})) == {"E_MELDER"}
	_codes(made.facts("om", "D02", _melder, {})) == {"E_MELDER"}
	_codes(made.facts("ggz", "D02", object.union(_melder, {"melding_receiver": "me"}), {})) == set()
	_codes(_person(_melder)) == set()
	facts := made.facts("ggz", "D02", object.union(_circle, _limited), {})
	_codes(object.union(facts, {"requested": ["melder_gegevens", "netwerk_beeld"]})) == {"E_BEPERKT"}
}

# What only some requests ask of others' data.

test_the_regime_of_consent_asks_one_of_every_field if {
	facts := made.facts("college", "D02", object.union(_plan, {"regime": "toestemming"}), object.union(_bases(["avg6e"]), {"casus": {"regime": "toestemming"}}))
	_codes(facts) == {"E_TOESTEMMING", "E_GRONDSLAG"}
	_codes(object.union(facts, _consent("reg-1"))) == set()
	financed := object.union(_insurer(object.union(_financed, {"financed_by": ["me"]})), _bases(["avg6a"]))
	person := object.union(financed, {"casus": {"regime": "toestemming"}})
	"E_TOESTEMMING" in _codes(person)
}

_handed(field, yes) := made.facts(
	"woningcorporatie",
	"D07",
	object.union(made.record(field, "gem-1", "college"), {"supplier_agreed": yes}),
	made.derde([]),
)

test_a_source_agrees_to_hand_over_what_is_sensitive if {
	_codes(_handed("bezoekregels", false)) == {"E_BRON"}
	_codes(_handed("bezoekregels", true)) == set()
	_codes(_handed("casusregisseur", false)) == set()
	_codes(made.facts("politie", "D02", made.record("bezoekregels", "gem-1", "college"), {})) == set()
}
