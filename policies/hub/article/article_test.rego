package hub.article_test

import data.hub.article
import data.hub.made

_runs := {"casus": {"wvggz_status": "titel_actief", "wzd_status": "titel_actief"}, "partner": {"relations": ["zorgverantwoordelijke"]}}

_given(kind, name, changes) := object.union(
	object.union(made.request(kind, "D06", "naam"), _runs),
	object.union({"legal_bases": [made.basis(name, {})]}, changes),
)

_all := ["*"]

_received(facts) := names if {
	names := article.received with input as facts
}

_reaching(facts) := found if {
	found := article.reaching with input as object.union(facts, {"requested": _all})
}

test_up_to_the_first_bracket if {
	article.base("wv30(1)(a)") == "wv30"
	article.base("wm05") == "wm05"
}

test_an_article_names_its_receivers if {
	_received(_given("om", "wv03", {})) == {"wv03"}
	_received(_given("politie", "wv03", {})) == set()
	_received(_given("om", "wgs", {})) == set()
}

test_a_relation_that_an_article_asks if {
	_received(_given("ggz", "wv30", {})) == {"wv30"}
	_received(_given("ggz", "wv30", {"partner": {"relations": []}})) == set()
	_received(_given("politie", "wv30", {"partner": {"relations": []}})) == {"wv30"}
}

test_an_exception_mentions_an_article_too if {
	facts := _given("om", "wgs", {"secrecy_exceptions": [made.exception("gh_wettelijke_plicht", {"article": "wv03(2)"})]})
	_received(facts) == {"wv03"}
}

test_an_article_reaches_its_groups if {
	found := _reaching(_given("om", "wv03", {}))
	found.G01 == {"wv03"}
	found.G13 == {"wv03"}
	found.G10 == set()
	found.bsn == {"wv03"}
	_reaching(_given("om", "wgs", {})) == {}
}

test_an_article_of_one_field_reaches_no_more if {
	found := _reaching(_given("college", "wv14", {}))
	found.essentiele_voorwaarden == {"wv14"}
	found.G13 == set()
}

test_an_article_opens_what_the_column_opens_by_it if {
	found := _reaching(_given("politie", "wv30", {}))
	found.G03 == set()
	found.bejegeningsadvies == {"wv30"}
	named := _reaching(_given("ggz", "wv30", {}))
	named.G10 == {"wv30"}
	named.G12 == set()
	other := _reaching(_given("vg_lvb", "wz07", {}))
	other.G10 == {"wz07"}
	other.G01 == set()
}

_running(facts) := names if {
	names := article.running with input as facts
}

test_a_procedure_runs if {
	_running(_given("om", "wv03", {})) == {"wv03"}
	every status in ["geen", null] {
		_running(_given("om", "wv03", {"casus": {"wvggz_status": status}})) == set()
		_running(_given("om", "wz01", {"casus": {"wzd_status": status}})) == set()
	}
	_running(_given("om", "wz01", {"casus": {"wvggz_status": "geen"}})) == {"wz01"}
}

test_sources if {
	article.names_source("wv03", "college") == true
	article.names_source("wv03", "ggz") == false
	article.names_source("wgs", "ggz") == false
}

test_words if {
	article.fits("wv30", "WV") == true
	article.fits("wz01", "WV") == false
	article.fits("wz01", "WZ") == true
	article.fits("wv30", "WZ") == false
	every word in ["WV", "WZ"] {
		article.fits("wm05", word) == true
	}
	every word in ["BG", ""] {
		article.fits("wv30", word) == true
		article.fits("wz01", word) == true
	}
}

test_a_duty_or_a_permission if {
	article.exception == {"wv03": "gh_wettelijke_plicht"} with input as _given("om", "wv03", {})
	article.exception == {"wv27": "gh_wettelijk_recht"} with input as _given("college", "wv27", {})
}

_recorded(facts, name, unit, kind) := lifts if {
	lifts := article.recorded(name, unit, kind) with input as object.union(facts, {"requested": _all})
}

test_a_recorded_article_names_receiver_source_and_group if {
	facts := _given("om", "wv03", {})
	_recorded(facts, "wv03", "G01", "college") == true
	_recorded(facts, "wv03", "G10", "college") == false
	_recorded(facts, "wv03", "G01", "ggz") == false
	_recorded(object.union(facts, {"casus": {"wvggz_status": "geen"}}), "wv03", "G01", "college") == false
}

test_two_articles_without_a_procedure if {
	insurer := _given("zorgverzekeraar", "wgs", {"partner": {"standing": "deelnemer"}})
	_recorded(insurer, "zv01", "G19", "ggz") == true
	_recorded(insurer, "zv01", "G01", "ggz") == false
	_recorded(_given("ggz", "wgs", {}), "zv01", "G19", "ggz") == false
	college := _given("college", "wgs", {})
	_recorded(college, "wm05", "G01", "wmo_aanbieder") == true
	_recorded(college, "wm05", "G01", "ggz") == false
	_recorded(_given("ggz", "wgs", {}), "wm05", "G01", "wmo_aanbieder") == false
}
