package hub.need_test

import data.hub.made
import data.hub.need

_asked(kind, purpose, changes) := object.union(made.request(kind, purpose, "*"), changes)

_table := {"rank": {"-": 0, "hit": 1, "sam": 2, "vol": 3, "agg": 9}, "levels": {"D02": {"G01": "vol", "G02": "hit", "G03": "-", "G04": "agg", "G05": "sam"}}}

_cap(facts) := cap if {
	cap := need.cap with input as facts with data.hub.tables.need as _table
}

test_a_purpose_is_one_of_the_twelve if {
	need.known == true with input as _asked("ggz", "D12", {})
	need.known == false with input as _asked("ggz", "D13", {})
}

test_the_table_says_how_far if _cap(_asked("ggz", "D02", {})) == {"G01": 3, "G02": 1, "G05": 2}

test_of_groups_that_are_not_asked_nothing_is_said if {
	_cap(_asked("ggz", "D02", {"requested": ["naam"]})) == {"G01": 3}
	idle := need.idle with input as _asked("ggz", "D02", {"requested": ["naam"]}) with data.hub.tables.need as _table
	idle == set()
}

test_a_search_tells_a_hit_at_most if {
	_cap(_asked("ggz", "D02", {"action": "zoeken"})) == {"G01": 1, "G02": 1, "G05": 1}
}

test_a_search_tells_no_aggregate if {
	idle := need.idle with input as _asked("ggz", "D02", {"action": "zoeken"}) with data.hub.tables.need as _table
	idle == {"G03", "G04"}
}

test_a_part_in_a_purpose_gives_a_summary_at_most if {
	rows := {"ggz": {"D02": {"rule": "part"}}}
	cap := need.cap with input as _asked("ggz", "D02", {}) with data.hub.tables.need as _table with data.hub.tables.eligibility.rows as rows
	cap == {"G01": 2, "G02": 1, "G05": 2}
}

test_a_whole_part_does_not_lower if {
	rows := {"ggz": {"D02": {"rule": "yes"}}}
	cap := need.cap with input as _asked("ggz", "D02", {}) with data.hub.tables.need as _table with data.hub.tables.eligibility.rows as rows
	cap.G01 == 3
}

test_of_idle_groups_nothing_is_needed if {
	idle := need.idle with input as _asked("ggz", "D02", {}) with data.hub.tables.need as _table
	idle == {"G03"}
}
