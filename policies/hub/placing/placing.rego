# METADATA
# description: In which view each asked record is judged - one row, one unit, one secrecy word.
package hub.placing

import data.hub.fields

_asking := {word: word | some word, row in data.hub.tables.secrecy.words; row.asks}

# row number -> unit -> word -> the asked fields of the row.
_spots[i][unit][word] contains field if {
	units := fields.units
	known := fields.known
	by_source := data.hub.tables.secrecy.by_source
	asking := _asking
	some i, row in fields.rows
	kind := row.source_kind
	some field in row.fields
	unit := units[field]
	words := by_source[known[field].secrecy_row]
	word := object.get(asking, object.get(words, kind, words["*"]), "")
}

# METADATA
# description: The views - row number, unit, secrecy word that asks ("" where none does), and the asked fields in it.
views := [{"i": i, "unit": unit, "word": word, "fields": sort(placed)} |
	some i, by_unit in _spots
	some unit, by_word in by_unit
	some word, placed in by_word
]
