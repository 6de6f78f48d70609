package hub.asker_test

import data.hub.asker
import data.hub.made

_as(kind, changes) := object.union(made.request(kind, "D02", "naam"), changes)

_regisseur(employer) := _as("casusregisseur", {"partner": {"employer_kind": employer}})

_person(changes) := object.union(made.request("betrokkene", "D11", "naam"), object.union({"partner": {"standing": "betrokkene"}}, changes))

_for_him(from, until) := _person({"partner": {"relations": ["vertegenwoordigt"], "authority_from": from, "authority_until": until}})

_watch := _as("toezicht", {"partner": {"standing": "toezicht"}})

test_standing_goes_with_kind if {
	asker.paired == true with input as _as("ggz", {})
	asker.paired == true with input as _as("ggz", {"partner": {"standing": "derde"}})
	asker.paired == true with input as _person({})
	asker.paired == true with input as _watch
	asker.paired == false with input as _as("ggz", {"partner": {"standing": "betrokkene"}})
	asker.paired == false with input as _as("woningcorporatie", {})
	asker.paired == false with input as _as("ander", {})
}

test_the_employer_of_a_casusregisseur if {
	asker.employer_unknown == true with input as _regisseur(null)
	asker.employer_unknown == false with input as _regisseur("ggz")
	asker.employer_unknown == false with input as _as("ggz", {})
	asker.acts_as == {"casusregisseur"} with input as _regisseur(null)
	asker.acts_as == {"casusregisseur", "college"} with input as _regisseur("college")
	asker.acts_as == {"ggz"} with input as _as("ggz", {"partner": {"employer_kind": "politie"}})
}

test_care_counts_by_kind_or_employer if {
	asker.care == true with input as _as("verslavingszorg", {})
	asker.care == true with input as _regisseur("ggz")
	asker.care == false with input as _regisseur("college")
	asker.care == false with input as _as("politie", {"partner": {"employer_kind": "ggz"}})
}

test_public_bodies_by_kind_or_employer if {
	asker.public == true with input as _as("college", {})
	asker.public == true with input as _regisseur("politie")
	asker.public == false with input as _regisseur("ggz")
	asker.public == false with input as _as("ggz", {"partner": {"employer_kind": "politie"}})
}

test_insurers_by_kind_or_employer if {
	asker.insurer == true with input as _as("zorgkantoor", {})
	asker.insurer == true with input as _regisseur("zorgverzekeraar")
	asker.insurer == false with input as _regisseur("ggz")
	asker.insurer == false with input as _as("ggz", {"partner": {"employer_kind": "zorgkantoor"}})
}

test_authority_has_its_time if {
	asker.without_authority == false with input as _for_him(made.before, made.after)
	asker.without_authority == true with input as _for_him(made.before, made.at)
	asker.without_authority == true with input as _for_him(null, null)
	asker.without_authority == false with input as _person({})
	asker.without_authority == false with input as _as("naaste", {"partner": {"relations": ["vertegenwoordigt"], "standing": "derde"}})
}

test_without_authority_he_is_not_the_betrokkene if {
	asker.betrokkene == true with input as _person({})
	asker.betrokkene == true with input as _for_him(made.before, null)
	asker.betrokkene == false with input as _for_him(null, null)
	asker.betrokkene == false with input as _as("ggz", {"partner": {"standing": "betrokkene"}})
	asker.betrokkene == false with input as _person({"partner": {"standing": "deelnemer"}})
	asker.column == "" with input as _for_him(null, null)
	asker.column_g20 == "" with input as _for_him(null, null)
	asker.column == "betrokkene" with input as _person({})
	asker.column_g20 == "betrokkene" with input as _person({})
}

test_supervision_and_derde if {
	asker.supervision == true with input as _watch
	asker.supervision == false with input as _as("ggz", {"partner": {"standing": "toezicht"}})
	asker.supervision == false with input as _as("toezicht", {})
	asker.derde == true with input as _as("ggz", {"partner": {"standing": "derde"}})
	asker.derde == false with input as _as("ggz", {})
	asker.aggregates == true with input as _as("ggz", {"purpose": "D10"})
	asker.aggregates == false with input as _as("ggz", {})
}

test_exempt if {
	asker.exempt == true with input as _person({})
	asker.exempt == true with input as _watch
	asker.exempt == true with input as _as("ggz", {"purpose": "D10"})
	asker.exempt == false with input as _as("ggz", {})
}

test_a_casusregisseur_in_care_reads_the_column_of_care if {
	asker.column == "ggz" with input as _regisseur("verslavingszorg")
	asker.column == "casusregisseur" with input as _regisseur("college")
	asker.column_g20 == "casusregisseur" with input as _regisseur("verslavingszorg")
	asker.column == "politie" with input as _as("politie", {})
	asker.column == "" with input as _as("ander", {})
	asker.column_g20 == "" with input as _as("ander", {})
}

test_the_circle if {
	seats := {"casus": {"involved": ["me"], "triage_group": ["pol-1"]}}
	every name in ["aangemeld", "triage", "afgewezen"] {
		asker.circle == ["pol-1"] with input as _as("ggz", object.union(seats, {"casus": {"phase": name}}))
		asker.in_circle == false with input as _as("ggz", object.union(seats, {"casus": {"phase": name}}))
	}
	asker.circle == ["me"] with input as _as("ggz", seats)
	asker.in_circle == true with input as _as("ggz", seats)
}
