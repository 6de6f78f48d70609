package hub.ceiling_test

import data.hub.ceiling
import data.hub.made

_as(kind, purpose, changes) := object.union(object.union(made.request(kind, purpose, "naam"), {"requested": ["*"]}), changes)

_cell(facts, unit) := words if {
	cells := ceiling.cells with input as facts
	words := [concat("", [concat("+", alternative.grounds), "@", alternative.level]) | some alternative in cells[unit].open]
}

_shut(facts) := units if {
	units := ceiling.shut with input as facts
}

_failing(facts) := found if {
	found := ceiling.failing with input as facts
}

test_a_field_that_a_cell_names_follows_it if {
	_cell(_as("politie", "D02", {}), "bejegeningsadvies") == ["wgs+toest@sam", "wvggz@sam", "cvp@sam"]
	_cell(_as("politie", "D02", {}), "G04") == []
	_cell(_as("politie", "D02", {}), "G01") == ["wgs@vol", "wvggz@vol"]
}

test_a_field_named_outside_its_group if {
	_cell(_as("woningcorporatie", "D07", {}), "wmo_voorziening") == ["toest@hit"]
}

# A column with one field in the cells of two groups, of which one is its own.
test_the_cell_of_the_own_group_goes_before if {
	both := {
		"G01": {"open": [], "fields": {"naam": {"open": ["own"]}, "brp_adres": {"open": ["other"]}}},
		"G20": {"open": []}, "G02": {"open": [], "fields": {"naam": {"open": ["other"]}, "brp_adres": {"open": ["own"]}}},
	}
	cells := ceiling.cells with input as _as("ggz", "D02", {}) with data.hub.tables.ceiling.columns as {"ggz": both}
	cells.naam.open == ["own"]
	cells.brp_adres.open == ["own"]
}

test_g20_is_of_his_own_column if {
	in_care := _as("casusregisseur", "D02", {"partner": {"employer_kind": "ggz"}})
	_cell(in_care, "G20") == ["wgs@vol", "toest@vol"]
	_cell(in_care, "G03") == ["wgs@sam", "toest@sam"]
	_cell(_as("woningcorporatie", "D07", {}), "casusregisseur") == ["derde@sam", "toest@sam"]
}

test_no_column_is_shut if {
	_cell(_as("ander", "D02", {}), "G01") == []
	"G01" in _shut(_as("ander", "D02", {}))
}

test_shut_cells if {
	found := _shut(_as("politie", "D02", {}))
	"G05" in found
	not "G01" in found
}

# Kind, purpose, unit, and the facts by which the condition of its cell holds.
_conditions := [
	["politie", "D04", "contactpersoon_1", {}],
	["politie", "D04", "toezicht_status", {}],
	["politie", "D04", "interventies", {}],
	["politie", "D04", "G13", {"casus": {"wvggz_status": "titel_actief"}}],
	["politie", "D04", "G13", {"casus": {"unauthorised_absence": true}}],
	["om", "D06", "G05", {}],
	["wmo_aanbieder", "D02", "G06", {"partner": {"relations": ["wmo_opdracht"]}}],
]

test_conditions_that_hold if {
	every row in _conditions {
		found := _failing(_as(row[0], row[1], row[3]))
		object.get(found, row[2], "") == ""
	}
}

_failed := [
	["politie", "D02", "contactpersoon_1", {}, "field"],
	["politie", "D04", "G15", {}, "field"],
	["politie", "D04", "G12", {}, "field"],
	["politie", "D04", "G13", {}, "record"],
	["politie", "D04", "G13", {"casus": {"wvggz_status": "melding", "unauthorised_absence": null}}, "record"],
	["om", "D02", "G05", {}, "field"],
	["wmo_aanbieder", "D02", "G06", {}, "field"],
	["wmo_aanbieder", "D02", "G06", {"partner": {"relations": ["verhuurt"]}}, "field"],
]

test_conditions_that_fail if {
	every row in _failed {
		found := _failing(_as(row[0], row[1], row[3]))
		found[row[2]] == row[4]
	}
}

test_the_record_of_his_own_consent_is_no_condition_of_the_field if {
	object.get(_failing(_as("politie", "D02", {})), "toestemming", "") == ""
	ceiling.own_consent == {"toestemming", "weigering"} with input as _as("politie", "D02", {})
	ceiling.own_consent == set() with input as _as("politie", "D02", {"requested": ["naam"]})
}

_looks(kind, unit) := looks if {
	looks := ceiling.looks_at_record(unit) with input as _as(kind, "D02", {})
}

test_alternatives_that_look_at_a_record if {
	_looks("ggz", "G01") == true
	_looks("ggz", "G10") == true
	_looks("ggz", "G11") == true
	_looks("ggz", "G20") == false
	_looks("politie", "G14") == false
	_looks("politie", "G03") == false
	_looks("om", "G10") == true
	_looks("burgemeester", "G11") == true
}

test_articles_that_open_a_cell if {
	words := ceiling.article_words with input as _as("politie", "D02", {})
	words.G01 == {"wvggz"}
	words.G03 == set()
	mine := ceiling.article_words with input as _as("ggz", "D02", {})
	mine.G01 == set()
	mine.G13 == {"wvggz"}
	asked := _as("ggz", "D02", {"partner": {"relations": ["zorgverantwoordelijke"]}})
	names := ceiling.article_names with input as asked
	names.G01 == {"wv30"}
	names.G04 == {"wv11", "wv12", "wv24"}
	less := ceiling.article_names with input as _as("ggz", "D02", {})
	less.G01 == set()
	less.G04 == {"wv11", "wv12", "wv24"}
}
