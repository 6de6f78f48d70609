package hub.choice_test

import data.hub.choice
import data.hub.made

_as(kind, changes) := object.union(made.request(kind, "D02", "naam"), changes)

_view(changes) := object.union(
	{"i": 0, "row": made.record("naam", "gem-1", "college"), "unit": "G01", "word": "", "consent": "", "articles": []},
	changes,
)

_option(rank, changes) := object.union(
	{"rank": rank, "way": {"kind": "wgs", "consent": false}, "basis": "lb-1", "lift": {"by": "", "names": null, "cap": 3}},
	changes,
)

_released(view, options, facts) := release if {
	release := choice.release(view, options) with input as facts
}

_none(view, options, facts) if {
	count({1 | choice.release(view, options) with input as facts}) == 0
}

_duties(view, option, facts) := release.duties if {
	release := _released(view, [option], facts)
}

_able := {"partner": {"fulfils": ["log_dataverwerking", "inform_betrokkene"]}}

test_one_alternative if {
	_released(_view({}), [_option(3, {})], _as("ggz", {})) == {
		"level": "vol", "basis": "lb-1", "exception": null, "expiry": "",
		"duties": {"log_dataverwerking", "inform_betrokkene"},
	}
}

test_levels if {
	every rank, level in {1: "hit", 2: "sam", 3: "vol", 9: "agg"} {
		_released(_view({}), [_option(rank, {})], _as("ggz", {})).level == level
	}
}

test_none_without_alternatives if _none(_view({}), [], _as("ggz", {}))

test_the_highest_counts_and_of_these_the_first if {
	three := [_option(2, {"basis": "lb-2"}), _option(3, {"basis": "lb-3"}), _option(3, {"basis": "lb-4"})]
	_released(_view({}), three, _as("ggz", {})).basis == "lb-3"
}

test_one_whose_duties_he_can_carry_out if {
	urgent := _option(3, {"basis": "lb-2", "way": {"kind": "emergency"}})
	facts := _as("ggz", object.union(_able, {"emergency": made.emergency("vitaal_belang", {"purposes": ["D02"]})}))
	_none(_view({}), [urgent], facts)
	_released(_view({}), [urgent, _option(3, {})], facts).basis == "lb-1"
	_none(_view({}), [urgent, _option(2, {})], facts)
	_none(_view({}), [_option(3, {})], _as("ggz", {"partner": {"fulfils": ["log_dataverwerking"]}}))
	_released(_view({}), [_option(3, {})], _as("ggz", _able)).basis == "lb-1"
}

test_aggregates_are_logged_alone if {
	_duties(_view({"word": "BG"}), _option(9, {}), _as("ggz", {})) == {"log_dataverwerking"}
	_released(_view({}), [_option(9, {"way": {"consent": true}})], _as("ggz", {})).expiry == ""
}

test_medical_words_are_logged_by_nen7513 if {
	every word in ["BG", "WV", "WZ"] {
		"log_nen7513" in _duties(_view({"word": word}), _option(3, {}), _as("ggz", {}))
	}
	not "log_nen7513" in _duties(_view({"word": "WM"}), _option(3, {}), _as("ggz", {}))
}

_own := {"records": [object.union(made.record("naam", "gem-1", "college"), {"source": "me"})]}

test_telling_the_betrokkene if {
	not "inform_betrokkene" in _duties(_view({"consent": "co-1"}), _option(3, {}), _as("ggz", {}))
	not "inform_betrokkene" in _duties(_view({}), _option(3, {}), _as("ggz", {"casus": {"informed_of": ["me"]}}))
	not "inform_betrokkene" in _duties(_view({}), _option(3, {}), _as("ggz", _own))
}

_given := {"consents": [made.consent("toestemming", {})]}

_end := "2027-06-01T00:00:00.000000Z"

test_a_consent_used_ends if {
	by_ground := _released(_view({"consent": "co-1"}), [_option(3, {"way": {"consent": true}})], _as("ggz", _given))
	by_ground.expiry == _end
	"expires_at" in by_ground.duties
	by_lift := _released(_view({"consent": "co-1"}), [_option(3, {"lift": {"by": "toest", "names": "co-1"}})], _as("ggz", _given))
	by_lift.expiry == _end
	by_lift.exception == "co-1"
	unused := _released(_view({"consent": "co-1"}), [_option(3, {})], _as("ggz", _given))
	unused.expiry == ""
	not "expires_at" in unused.duties
}

test_in_a_regime_of_consent_each_is_used if {
	facts := _as("ggz", object.union(_given, {"casus": {"regime": "toestemming"}}))
	_released(_view({"consent": "co-1"}), [_option(3, {})], facts).expiry == _end
	_released(_view({"consent": "co-1"}), [_option(3, {})], object.union(facts, _own)).expiry == ""
}

_relative := object.union(made.derde([]), {"purpose": "D04"})

test_what_lets_a_relative_act_is_used if {
	by_consent := _as("naaste", object.union(_relative, _given))
	_released(_view({}), [_option(3, {})], by_consent).expiry == _end
	by_emergency := _as("naaste", object.union(_relative, {"emergency": made.emergency("conflict_van_plichten", {})}))
	urgent := _released(_view({}), [_option(3, {})], by_emergency)
	urgent.expiry == "2027-01-11T01:00:00.000000Z"
	"review_fg" in urgent.duties
}

_emergency := {"emergency": made.emergency("vitaal_belang", {"purposes": ["D02"]})}

test_an_emergency_brings_its_duties if {
	facts := _as("ggz", _emergency)
	wanted := {"notify_bron", "review_fg", "note_in_dossier", "second_approval", "expires_at"}
	every option in [_option(3, {"way": {"kind": "emergency"}}), _option(3, {"lift": {"by": "emergency", "names": "emergency"}})] {
		count(wanted - _duties(_view({}), option, facts)) == 0
		_released(_view({}), [option], facts).expiry == "2027-01-11T01:00:00.000000Z"
	}
	soon := {"consents": [made.consent("toestemming", {"expires_at": "2027-01-10T12:00:00.000000Z"})]}
	beside := _released(_view({"consent": "co-1"}), [_option(3, {"way": {"kind": "emergency"}})], object.union(facts, soon))
	beside.expiry == "2027-01-11T01:00:00.000000Z"
	count(wanted & _duties(_view({}), _option(3, {}), facts)) == 0
	_released(_view({}), [_option(3, {})], facts).expiry == ""
}

_person := {"purpose": "D11", "partner": {"standing": "betrokkene"}, "requested": ["diagnose_dsm", "naam"]}

test_through_the_care_provider if {
	view := _view({"unit": "G05", "word": "BG"})
	_duties(view, _option(3, {}), _as("betrokkene", _person)) == {"log_dataverwerking", "log_nen7513", "via_provider"}
	not "via_provider" in _duties(_view({}), _option(3, {}), _as("betrokkene", _person))
	not "via_provider" in _duties(view, _option(3, {}), _as("betrokkene", object.union(_person, _own)))
	not "via_provider" in _duties(object.union(view, {"articles": [{"kind": "wv30"}]}), _option(3, {}), _as("ggz", {"requested": ["diagnose_dsm"]}))
}

test_police_and_justice_hear_of_a_derde if {
	facts := _as("woningcorporatie", made.derde([]))
	every kind in ["politie", "om", "dji"] {
		"notify_bron" in _duties(_view({"row": {"source_kind": kind}}), _option(3, {}), facts)
		not "notify_bron" in _duties(_view({"row": {"source_kind": kind}, "articles": [{"kind": "wv30"}]}), _option(3, {}), _as("ggz", {}))
	}
	not "notify_bron" in _duties(_view({}), _option(3, {}), facts)
}

_articles := {"articles": [{"id": "lb-1", "kind": "wv30"}]}

test_an_article_used_without_consent_is_told if {
	by_ground := _option(3, {"way": {"kind": "article"}})
	by_lift := _option(3, {"lift": {"by": "article", "names": "gh_wettelijke_plicht"}})
	every option in [by_ground, by_lift] {
		"notify_zv" in _duties(_view(_articles), option, _as("ggz", {}))
		not "notify_zv" in _duties(_view(object.union(_articles, {"consent": "co-1"})), option, _as("ggz", {}))
	}
	not "notify_zv" in _duties(_view(_articles), _option(3, {}), _as("ggz", {}))
}
