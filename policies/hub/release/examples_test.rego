# The eight example decisions of the law reference (4.8).

package hub.release_test

import data.hub.made

_medication := made.record("medicatie_actueel", "ggz-2", "ggz")

_both := [made.consent("toestemming", {}), made.consent("toestemming_15a", {"id": "co-2"})]

test_t01_corporatie_never_gets_a_diagnosis if {
	facts := object.union(_corporatie, {
		"requested": ["diagnose_dsm"],
		"records": [made.record("diagnose_dsm", "ggz-2", "ggz")],
		"consents": [made.consent("toestemming", {"purposes": ["D07"]})],
	})
	"E_NOOIT" in _codes(facts)
}

test_t05_police_gets_approach_advice_with_consent if {
	_levels(_opened["wgs+toest"].facts) == {"bejegeningsadvies": "sam"}
}

test_t09_ggz_gets_the_police_summary if {
	_levels(made.facts("ggz", "D02", _mutations, {})) == {"politie_mutaties_samenvatting": "sam"}
}

test_t12_pull_between_care_providers_needs_15a if {
	_codes(made.facts("verslavingszorg", "D05", _medication, {"consents": [made.consent("toestemming", {"purposes": ["D05"]})]})) == {"E_15A"}
}

test_t13_with_15a_and_treatment_role if {
	row := object.union(_medication, {"treating_with": ["me"]})
	facts := made.facts("verslavingszorg", "D05", row, {
		"partner": {"relations": ["behandelt"]},
		"consents": [object.union(consent, {"purposes": ["D05"]}) | some consent in _both],
	})
	_levels(facts) == {"medicatie_actueel": "vol"}
	"log_nen7513" in _duties(facts)
}

test_t18_withdrawn_consent if {
	facts := made.facts("casusregisseur", "D08", made.record("depot_status", "ggz-2", "ggz"), {
		"partner": {"employer_kind": "college"},
		"consents": [made.consent("toestemming", {"withdrawn_at": "2027-01-09T11:00:00.000000Z"})],
	})
	"E_TOESTEMMING" in _codes(facts)
}

test_t23_betrokkene_sees_all_but_the_melder if {
	facts := object.union(made.request("betrokkene", "D11", "naam"), {
		"requested": ["melder_gegevens", "naam"],
		"partner": {"standing": "betrokkene"},
		"records": [made.record("melder_gegevens", "ggd-1", "ggd"), made.record("naam", "gem-1", "college")],
		"legal_bases": [made.basis("avg15", {})],
	})
	_levels(facts) == {"naam": "vol"}
	_codes(facts) == {"E_MELDER"}
}

test_t30_vital_interest_needs_inability if {
	facts := _refused.E_VITAAL
	"E_VITAAL" in _codes(facts)
	not "E_NOOD" in _codes(facts)
}
