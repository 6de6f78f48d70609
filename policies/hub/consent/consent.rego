# METADATA
# description: Consents that are live and refusals that count (R08, R22).
# related_resources:
#   - ref: https://wetten.overheid.nl/BWBR0005290
#     description: BW 7:450, 7:457
package hub.consent

import data.hub.catalog
import data.hub.fields
import data.hub.moment

_named(row) if input.purpose in row.purposes

_named(row) if "*" in row.purposes

# METADATA
# description: Refusals that count for this partner and purpose.
refusals := [row |
	some row in input.consents
	row.kind == "weigering"
	_received(row)
	_named(row)
	not _ended(row)
]

_received(row) if input.partner.id in row.receivers

_received(row) if "*" in row.receivers

# From `given_at` until `withdrawn_at`; a date that is not known does not end a refusal.
_ended(row) if {
	is_string(row.given_at)
	input.at < row.given_at
}

_ended(row) if {
	is_string(row.withdrawn_at)
	row.withdrawn_at <= input.at
}

# METADATA
# description: Consents (and 15a consents) that hold for this partner and purpose, refusals apart.
given := [row |
	some row in input.consents
	row.kind in {"toestemming", "toestemming_15a"}
	input.partner.id in row.receivers
	_named(row)
	_holds(row)
]

_holds(row) if {
	row.capable == true
	row.voluntary == true
	row.recorded_by_treating == true
	moment.within(row.given_at, row.valid_until)
	moment.running(row.withdrawn_at)
	is_string(row.expires_at)
	moment.running(row.expires_at)
	_authorised(row.given_by, row.given_at)
}

# Authority at `given_at` and now; the betrokkene needs none, but what stands there counts.
_authorised(giver, given_at) if {
	is_string(giver.role)
	_begun(giver, given_at)
	_not_over(giver)
}

_begun(giver, given_at) if {
	is_string(giver.authority_from)
	giver.authority_from <= given_at
}

_begun(giver, _) if {
	giver.role == "betrokkene"
	giver.authority_from == null
}

_not_over(giver) if moment.running(giver.authority_until)

_sources := {row.source | some row in fields.rows}

# source -> words refused.
_refused := {source: words |
	count(refusals) > 0
	some source in _sources
	words := {word | some row in refusals; row.source in {source, "*"}; some word in row.groups}
}

# METADATA
# description: A refusal that counts covers this source and unit.
default refused(_, _) := false

refused(source, unit) if {
	words := _refused[source]
	some word in [unit, fields.group[unit], "*"]
	words[word]
}

_granted := {kind: _by_source(kind) | some kind in ["toestemming", "toestemming_15a"]}

# source -> word -> smallest id.
_by_source(kind) := {source: _by_word([row | some row in rows; row.source == source]) |
	rows := [row | some row in given; row.kind == kind]
	some source in {row.source | some row in rows}
}

_by_word(rows) := {word: min([row.id | some row in rows; word in row.groups]) |
	some word in {word | some row in rows; some word in row.groups}
}

# METADATA
# description: Id of the smallest live consent for source and unit; "" where there is none.
of(kind, source, unit) := min(ids) if {
	by_word := _granted[kind][source]
	ids := [id | some word in [unit, fields.group[unit], "*"]; id := by_word[word]]
	not refused(source, unit)
} else := ""

# METADATA
# description: Code of a shut consent - a refusal takes its place.
code(source, unit) := "E_WEIGERING" if {
	refused(source, unit)
} else := "E_TOESTEMMING"

# METADATA
# description: Consents that open at least one of their groups, so that no refusal shuts them whole.
standing contains row if {
	some row in given
	some word in row.groups
	not _shut(row.source, word)
}

_shut(source, word) if {
	some row in refusals
	row.source in {source, "*"}
	some refused_word in row.groups
	refused_word in {"*", word, catalog.fields[word].group}
}

_shut(source, word) if {
	some row in refusals
	row.source in {source, "*"}
	some refused_word in row.groups
	refused_word in {"*", word}
}

# METADATA
# description: Sources with a live consent that names this partner and purpose, of whatever group (G21).
consented := {row.source |
	some row in standing
	input.purpose in row.purposes
}

# METADATA
# description: Sources with a refusal that counts and names this partner by id and this purpose (G21).
declined := {source |
	some row in refusals
	input.partner.id in row.receivers
	input.purpose in row.purposes
	some source in _sources
	row.source in {source, "*"}
}

# METADATA
# description: Smallest id of a live consent that names partner and purpose (eligibility by consent).
default naming := ""

naming := min({row.id | some row in standing; row.kind == "toestemming"; input.purpose in row.purposes})

# METADATA
# description: consent id -> the instant at which what it opened is dropped - end, withdrawal or 12 months.
ends := {id: min(instants) |
	some id in {row.id | some row in given}
	instants := {instant |
		some row in given
		row.id == id
		some instant in [row.valid_until, row.withdrawn_at, row.expires_at]
		is_string(instant)
	}
}
