# METADATA
# description: Who may or must give what to whom under the Wvggz and the Wzd.
# related_resources:
#   - ref: https://wetten.overheid.nl/BWBR0040635
#     description: Wvggz 5:1-8:34
#   - ref: https://wetten.overheid.nl/BWBR0040632
#     description: Wzd 18a-29
package hub.article

import data.hub.ceiling
import data.hub.fields

# METADATA
# description: The table of articles.
rows := data.hub.tables.articles.rows

_outside := data.hub.tables.articles.outside_statuses

# Only the articles that a fact names are worked out.
_mentioned := {row.kind | some row in input.legal_bases} | {base(row.article) | some row in input.secrecy_exceptions}

# METADATA
# description: An article up to its first bracket; so articles compare.
base(text) := split(text, "(")[0]

# METADATA
# description: Mentioned articles that name the asker as receiver.
received := {name |
	some name in _mentioned
	_received(rows[name])
}

_received(row) if {
	input.partner.kind in row.receivers
	not row.relation[input.partner.kind]
}

_received(row) if row.relation[input.partner.kind] in input.partner.relations

# METADATA
# description: unit -> received articles that name its group (or the field itself).
reaching := {unit: names |
	count(received) > 0
	some unit, group in fields.group
	names := {name | some name in received; _covers(name, rows[name], unit, group)}
}

_covers(_, row, _, group) if {
	group in row.groups
	not row.fields
}

_covers(_, row, unit, _) if unit in row.fields

_covers(_, row, unit, _) if {
	some word in row.groups
	word in ceiling.article_words[unit]
}

_covers(name, row, unit, _) if {
	some word in row.groups
	word in {"wvggz", "wzd"}
	name in ceiling.article_names[unit]
}

# METADATA
# description: Received articles whose procedure runs.
running := {name |
	some name in received
	is_string(input.casus[rows[name].status])
	input.casus[rows[name].status] != "geen"
}

# METADATA
# description: The article names this source kind.
default names_source(_, _) := false

names_source(name, source_kind) if source_kind in rows[name].sources

# METADATA
# description: |
#   The article fits the secrecy word - of `wv..` and `wz..` WV by the one, WZ by the other, and the rest by both; those
#   without a procedure (zv01, wm05) fit every word.
default fits(_, _) := false

fits(name, word) if {
	word == "WV"
	not startswith(name, "wz")
}

fits(name, word) if {
	word == "WZ"
	not startswith(name, "wv")
}

fits(_, word) if not word in {"WV", "WZ"}

# METADATA
# description: Kind of secrecy exception that the article is.
exception := {name: kind |
	some name in received
	kind := {"plicht": "gh_wettelijke_plicht", "mag": "gh_wettelijk_recht"}[rows[name].duty]
}

# METADATA
# description: |
#   A recorded secrecy exception whose article names receiver, source and group, with its procedure: of the table, or
#   one of the two that need none (zv01 for insurers, wm05 from Wmo-aanbieder to college).
default recorded(_, _, _) := false

recorded(name, unit, source_kind) if {
	name in reaching[unit]
	running[name]
	names_source(name, source_kind)
}

recorded(name, unit, source_kind) if {
	row := _outside[name]
	input.partner.kind in row.receivers
	_group_of(row, unit)
	_source_of(row, source_kind)
}

_group_of(row, unit) if fields.group[unit] in row.groups

_group_of(row, _) if not row.groups

_source_of(row, source_kind) if source_kind in row.sources

_source_of(row, _) if not row.sources
