# One release for each ground, and what comes with it.

package hub.release_test

import data.hub.made

_advice := made.record("bejegeningsadvies", "ggz-2", "ggz")

_treated := object.union(_care, {"treating_with": ["me"]})

_supplied(article) := object.union(_mutations, {"wpg": made.police(article)})

_sentence(article) := object.union(made.record("strafrechtelijke_titel", "om-1", "om"), {"wjsg": made.justice(article)})

_opened := {
	"eigen": {"level": "vol", "facts": made.facts("ggz", "D03", object.union(_care, {"source": "me"}), {})},
	"wgs": {"level": "vol", "facts": made.facts("ggz", "D02", _plan, {})},
	"457.2": {"level": "vol", "facts": made.facts("ggz", "D03", _treated, {
		"partner": {"relations": ["behandelt"]},
		"consents": [made.consent("toestemming_15a", {})],
	})},
	"toest": {"level": "sam", "facts": made.facts("college", "D03", _care, {"consents": [made.consent("toestemming", {})]})},
	"wgs+toest": {"level": "sam", "facts": made.facts("politie", "D04", _advice, {"consents": [made.consent("toestemming", {})]})},
	"wvggz": {"level": "sam", "facts": made.facts("politie", "D04", _advice, {
		"legal_bases": [made.basis("wv30", {})],
		"casus": {"wvggz_status": "crisismaatregel"},
	})},
	"wzd": {"level": "vol", "facts": made.facts("vg_lvb", "D06", object.union(made.record("wzd_titel", "ciz-1", "om"), {"wjsg": made.justice("39e(5)")}), {
		"legal_bases": [made.basis("wz01", {})],
		"casus": {"wzd_status": "titel_actief"},
	})},
	"wpg16": {"level": "sam", "facts": made.facts("om", "D02", _supplied("16(1)(a)"), {"legal_bases": [made.basis("wpg16", {})]})},
	"wpg18": {"level": "sam", "facts": made.facts("reclassering", "D02", _supplied("18(1)"), {
		"partner": {"relations": ["houdt_toezicht"]},
		"legal_bases": [made.basis("wpg18", {})],
	})},
	"wpg19": {"level": "sam", "facts": made.facts("ggz", "D02", _supplied("19"), {"legal_bases": [made.basis("wpg19", {})]})},
	"wjsg39f": {"level": "sam", "facts": made.facts("ggz", "D02", _sentence("39f(1)(f)"), {"legal_bases": [made.basis("wjsg39f", {})]})},
	"wjsg": {"level": "sam", "facts": made.facts("reclassering", "D02", _sentence("39f(1)"), {
		"partner": {"relations": ["houdt_toezicht"]},
		"legal_bases": [made.basis("wjsg39f", {})],
	})},
	"derde": {"level": "vol", "facts": _corporatie},
	"huur": {"level": "vol", "facts": object.union(_corporatie, {
		"partner": {"relations": ["verhuurt"]},
		"legal_bases": [made.basis("huur", {})],
	})},
	"wmo": {"level": "vol", "facts": made.facts("wmo_aanbieder", "D02", made.record("brp_adres", "gem-1", "college"), {
		"partner": {"relations": ["wmo_opdracht"]},
		"legal_bases": [made.basis("wmo", {})],
	})},
	"zv01": {"level": "sam", "facts": object.union(
		made.facts(
			"zorgverzekeraar", "D05", object.union(made.record("financier", "reg-1", "casusregisseur"), {
				"financed_by": ["me"],
				"supplier_agreed": true,
			}),
			{},
		),
		object.union(made.derde(["verzekert"]), {"legal_bases": [
			made.basis("derde", {"id": "lb-2", "rac_ref": "RAC-1"}),
			made.basis("zv01", {}),
		]}),
	)},
	"cvp": {"level": "sam", "facts": made.facts("politie", "D04", _advice, {"emergency": made.emergency("conflict_van_plichten", {})})},
	"vitaal": {"level": "sam", "facts": made.facts("verslavingszorg", "D04", _care, {"emergency": made.emergency("vitaal_belang", {})})},
}

test_ground[word] if {
	some word, made in _opened
	[[level, basis] | some [_, level, basis, _, _] in _gathered(made.facts).released] == [[made.level, "lb-1"]]
}

test_emergency_brings_its_duties if {
	duties := _duties(_opened.vitaal.facts)
	every type in ["notify_bron", "review_fg", "note_in_dossier", "second_approval", "expires_at", "log_nen7513"] {
		type in duties
	}
}

test_article_without_consent_is_told_to_the_zv if "notify_zv" in _duties(_opened.wvggz.facts)

test_consent_spares_telling if {
	not "inform_betrokkene" in _duties(_opened.toest.facts)
	"inform_betrokkene" in _duties(_opened.wgs.facts)
}

test_consent_ends_what_it_opened if {
	some obligation in _gathered(_opened.toest.facts).obligations
	obligation == {"type": "expires_at", "at": "2027-06-01T00:00:00.000000Z", "fields": ["zorgvorm_intensiteit"]}
}

test_derde_gets_no_file_and_reports_back if {
	_duties(_opened.derde.facts) == {"log_dataverwerking", "inform_betrokkene", "no_export", "watermark", "feedback_due"}
}

test_good_care_lifts_what_is_named if {
	facts := made.facts("college", "D02", made.record("bejegeningsadvies", "ggz-2", "ggz"), {"secrecy_exceptions": [made.exception("gh_goed_hulpverlenerschap", {})]})
	[exception | some [_, _, _, exception, _] in _gathered(facts).released] == ["se-1"]
	"E_WEIGERING" in _codes(object.union(facts, {"consents": [made.consent("weigering", {})]}))
}

test_supply_duty_gives_a_summary_at_most if {
	facts := made.facts("casusregisseur", "D03", made.record("dagbesteding_werk", "gem-1", "college"), {"partner": {"employer_kind": "college"}})
	[[level, exception] | some [_, level, _, exception, _] in _gathered(facts).released] == [["sam", "gh_wettelijk_recht"]]
}

test_supply_duty_never_lifts_medical_secrecy if {
	_codes(made.facts("college", "D02", _care, {})) == {"E_BEROEPSGEHEIM"}
}

test_hit_needs_any_form_and_summary_its_own if {
	_levels(made.facts("ggz", "D02", object.union(_plan, {"levels": ["vol"]}), {"action": "zoeken"})) == {"evaluatie_datum": "hit"}
	_codes(made.facts("om", "D02", object.union(made.record("interventies", "reg-1", "casusregisseur"), {"levels": ["vol"]}), {})) == {"E_GEEN_SAMENVATTING"}
}

test_aggregates if {
	facts := made.facts("college", "D10", made.record("brp_adres", "gem-2", "college"), {
		"legal_bases": [made.basis("wg27", {})],
		"casus": {"group_size": 10},
	})
	_levels(facts) == {"brp_adres": "agg"}
	_duties(facts) == {"log_dataverwerking"}
	_codes(object.union(facts, {"action": "zoeken"})) == {"E_NIET_NODIG"}
}

# --- how a fact names fields: by their keys, never by their group ---

_words(field, "key") := [field]

_words(field, "group") := [data.hub.catalog.fields[field].group, "*"]

_emergency(kind, purpose, words) := {"emergency": made.emergency(kind, {"purposes": [purpose], "fields": words})}

_exception(kind, changes, words) := {"secrecy_exceptions": [made.exception(kind, object.union(changes, {"fields": words}))]}

_naming(by) := {
	"conflict of duties": made.facts(
		"politie", "D04", made.record("suiciderisico", "ggz-2", "ggz"),
		_emergency("conflict_van_plichten", "D04", _words("suiciderisico", by)),
	),
	"vital interest": made.facts(
		"ggz", "D03", made.record("in_zorg_bij", "ggz-2", "ggz"),
		object.union(
			{"action": "verstrekken", "started_by": "ggz-2"},
			_emergency("vitaal_belang", "D03", _words("in_zorg_bij", by)),
		),
	),
	"Wmo provider": made.facts(
		"college", "D02", made.record("in_zorg_bij", "wmo-2", "wmo_aanbieder"),
		_exception("gh_wettelijk_recht", {"article": "wm05", "source": "wmo-2"}, _words("in_zorg_bij", by)),
	),
	"article": made.facts(
		"om", "D04", made.record("suiciderisico", "ggz-2", "ggz"),
		object.union(
			{"casus": {"wvggz_status": "titel_actief"}},
			_exception("gh_wettelijke_plicht", {"article": "wv13"}, _words("suiciderisico", by)),
		),
	),
	"good care": made.facts(
		"college", "D02", _advice,
		_exception("gh_goed_hulpverlenerschap", {}, _words("bejegeningsadvies", by)),
	),
}

test_a_field_is_named_by_its_key[note] if {
	some note, facts in _naming("key")
	count(_gets(facts)) == 1
}

test_a_field_is_not_named_by_its_group[note] if {
	some note, facts in _naming("group")
	_gets(facts) == set()
	"E_BEROEPSGEHEIM" in _codes(facts)
	_duties(facts) == set()
}

test_an_emergency_that_does_not_name_the_field_was_not_offered if {
	failing := {"emergency": {"reason": false}, "legal_bases": []}
	"E_NOOD" in _codes(object.union(_naming("key")["conflict of duties"], failing))
	not "E_NOOD" in _codes(object.union(_naming("group")["conflict of duties"], failing))
}

_live := {
	"starts now": {"valid_from": made.at},
	"ends later": {"valid_until": "2027-01-10T11:00:00.000001Z"},
	"no end": {"valid_until": null},
}

_not_live := {
	"starts later": {"valid_from": "2027-01-10T11:00:00.000001Z"},
	"ends now": {"valid_until": made.at},
	"no start": {"valid_from": null},
}

_dated(dates) := _gathered(made.facts("ggz", "D02", _plan, {"legal_bases": [made.basis("wgs", dates)]}))

test_live[note] if {
	some note, dates in _live
	_dated(dates).allow == true
}

test_not_live[note] if {
	some note, dates in _not_live
	_dated(dates).allow == false
}

test_valid_until_is_the_next_date if {
	_gathered(made.facts("ggz", "D02", _plan, {})).valid_until == made.after
	later := "2027-02-01T00:00:00.000000Z"
	_gathered(made.facts("ggz", "D02", object.union(_plan, {"destroy_on": later}), {})).valid_until == later
}
