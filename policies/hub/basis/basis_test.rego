package hub.basis_test

import data.hub.basis
import data.hub.made

_as(kind, bases, changes) := object.union(
	object.union(made.request(kind, "D02", "naam"), {
		"requested": ["brp_adres", "diagnose_dsm", "financier", "naam", "politie_incident_laatste", "verhuurder"],
		"legal_bases": bases,
		"records": [
			made.record("naam", "gem-1", "college"),
			made.record("strafrechtelijke_titel", "om-1", "om"),
			made.record("politie_incident_laatste", "pol-1", "politie"),
			made.record("diagnose_dsm", "ggz-2", "ggz"),
		],
	}),
	changes,
)

_one(kind, changes) := [made.basis(kind, changes)]

_in(regime) := {"casus": {"regime": regime}}

# The smallest id that opens for this unit and source kind, "" where none does.
_any(facts, unit, source_kind) := live.any if {
	live := basis.live(unit, source_kind) with input as facts
}

_refused(facts, unit) := object.get(found, unit, "") if {
	found := basis.refused with input as facts
}

test_a_basis_that_counts if {
	_any(_as("ggz", _one("wgs", {}), {}), "G01", "college") == "lb-1"
	_refused(_as("ggz", _one("wgs", {}), {}), "G01") == ""
}

# Each shuts it.
_unfit := [
	{"partner": "ggz-3"},
	{"purposes": ["D03"]},
	{"purposes": []},
	{"groups": ["G02"]},
	{"groups": []},
	{"valid_from": "2027-01-10T11:00:00.000001Z"},
	{"valid_until": made.at},
]

test_each_shuts_it if {
	every changes in _unfit {
		facts := _as("ggz", _one("wgs", changes), {})
		_any(facts, "G01", "college") == ""
		_refused(facts, "G01") == "E_GRONDSLAG"
	}
}

test_each_leaves_it_open if {
	every changes in [{"purposes": ["D02"]}, {"groups": ["G01"]}, {"valid_until": made.after}] {
		_any(_as("ggz", _one("wgs", changes), {}), "G01", "college") == "lb-1"
	}
}

test_named_groups_stand_beside_all_groups if {
	two := [made.basis("wgs", {"id": "lb-2"}), made.basis("wgs", {"groups": ["G01"]})]
	_any(_as("ggz", two, {}), "G01", "college") == "lb-1"
	_any(_as("ggz", two, {}), "G02", "college") == "lb-2"
	found := basis.for_group with input as _as("ggz", two, {})
	count(found.G01) == 2
	count(found.G02) == 1
	three := array.concat(two, [made.basis("wgs", {"id": "lb-3", "groups": ["G02"]})])
	each := basis.for_group with input as _as("ggz", three, {})
	[row.id | some row in each.G01] == ["lb-2", "lb-1"]
	[row.id | some row in each.G02] == ["lb-2", "lb-3"]
	[row.id | some row in each.G03] == ["lb-2"]
}

test_the_smallest_id_counts if {
	two := [made.basis("wgs", {"id": "lb-2"}), made.basis("wgs", {})]
	_any(_as("ggz", two, {}), "G01", "college") == "lb-1"
	live := basis.live("G01", "college") with input as _as("ggz", two, {})
	live.kinds == {"wgs": "lb-1"}
	count(live.bases) == 2
}

test_kinds_have_their_own_id if {
	two := [made.basis("wgs", {"id": "lb-2"}), made.basis("wpg19", {})]
	live := basis.live("G10", "politie") with input as _as("ggz", two, {})
	live.kinds == {"wgs": "lb-2", "wpg19": "lb-1"}
	live.any == "lb-1"
	other := basis.live("G10", "om") with input as _as("ggz", two, {})
	other.kinds == {"wgs": "lb-2"}
}

# Kind of partner, kind of basis, regime, facts beside it -> counts, or the code.
_regimes := [
	["ggz", "wgs", "wgs_zvh", {}, ""],
	["ggz", "wgs", "wvggz", {}, "E_REGIME"],
	["ggz", "avg6e", "wgs_zvh", {}, "E_REGIME"],
	["zorgverzekeraar", "wgs", "wgs_zvh", {}, "E_REGIME"],
	["vg_lvb", "wgs", "wgs_zvh", {}, "E_REGIME"],
	["vg_lvb", "wgs", "wgs_zvh", {"partner": {"relations": ["wmo_opdracht"]}}, ""],
	["casusregisseur", "wgs", "wgs_zvh", {"partner": {"employer_kind": "college"}}, ""],
	["casusregisseur", "wgs", "wgs_zvh", {"partner": {"employer_kind": "vg_lvb"}}, "E_REGIME"],
	["casusregisseur", "wgs", "wgs_zvh", {"partner": {"employer_kind": "vg_lvb", "relations": ["wmo_opdracht"]}}, ""],
	["zorgverzekeraar", "wgs", "wgs_zvh", {"partner": {"relations": ["wmo_opdracht"]}}, "E_REGIME"],
	["ggz", "avg6b", "zorgteam", {}, ""],
	["ggz", "avg6a", "toestemming", {}, ""],
	["college", "avg6a", "toestemming", {}, "E_GRONDSLAG"],
	["college", "wgs", "toestemming", {}, "E_REGIME"],
	["college", "avg6e", "toestemming", {}, ""],
	["ggz", "avg6e", "toestemming", {}, "E_REGIME"],
	["college", "avg6a", "wgs_zvh", {}, "E_REGIME"],
	["ggz", "avg15", "wgs_zvh", {}, "E_REGIME"],
	["betrokkene", "avg15", "wgs_zvh", {"partner": {"standing": "betrokkene"}}, ""],
	["ggz", "toezicht", "wgs_zvh", {}, "E_REGIME"],
	["toezicht", "toezicht", "wgs_zvh", {"partner": {"standing": "toezicht"}}, ""],
	["college", "wg27", "wgs_zvh", {}, "E_REGIME"],
	["college", "wg27", "wgs_zvh", {"purpose": "D10"}, ""],
	["ggz", "wgs", null, {}, "E_REGIME"],
	["ggz", "derde", "wgs_zvh", {}, "E_GRONDSLAG"],
	["ggz", "derde", "wgs_zvh", {"partner": {"standing": "derde"}}, ""],
	["woningcorporatie", "huur", "wgs_zvh", {"partner": {"standing": "derde"}}, "E_GRONDSLAG"],
	["woningcorporatie", "huur", "wgs_zvh", {"partner": {"standing": "derde", "relations": ["verhuurt"]}}, ""],
	["wmo_aanbieder", "huur", "wgs_zvh", {"partner": {"relations": ["verhuurt"]}}, "E_GRONDSLAG"],
	["wmo_aanbieder", "wmo", "wgs_zvh", {"partner": {"relations": ["wmo_opdracht"]}}, ""],
	["wmo_aanbieder", "wmo", "wgs_zvh", {}, "E_GRONDSLAG"],
	["zorgkantoor", "zv01", "wgs_zvh", {"partner": {"standing": "derde"}}, "E_GRONDSLAG"],
]

_unit_of(row) := unit if {
	facts := _as(row[0], _one(row[1], {}), object.union(_in(row[2]), row[3]))
	units := data.hub.fields.units with input as facts
	unit := units.verhuurder
}

test_kinds_that_count[n] if {
	some n, row in _regimes
	facts := _as(row[0], _one(row[1], {}), object.union(_in(row[2]), row[3]))
	_refused(facts, _unit_of(row)) == row[4]
}

test_a_public_body_with_another_basis_beside_it_is_in_the_wrong_regime if {
	two := [made.basis("avg6a", {}), made.basis("wgs", {"id": "lb-2"})]
	_refused(_as("college", two, _in("toestemming")), "G01") == "E_REGIME"
}

test_one_listed_kind_that_is_not_his_own_makes_it_a_lacking_ground if {
	two := [made.basis("avg6e", {}), made.basis("derde", {"id": "lb-2"})]
	_refused(_as("ggz", two, {}), "G01") == "E_GRONDSLAG"
}

_insurer := {"partner": {"standing": "derde", "relations": ["verzekert"]}}

test_an_insurer_has_his_group if {
	facts := _as("zorgverzekeraar", _one("zv01", {}), _insurer)
	_refused(facts, "financier") == ""
	_any(facts, "financier", "college") == "lb-1"
	_refused(facts, "naam") == "E_GRONDSLAG"
}

# Kind of basis -> source kinds for which it counts, of all in the records.
_sources := {
	"wpg19": {"politie"},
	"wpg20_3": {"politie"},
	"wjsg39f": {"om"},
	"wgs": {"college", "om", "politie", "ggz"},
}

test_kinds_that_look_at_the_source if {
	every kind, kinds in _sources {
		facts := _as("ggz", _one(kind, {}), {})
		{source | some source in ["college", "om", "politie", "ggz"]; _any(facts, "G10", source) != ""} == kinds
	}
}

_procedure := {"casus": {"wvggz_status": "titel_actief"}}

test_an_article_counts_for_its_groups_and_sources if {
	facts := _as("om", _one("wv03", {}), _procedure)
	_any(facts, "G01", "college") == "lb-1"
	_any(facts, "G01", "ggz") == ""
	_refused(facts, "G05") == "E_GRONDSLAG"
	units := basis.by_article with input as facts
	"G01" in units
	not "G05" in units
	none := basis.by_article with input as _as("ggz", _one("wgs", {}), {})
	none == set()
}

test_what_an_article_is if {
	kinds := [made.basis(kind, {"id": kind}) | some kind in ["wv03", "wz01", "wvggz", "wzd", "wgs", "wmo"]]
	basis.articles == {"wv03", "wz01"} with input as _as("om", kinds, {})
}

test_an_article_beside_a_basis_without_groups if {
	two := [made.basis("wgs", {"id": "lb-2"}), made.basis("wv03", {})]
	facts := _as("om", two, _procedure)
	_any(facts, "G01", "college") == "lb-1"
	_any(facts, "G01", "ggz") == "lb-2"
	_any(facts, "G05", "college") == "lb-2"
	units := basis.by_article with input as facts
	not "G05" in units
}

_shared(facts, unit) := object.get({"is": live.any | live := basis.shared(unit) with input as facts}, "is", "differs")

test_bases_shared_by_records_of_any_source if {
	_shared(_as("ggz", _one("wgs", {}), {}), "G01") == "lb-1"
	_shared(_as("ggz", _one("wgs", {"groups": ["G01"]}), {}), "G01") == "lb-1"
	_shared(_as("ggz", _one("wpg19", {}), {}), "G10") == "differs"
	_shared(_as("om", _one("wv03", {}), _procedure), "G01") == "differs"
	_shared(_as("ggz", [], {}), "G01") == ""
}

_advised(facts) := groups if {
	groups := basis.advised with input as facts
}

test_advice_stands_on_the_basis_of_a_derde if {
	derde := {"partner": {"standing": "derde"}}
	both := ["G01", "G02"]
	_advised(_as("woningcorporatie", _one("derde", {"groups": both, "rac_ref": "RAC-1"}), object.union(derde, {"requested": ["naam", "verhuurder"]}))) == {"G01"}
	_advised(_as("woningcorporatie", _one("derde", {"groups": both}), derde)) == set()
	_advised(_as("ggz", _one("derde", {"rac_ref": "RAC-1"}), {})) == set()
	landlord := object.union(derde, {"partner": {"relations": ["verhuurt"]}})
	two := [made.basis("derde", {}), made.basis("huur", {"id": "lb-2", "rac_ref": "RAC-1"})]
	_advised(_as("woningcorporatie", two, landlord)) == set()
}
