# METADATA
# description: What a purpose needs of a group (4.1), and the level that the request can reach at most.
package hub.need

_table := data.hub.tables.need

_rank := _table.rank

# METADATA
# description: The purpose is one of the twelve.
default known := false

known if _table.levels[input.purpose]

# METADATA
# description: group -> highest rank that purpose, action and a part in the purpose leave (hit 1, sam 2, vol 3); none where not needed.
cap := {group: min({_rank[level], _most}) |
	some group, level in _table.levels[input.purpose]
	level in {"hit", "sam", "vol"}
}

# METADATA
# description: Groups of which the purpose needs nothing.
idle := {group |
	some group, level in _table.levels[input.purpose]
	level == "-"
}

_most := min({_by_action, _by_part})

_by_action := 1 if {
	input.action == "zoeken"
} else := 3

_by_part := 2 if {
	data.hub.tables.eligibility.rows[input.partner.kind][input.purpose].rule == "part"
} else := 3
