package hub.fields_test

import data.hub.fields
import data.hub.made

_facts(requested, changes) := object.union(object.union(made.request("ggz", "D02", "naam"), {"requested": requested}), changes)

_some := ["behandeldoelen", "naam", "telefoon_email"]

test_asked_and_unknown if {
	fields.asked == ["naam"] with input as _facts(["naam", "schoenmaat"], {})
	fields.unknown == {"schoenmaat"} with input as _facts(["*", "naam", "schoenmaat"], {})
	fields.unknown == set() with input as _facts(["*", "naam"], {})
}

test_a_star_asks_all if {
	count(fields.asked) == count(fields.known) with input as _facts(["*"], {})
}

test_fields_that_nothing_tells_apart_are_one_unit if {
	units := fields.units with input as _facts(["geboortedatum", "geslacht", "bsn"], {})
	units.bsn == "bsn"
	units.geslacht == "G01"
	group := fields.group with input as _facts(["geboortedatum", "geslacht", "bsn"], {})
	group == {"bsn": "G01", "G01": "G01"}
}

test_what_facts_name_stands_alone if {
	consents := {"consents": [made.consent("toestemming", {"groups": ["geslacht", "G04"]})]}
	fields.asked_units == {"geslacht"} with input as _facts(["geslacht"], consents)
	exceptions := {"secrecy_exceptions": [made.exception("gh_overig", {"fields": ["geslacht"]})]}
	fields.asked_units == {"geslacht"} with input as _facts(["geslacht"], exceptions)
	emergency := {"emergency": made.emergency("vitaal_belang", {"fields": ["geslacht"]})}
	fields.asked_units == {"geslacht"} with input as _facts(["geslacht"], emergency)
}

test_a_fact_names_fields_by_their_keys if {
	fields.named("geslacht", ["bsn", "geslacht"]) == true
	every keys in [["G01"], ["*"], ["bsn"], []] {
		fields.named("geslacht", keys) == false
		fields.named("G01", keys) == false
	}
}

# A table that names a field by its key tells it apart, whichever field that is.
test_what_tables_name_stands_alone if {
	facts := _facts(["geslacht", "in_zorg_bij", "naam"], {})
	fields.asked_units == {"G01", "G04"} with input as facts
	never := [{"acts_as": ["ggz"], "but": ["geslacht"], "fields": ["in_zorg_bij"]}]
	fields.asked_units == {"G01", "geslacht", "in_zorg_bij"} with input as facts with data.hub.tables.overrides.never as never
	others := [object.union(never[0], {"acts_as": ["politie"]})]
	fields.asked_units == {"G01", "G04"} with input as facts with data.hub.tables.overrides.never as others
	articles := {"wv14": {"fields": ["geslacht"]}, "wv15": {}}
	fields.asked_units == {"G01", "G04"} with input as facts with data.hub.tables.articles.rows as articles
	every mention in [{"legal_bases": [made.basis("wv14", {})]}, {"secrecy_exceptions": [made.exception("gh_overig", {"article": "wv14(1)"})]}] {
		mentioned := object.union(facts, mention)
		fields.asked_units == {"G01", "G04", "geslacht"} with input as mentioned with data.hub.tables.articles.rows as articles
	}
}

test_of_a_derde_each_field_stands_alone if {
	fields.asked_units == {"geslacht", "geboortedatum"} with input as _facts(["geboortedatum", "geslacht"], {"partner": {"standing": "derde"}})
}

test_rows_of_either_form if {
	record := made.record("naam", "gem-1", "college")
	row := object.union(record, {"fields": ["naam"]})
	fields.rows == [row] with input as _facts(["naam"], {"records": [record]})
	fields.rows == [row] with input as _facts(["naam"], {"rows": [row]})
	fields.rows == [row, row] with input as _facts(["naam"], {"rows": [row], "records": [record]})
	fields.rows == [] with input as _facts(["naam"], {"records": 3, "rows": "x"})
}

test_sensitive_fields if {
	fields.sensitive("naam") == false
	fields.sensitive("diagnose_dsm") == true
	fields.sensitive("strafrechtelijke_titel") == true
}
