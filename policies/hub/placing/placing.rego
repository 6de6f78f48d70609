# METADATA
# description: In which view each asked record is judged - one row, one unit, one secrecy word.
package hub.placing

import data.hub.fields

_words := data.hub.tables.secrecy.by_source

_asking := {word: word | some word, row in data.hub.tables.secrecy.words; row.asks}

_spots := [[field, i, [i, unit, word]] |
	some i, row in fields.rows
	some field in row.fields
	unit := fields.units[field]
	words := _words[fields.known[field].secrecy_row]
	word := object.get(_asking, object.get(words, row.source_kind, words["*"]), "")
]

# METADATA
# description: The views - row number, unit, secrecy word that asks ("" where none does).
keys := [key | some key in {key | some [_, _, key] in _spots}]

_number := {key: n | some n, key in keys}

# METADATA
# description: Each asked record - field, row number, and the number of its view (row, unit, word that asks).
records := [[field, i, n] | some [field, i, key] in _spots; n := _number[key]]
