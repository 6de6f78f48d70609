# METADATA
# description: The tables that are valid at the moment of the request, and no others.
package hub.dated_test

import data.hub.dated
import data.hub.release

_empty(table, key) := object.union(object.remove(table, [key]), {key: {}})

_catalog := object.union(data.hub.catalog, {"2027-06-01": _empty(data.hub.catalog, "fields")})

_need := object.union(data.hub.tables.need, {"2027-01-01": _empty(data.hub.tables.need, "levels")})

_tables := object.union(data.hub.tables, {"need": _need})

_periods := [
	{"start": "2025-02-28T23:00:00.000000Z", "days": {}},
	{"start": "2026-12-31T23:00:00.000000Z", "days": {"tables": {"need": "2027-01-01"}}},
	{"start": "2027-05-31T22:00:00.000000Z", "days": {"catalog": "2027-06-01", "tables": {"need": "2027-01-01"}}},
]

_request(at) := {
	"at": at,
	"action": "lezen",
	"purpose": "D02",
	"requested": ["bsn"],
	"user": {"id": "u"},
	"partner": {"id": "p", "kind": "ggz", "standing": "deelnemer"},
	"casus": {"id": "c"},
	"rows": [],
	"legal_bases": [],
	"secrecy_exceptions": [],
	"consents": [],
}

_codes(decision) := {refusal.code | some refusal in decision.refusals}

_at(at) := {_codes(decision) |
	decision := dated.decision with input as _request(at)
		with data.hub.periods as _periods
		with data.hub.tables as _tables
		with data.hub.catalog as _catalog
}

test_first_versions_count_until_the_next_ones_start if {
	some codes in _at("2026-12-31T22:59:59.000000Z")
	"E_GEEN_GEGEVEN" in codes
	not "E_DOEL" in codes
	not "E_VELD" in codes
}

test_a_later_version_counts_from_its_instant if {
	some codes in _at("2026-12-31T23:00:00.000000Z")
	codes == {"E_DOEL"}
}

test_what_is_valid_is_chosen_for_the_catalogue_too if {
	some codes in _at("2027-05-31T21:59:59.000000Z")
	codes == {"E_DOEL"}
	decision := dated.decision with input as object.union(_request("2027-05-31T22:00:00.000000Z"), {"purpose": "D02"})
		with data.hub.periods as [{"start": "2027-05-31T22:00:00.000000Z", "days": {"catalog": "2027-06-01"}}]
		with data.hub.catalog as _catalog
	"E_VELD" in _codes(decision)
}

test_before_the_first_nothing_is_decided if _at("2025-02-28T22:59:59.000000Z") == set()

test_without_periods_nothing_is_decided if {
	not dated.decision with input as _request("2027-01-01T00:00:00.000000Z") with data.hub.periods as []
	not dated.gathered with input as _request("2027-01-01T00:00:00.000000Z") with data.hub.periods as []
}

test_without_an_instant_nothing_is_decided if {
	not dated.gathered with input as {} with data.hub.periods as _periods
	not dated.gathered with input as _request(null) with data.hub.periods as _periods
	not dated.gathered with input as _request([])
		with data.hub.periods as _periods
		with data.hub.tables as _tables
		with data.hub.catalog as _catalog
}

test_the_gathered_form_goes_the_same_way if {
	input_ := _request("2027-01-01T00:00:00.000000Z")
	gathered := dated.gathered with input as input_ with data.hub.periods as _periods with data.hub.tables as _tables
	expected := release.gathered with input as input_
		with data.hub.tables.need as _need["2027-01-01"]
	gathered == expected
	{code | some [_, code, _, _, _] in gathered.refusals} == {"E_DOEL"}
}
