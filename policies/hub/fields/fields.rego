# METADATA
# description: The fields that were asked, and the units in which the rules work them out.
package hub.fields

import data.hub.asker
import data.hub.catalog

# METADATA
# description: The catalogue.
known := catalog.fields

# METADATA
# description: The known fields that were asked, each once.
default asked := []

asked := object.keys(known) if {
	"*" in input.requested
} else := input.requested if {
	count(unknown) == 0
} else := [field | some field in input.requested; known[field]]

# METADATA
# description: Asked names that the catalogue does not have.
unknown := {field |
	names := known
	some field in input.requested
	field != "*"
	not names[field]
}

# METADATA
# description: |
#   Rows of records. A row is a record of the contract (`field`), or several that differ in their field alone
#   (`fields`, made by the hub before the engine to spare it the repetition).
rows := _packed if {
	count(_single) == 0
} else := array.concat(_packed, [object.union(record, {"fields": [record.field]}) | some record in _single])

default _packed := []

_packed := input.rows if is_array(input.rows)

default _single := []

_single := input.records

# METADATA
# description: |
#   field -> unit. Fields of one group that no rule tells apart are worked out once, as their group;
#   a field that something names by its key stands alone.
units := {field: field | some field in asked} if {
	_all_apart
} else := {field: unit |
	names := known
	apart := _apart
	some field in asked
	unit := object.get(apart, field, names[field].group)
}

# The derde rules ask the category of the field (Z or S), R17 its secrecy word.
default _all_apart := false

_all_apart if asker.derde

_apart := {field: field | some field in ((_named_by_rule | _named_in_column) | _named_in_facts)}

_named_by_rule := {"bsn", "contactpersoon_1", "melder_gegevens"} | (_named_as_never | _named_by_article)

_named_as_never := {field |
	some rule in data.hub.tables.overrides.never
	some kind in rule.acts_as
	asker.acts_as[kind]
	some list in [rule.but, rule.fields]
	some field in list
}

_articles := data.hub.tables.articles.rows

_named_by_article := {field | some row in input.legal_bases; some field in _articles[row.kind].fields} | {field |
	some row in input.secrecy_exceptions
	some field in _articles[split(row.article, "(")[0]].fields
}

_ceiling := data.hub.tables.ceiling

_column := _ceiling.columns[asker.column]

_named_in_column := {field | some cell in _column; some field, _ in cell.fields} | {field |
	some cell in _column
	some id in cell.conditions
	some field in _ceiling.conditions[id].fields
}

_named_in_facts := {word | some row in input.consents; some word in row.groups} | _named_in_exceptions

_named_in_exceptions := {field | some row in input.secrecy_exceptions; some field in row.fields} | {field |
	some field in input.emergency.fields
}

# METADATA
# description: The units that are asked.
asked_units := {unit | some unit in units}

# METADATA
# description: unit -> its group.
group := {unit: object.get(names, unit, {"group": unit}).group | names := known; some unit in asked_units}

# METADATA
# description: |
#   A fact that lists field keys names this unit. A unit of more fields bears the id of its group, and a group that
#   stands among field keys names none of them.
default named(_, _) := false

named(unit, keys) if {
	unit in keys
	known[unit]
}

# METADATA
# description: The groups of the fields that are asked.
groups := {each | some _, each in group}

# METADATA
# description: A field of category Z or S, with or without star (units of a derde are fields).
default sensitive(_) := false

sensitive(unit) if {
	some category in known[unit].cat
	category in {"Z", "S"}
}
