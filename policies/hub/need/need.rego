# METADATA
# description: What a purpose needs of a group (4.1), and the level that the request can reach at most.
package hub.need

import data.hub.fields

_table := data.hub.tables.need

# METADATA
# description: The purpose is one of the twelve.
default known := false

known if _table.levels[input.purpose]

# METADATA
# description: Asked group -> highest rank that purpose, action and a part in the purpose leave (hit 1, sam 2, vol 3); none where not needed.
cap := {group: min([rank, most]) |
	levels := _table.levels[input.purpose]
	ranks := _ranks
	most := _most
	some group in fields.groups
	rank := ranks[levels[group]]
}

# Of the levels of a value: an aggregate is none.
_ranks := {level: rank | some level, rank in _table.rank; level in ["hit", "sam", "vol"]}

# METADATA
# description: Asked groups of which the purpose needs nothing, or nothing that the action tells.
idle := {group |
	levels := _table.levels[input.purpose]
	some group in fields.groups
	levels[group] in _useless
}

# A search tells a hit at most, and an aggregate is none.
_useless := {"-", "agg"} if {
	input.action == "zoeken"
} else := {"-"}

_most := min({_by_action, _by_part})

_by_action := 1 if {
	input.action == "zoeken"
} else := 3

_by_part := 2 if {
	data.hub.tables.eligibility.rows[input.partner.kind][input.purpose].rule == "part"
} else := 3
