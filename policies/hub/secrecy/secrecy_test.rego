package hub.secrecy_test

import data.hub.made
import data.hub.secrecy

_view(kind, unit, word, changes) := object.union(
	{
		"i": 0,
		"row": made.record(unit, "ggz-2", kind),
		"unit": unit,
		"word": word,
		"live": {"any": "lb-1", "kinds": {}, "bases": []},
		"articles": [],
		"consent": "",
	},
	changes,
)

_facts(kind, changes) := object.union(
	object.union(made.request(kind, "D04", "naam"), {"requested": ["*"], "records": [made.record("bejegeningsadvies", "ggz-2", "ggz")]}),
	changes,
)

_lifted(view, facts) := object.get({"by": pair | pair := secrecy.lifted(view) with input as facts}, "by", "nothing")

_bg := _view("ggz", "bejegeningsadvies", "BG", {})

_exceptions(rows) := {"secrecy_exceptions": [made.exception(row[0], row[1]) | some row in rows]}

_treated := {
	"partner": {"relations": ["behandelt"]},
	"records": [object.union(made.record("bejegeningsadvies", "ggz-2", "ggz"), {"treating_with": ["me"]})],
}

_emergency := {"emergency": made.emergency("conflict_van_plichten", {})}

_article := {"articles": [{"id": "lb-2", "kind": "wv30"}]}

_mentioned := {"legal_bases": [made.basis("wv30", {})], "casus": {"wvggz_status": "titel_actief"}}

test_nothing_lifts_it if {
	_lifted(_bg, _facts("politie", {})) == "nothing"
	_lifted(_view("ggz", "bejegeningsadvies", "WM", {}), _facts("politie", {})) == "nothing"
}

# One by one, in the order of the table.
test_same_treatment if {
	_lifted(_bg, _facts("ggz", _treated)) == ["457.2", "gh_rechtstreeks_betrokken"]
	_lifted(object.union(_bg, {"consent": "co-1"}), _facts("ggz", _treated)) == ["457.2", "gh_rechtstreeks_betrokken"]
}

test_article if {
	_lifted(object.union(_bg, _article), _facts("politie", _mentioned)) == ["article", "gh_wettelijke_plicht"]
	_lifted(object.union(_bg, object.union(_article, {"consent": "co-1"})), _facts("politie", _mentioned)) == ["article", "gh_wettelijke_plicht"]
}

_lawful := ["gh_wettelijke_plicht", {"article": "wv30", "fields": ["bejegeningsadvies"]}]

test_a_recorded_article if {
	_lifted(_bg, _facts("politie", object.union(_mentioned, _exceptions([_lawful])))) == ["record", "se-1"]
	right := ["gh_wettelijk_recht", _lawful[1]]
	_lifted(object.union(_bg, {"consent": "co-1"}), _facts("politie", object.union(_mentioned, _exceptions([right])))) == ["record", "se-1"]
}

# What is changed of a recorded article, and of the view.
_not_lawful := [
	[["gh_overig", {}], {}],
	[["gh_wettelijke_plicht", {"fields": ["naam"]}], {}],
	[["gh_wettelijke_plicht", {"article": "wz01"}], {}],
	[["gh_wettelijke_plicht", {"article": null}], {}],
	[["gh_wettelijke_plicht", {"source": "ggz-3"}], {}],
	[["gh_wettelijke_plicht", {"receivers": ["om-1"]}], {}],
	[["gh_wettelijke_plicht", {"purposes": ["D07"]}], {}],
	[["gh_wettelijke_plicht", {"valid_until": made.at}], {}],
	[["gh_wettelijke_plicht", {}], {"word": "WZ"}],
	[["gh_wettelijke_plicht", {}], {"row": {"source_kind": "wmo_aanbieder"}}],
]

test_a_recorded_article_that_does_not_fit if {
	every pair in _not_lawful {
		row := [pair[0][0], object.union(_lawful[1], pair[0][1])]
		_lifted(object.union(_bg, pair[1]), _facts("politie", object.union(_mentioned, _exceptions([row])))) == "nothing"
	}
}

# wv12 reaches the whole of G04 for a geneesheer-directeur.
_of_group(unit, word) := _lifted(
	_view("ggz", unit, "BG", {}),
	_facts("geneesheer_directeur", object.union(_mentioned, _exceptions([["gh_wettelijke_plicht", {"article": "wv12", "fields": [word]}]]))),
)

test_a_group_in_a_recorded_article_names_no_field if {
	_of_group("zorgcontact_status", "zorgcontact_status") == ["record", "se-1"]
	_of_group("G04", "G04") == "nothing"
}

test_any_purpose_may_be_recorded if {
	row := ["gh_wettelijke_plicht", object.union(_lawful[1], {"purposes": ["*"]})]
	_lifted(_bg, _facts("politie", object.union(_mentioned, _exceptions([row])))) == ["record", "se-1"]
}

test_the_smallest_id_is_named if {
	two := _exceptions([_lawful, ["gh_wettelijke_plicht", object.union(_lawful[1], {"id": "se-0"})]])
	_lifted(_bg, _facts("politie", object.union(_mentioned, two))) == ["record", "se-0"]
	other := _exceptions([_lawful, ["gh_wettelijke_plicht", object.union(_lawful[1], {"id": "se-0", "source": "ggz-3"})]])
	_lifted(_bg, _facts("politie", object.union(_mentioned, other))) == ["record", "se-1"]
}

test_consent if {
	every word in ["BG", "WV", "WM"] {
		_lifted(object.union(_bg, {"word": word, "consent": "co-1"}), _facts("politie", object.union(_emergency, _exceptions([["gh_goed_hulpverlenerschap", {}]])))) == ["toest", "co-1"]
	}
}

_good := ["gh_goed_hulpverlenerschap", {}]

test_good_care if _lifted(_bg, _facts("politie", object.union(_emergency, _exceptions([_good])))) == ["record", "se-1"]

_not_good := [
	[{"fields": ["naam"]}, {}, {}],
	[{"consent_attempted": false}, {}, {}],
	[{"consent_attempted": null}, {}, {}],
	[{"reason": false}, {}, {}],
	[{"kind": "gh_overig"}, {}, {}],
	[{}, {"casus": {"regime": "wvggz"}}, {}],
	[{}, {"consents": [made.consent("weigering", {})]}, {}],
	[{"fields": ["diagnose_dsm"]}, {}, {"unit": "diagnose_dsm"}],
	[{}, {}, {"word": "WM"}],
]

test_good_care_read_narrowly if {
	every row in _not_good {
		_lifted(object.union(_bg, row[2]), _facts("politie", object.union(row[1], _exceptions([["gh_goed_hulpverlenerschap", row[0]]])))) == "nothing"
	}
}

test_emergency if {
	_lifted(_bg, _facts("politie", _emergency)) == ["emergency", "emergency"]
	_lifted(_view("ggz", "bejegeningsadvies", "WM", {}), _facts("politie", _emergency)) == ["emergency", "emergency"]
	_lifted(object.union(_bg, {"unit": "naam"}), _facts("politie", _emergency)) == "nothing"
}

_wgs := {"live": {"kinds": {"wgs": "lb-1"}}}

_supplied(word, changes) := _lifted(object.union(_bg, object.union(_wgs, {"word": word})), _facts("politie", changes))

test_the_supply_duty_never_lifts_medical_secrecy if {
	_supplied("BG", {}) == "nothing"
	_supplied("WV", {}) == ["supply", "gh_wettelijk_recht"]
	_supplied("WM", {}) == ["supply", "gh_wettelijk_recht"]
	_supplied("WV", {"casus": {"involved": []}}) == "nothing"
	_supplied("WM", {"casus": {"involved": []}}) == "nothing"
	_supplied("WM", _emergency) == ["emergency", "emergency"]
	_supplied("WV", _emergency) == ["emergency", "emergency"]
}

_wmo := {"live": {"kinds": {"wmo": "lb-3"}}}

test_the_wmo_lifts_its_own if {
	_lifted(_view("college", "dagbesteding_werk", "WM", _wmo), _facts("wmo_aanbieder", {})) == ["wmo", "gh_wettelijk_recht"]
	_lifted(_view("college", "inkomen_bron", "PW", _wmo), _facts("wmo_aanbieder", {"casus": {"involved": []}})) == "nothing"
}

_of_provider := _view("wmo_aanbieder", "dagbesteding_werk", "WM", {})

_wm05 := ["gh_wettelijk_recht", {"article": "wm05", "fields": ["dagbesteding_werk"]}]

test_a_wmo_provider_to_the_college if {
	_lifted(_of_provider, _facts("college", _exceptions([_wm05]))) == ["record", "se-1"]
	two := _exceptions([_wm05, ["gh_wettelijk_recht", object.union(_wm05[1], {"id": "se-0", "source": "ggz-3"})]])
	_lifted(_of_provider, _facts("college", two)) == ["record", "se-1"]
}

_not_wm05 := [
	[["gh_wettelijk_recht", {"fields": ["G14"]}], {"unit": "G14"}],
	[["gh_wettelijk_recht", {"fields": ["verplichte_zorg_vormen"]}], {"unit": "verplichte_zorg_vormen", "word": "WV"}],
	[["gh_overig", {}], {}],
	[["gh_wettelijk_recht", {"fields": ["naam"]}], {}],
	[["gh_wettelijk_recht", {"article": "zv01"}], {}],
	[["gh_wettelijk_recht", {}], {"word": "PW"}],
	[["gh_wettelijk_recht", {}], {"row": {"source_kind": "ggz"}}],
]

test_a_wmo_provider_within_its_law if {
	every pair in _not_wm05 {
		row := [pair[0][0], object.union(_wm05[1], pair[0][1])]
		_lifted(object.union(_of_provider, pair[1]), _facts("college", _exceptions([row]))) == "nothing"
	}
	_lifted(_of_provider, _facts("politie", _exceptions([_wm05]))) == "nothing"
}

# wv23 permits, wv30 obliges.
test_the_article_of_the_smallest_id_is_named if {
	facts := _facts("politie", object.union(_mentioned, {"legal_bases": [made.basis("wv30", {}), made.basis("wv23", {"id": "lb-2"})]}))
	secrecy.by_article([{"id": "lb-2", "kind": "wv23"}, {"id": "lb-1", "kind": "wv30"}]) == "gh_wettelijke_plicht" with input as facts
	secrecy.by_article([{"id": "lb-1", "kind": "wv23"}, {"id": "lb-2", "kind": "wv30"}]) == "gh_wettelijk_recht" with input as facts
}
