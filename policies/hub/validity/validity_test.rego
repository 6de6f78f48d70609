package hub.validity_test

import data.hub.made
import data.hub.validity

_soon := "2027-02-01T00:00:00.000000Z"

_base := object.union(made.request("ggz", "D02", "naam"), {
	"legal_bases": [],
	"casus": {"first_processed_at": null, "term_ends_at": null},
})

# One date each: the facts that hold it, and nothing else that ends.
_dated := {
	"statement": {"partner": {"secrecy_statement_until": _soon}},
	"authority from": {"partner": {"authority_from": _soon}},
	"authority until": {"partner": {"authority_until": _soon}},
	"first processed": {"casus": {"first_processed_at": _soon}},
	"term": {"casus": {"term_ends_at": _soon}},
	"closing": {"casus": {"closed_at": _soon}},
	"uavg41": {"casus": {"uavg41_until": _soon}},
	"record": {"records": [object.union(made.record("naam", "gem-1", "college"), {"destroy_on": _soon})]},
	"basis from": {"legal_bases": [made.basis("wgs", {"valid_from": _soon})]},
	"basis until": {"legal_bases": [made.basis("wgs", {"valid_until": _soon})]},
	"exception from": {"secrecy_exceptions": [made.exception("gh_overig", {"valid_from": _soon})]},
	"exception until": {"secrecy_exceptions": [made.exception("gh_overig", {"valid_until": _soon})]},
	"consent from": {"consents": [made.consent("toestemming", {"given_at": _soon})]},
	"consent until": {"consents": [made.consent("toestemming", {"valid_until": _soon})]},
	"consent withdrawn": {"consents": [made.consent("toestemming", {"withdrawn_at": _soon})]},
	"12 months": {"consents": [made.consent("toestemming", {"expires_at": _soon})]},
	"authority of the giver from": {"consents": [made.consent("toestemming", {"given_by": {"authority_from": _soon}})]},
	"authority of the giver until": {"consents": [made.consent("toestemming", {"given_by": {"authority_until": _soon}})]},
	"emergency from": {"emergency": made.emergency("vitaal_belang", {"started_at": _soon, "ends_at": null})},
	"emergency until": {"emergency": made.emergency("vitaal_belang", {"ends_at": _soon})},
}

_until(changes) := until if {
	until := validity.until with input as object.union(_base, changes)
}

test_each_date_is_one if {
	every changes in _dated {
		_until(changes) == _soon
	}
}

# It counts until it is withdrawn.
test_a_refusal_has_no_end_of_its_own if {
	_until({"consents": [made.consent("weigering", {"expires_at": _soon})]}) == null
}

test_nothing_ends if _until({}) == null

test_the_smallest_counts if {
	_until({"casus": {"term_ends_at": made.after, "closed_at": _soon}}) == _soon
}

test_what_is_past_or_now_changes_nothing_more if {
	_until({"casus": {"term_ends_at": made.before, "closed_at": made.at}}) == null
}

test_what_is_no_text_is_no_date if _until({"casus": {"term_ends_at": {}}}) == null
