# METADATA
# description: In which view each asked record is judged - one row, one unit, one secrecy word.
package hub.placing

import data.hub.fields

_words := data.hub.tables.secrecy.by_source

_asking := {word: word | some word, row in data.hub.tables.secrecy.words; row.asks}

_spots[i][units[field]][word] contains field if {
	units := fields.units
	known := fields.known
	some i, row in fields.rows
	some field in row.fields
	units[field]
	words := _words[known[field].secrecy_row]
	word := object.get(_asking, object.get(words, row.source_kind, words["*"]), "")
}

# METADATA
# description: The views - row number, unit, secrecy word that asks ("" where none does).
keys := [[i, unit, word] | some i, by_unit in _spots; some unit, by_word in by_unit; some word, _ in by_word]

# METADATA
# description: Each asked record - field, row number, and the number of its view (row, unit, word that asks).
records := [[field, i, n] | some n, [i, unit, word] in keys; some field in _spots[i][unit][word]]
