package hub.supply_test

import data.hub.made
import data.hub.supply

_row(kind, changes) := object.union(made.record("naam", "bron-1", kind), changes)

_police(changes) := _row("politie", {"wpg": object.union(made.police("20(3)"), changes)})

_justice(changes) := _row("om", {"wjsg": object.union(made.justice("39f(1)(f)"), changes)})

_with(rows, changes) := object.union(object.union(made.request("ggz", "D02", "naam"), {"records": rows}), changes)

_codes(row, changes) := codes if {
	found := supply.codes with input as _with([row], changes)
	codes := object.get(found, 0, set())
}

_me := {"partner": {"standing": "betrokkene", "kind": "betrokkene"}, "purpose": "D11"}

_count := {"purpose": "D10"}

_college := _row("college", {})

test_nothing_against_it if {
	_codes(_college, {}) == set()
	_codes(_police({}), {}) == set()
	_codes(_justice({}), {}) == set()
}

# What stands on a record -> its codes for a partner, for the betrokkene, and for D10.
_marks := [
	[{"restricted": true}, {"E_BEPERKT"}, set(), set()],
	[{"disputed": true}, {"E_BEPERKT"}, set(), set()],
	[{"objected": true}, {"E_BEPERKT"}, set(), set()],
	[{"vetoed": true}, {"E_BRON"}, set(), set()],
	[{"denied_to": ["me"]}, {"E_BRON"}, set(), set()],
	[{"denied_to": ["om-1", "dji"]}, set(), set(), set()],
	[{"uavg41": true}, set(), {"E_BEPERKT"}, set()],
	[{"person": "ander"}, {"E_KRING"}, {"E_KRING"}, {"E_KRING"}],
	[{"person": "gezinslid"}, set(), set(), set()],
	[{"destroy_on": made.at}, {"E_TERMIJN"}, {"E_TERMIJN"}, {"E_TERMIJN"}],
	[{"destroy_on": "2027-01-10T11:00:00.000001Z"}, set(), set(), set()],
	[{"regime": "wvggz"}, {"E_REGIME"}, set(), set()],
	[{"regime": null}, {"E_REGIME"}, set(), set()],
	[{"restricted": null}, {"E_INVOER"}, {"E_INVOER"}, {"E_INVOER"}],
	[{"disputed": null}, {"E_INVOER"}, {"E_INVOER"}, {"E_INVOER"}],
	[{"objected": null}, {"E_INVOER"}, {"E_INVOER"}, {"E_INVOER"}],
	[{"vetoed": null}, {"E_INVOER"}, {"E_INVOER"}, {"E_INVOER"}],
	[{"uavg41": null}, {"E_INVOER"}, {"E_INVOER"}, {"E_INVOER"}],
	[{"supplier_agreed": null}, {"E_INVOER"}, {"E_INVOER"}, {"E_INVOER"}],
	[{"supplier_agreed": true}, set(), set(), set()],
	[{"person": null}, {"E_INVOER"}, {"E_INVOER"}, {"E_INVOER"}],
	[{"source_kind": null}, {"E_INVOER"}, {"E_INVOER"}, {"E_INVOER"}],
	[{"source": null}, {"E_INVOER"}, {"E_INVOER"}, {"E_INVOER"}],
]

test_marks[n] if {
	some n, mark in _marks
	row := object.union(_college, mark[0])
	_codes(row, {}) == mark[1]
	_codes(row, _me) == mark[2]
	_codes(row, _count) == mark[3]
}

# The police's are looked at in any case.
test_marks_that_are_the_betrokkenes_alone if {
	_codes(object.union(_police({}), {"uavg41": true}), {}) == set()
	_codes(object.union(_police({}), {"uavg41": true}), _me) == {"E_BEPERKT"}
	relative := object.union(_police({}), {"person": "gezinslid"})
	supply.others == set() with input as _with([relative], {})
	supply.others == {0} with input as _with([relative], _me)
}

test_each_row_has_its_own_codes if {
	rows := [_row("college", {"vetoed": true}), _row("om", {}), _college]
	supply.codes == {0: {"E_BRON"}, 1: {"E_WJSG"}} with input as _with(rows, {})
}

test_denied_to_a_kind if _codes(_row("college", {"denied_to": ["ggz"]}), {}) == {"E_BRON"}

test_a_source_is_not_denied_its_own if {
	_codes(_row("college", {"source": "me", "vetoed": true}), {}) == set()
	_codes(_row("college", {"source": "me", "denied_to": ["ggz"]}), {}) == set()
}

# What is wrong with a supply record of the police.
_police_faults := [
	{"article": null},
	{"category": "9"},
	{"category": null},
	{"authority_agreed": null},
	{"receivers": []},
	{"receivers": ["om-1"]},
]

test_police_supply if {
	every changes in _police_faults {
		_codes(_police(changes), {}) == {"E_WPG"}
	}
	_codes(_row("politie", {}), {}) == {"E_WPG"}
	_codes(_police({"category": "13"}), {}) == set()
}

test_justice_supply if {
	_codes(_justice({"article": null}), {}) == {"E_WJSG"}
	_codes(_justice({"receivers": ["om-1"]}), {}) == {"E_WJSG"}
	_codes(_row("dji", {}), {}) == {"E_WJSG"}
	_codes(_row("om", {}), {}) == {"E_WJSG"}
	_codes(_row("college", {"wjsg": {"article": null, "receivers": []}}), {}) == set()
}

test_receivers_of_a_supply_record if {
	_codes(_police({"receivers": []}), _me) == set()
	_codes(_police({"receivers": []}), _count) == set()
	_codes(object.union(_police({"receivers": []}), {"source": "me"}), {}) == set()
	_codes(_justice({"receivers": []}), _me) == set()
	_codes(_justice({"receivers": ["*"]}), {}) == set()
	_codes(_justice({"receivers": ["*"]}), {"casus": {"involved": []}}) == {"E_WJSG"}
	_codes(_justice({"receivers": ["*"]}), {"partner": {"standing": "derde"}}) == {"E_WJSG"}
	_codes(_police({"receivers": ["*"]}), {}) == set()
}

test_only_own_records_for_rights if {
	_codes(_college, {"purpose": "D11"}) == {"E_DOEL"}
	_codes(object.union(_college, {"source": "me"}), {"purpose": "D11"}) == set()
	_codes(_row("college", {}), {"purpose": "D11", "partner": {"kind": "college"}}) == set()
}

test_own_rows if {
	supply.own == {1} with input as _with([_college, object.union(_college, {"source": "me"})], {})
}

test_others_than_the_betrokkene_count_for_him_alone if {
	rows := [_college, _row("college", {"person": "gezinslid"}), _row("college", {"person": null})]
	supply.others == {1} with input as _with(rows, _me)
	supply.others == set() with input as _with(rows, {})
}

test_articles_of_supply_records if {
	rows := [
		_police({}),
		_police({"article": "16(1)(a)"}),
		_police({"article": "20(1)"}),
		_justice({}),
		_row("dji", {"wjsg": made.justice("51ca")}),
		_row("college", {"wjsg": made.justice("39e"), "wpg": made.police("18")}),
		_row("om", {"wpg": made.police("20(3)"), "wjsg": made.justice("20(3)")}),
	]
	supply.article == {0: "20_3", 1: "16", 2: "20", 3: "39f", 4: "51ca", 6: "20"} with input as _with(rows, {"partner": {"standing": "betrokkene", "kind": "betrokkene"}})
}

test_supply_that_the_ground_wgs_does_not_open if {
	rows := [
		_police({}),
		_police({"article": "16(1)(a)"}),
		_justice({}),
		_row("om", {"wjsg": made.justice("8b(1)")}),
		_row("dji", {"wjsg": made.justice("51ca")}),
		_row("om", {"wjsg": made.justice("39fa")}),
		_college,
		_row("politie", {}),
	]
	supply.barred == {1: "E_WPG", 2: "E_WJSG", 7: "E_WPG"} with input as _with(rows, {})
}

test_two_records_of_one_field_and_source if {
	other := made.record("naam", "bron-2", "college")
	supply.doubles == {["naam", "bron-1"]} with input as _with([_college, _college, other], {})
	supply.doubles == {["naam", "bron-1"]} with input as _with([made.record("bsn", "bron-1", "college"), _college, _college], {})
	supply.doubles == set() with input as _with([_college, other], {})
	supply.doubles == set() with input as _with([_college, made.record("bsn", "bron-1", "college")], {})
}
