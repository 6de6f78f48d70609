# METADATA
# description: The fields that were asked, and the keys under which the rules work them out.
package hub.fields

import data.hub.asker
import data.hub.catalog

# METADATA
# description: The known fields that were asked.
default asked := set()

asked := {field | some field, _ in catalog.fields} if {
	"*" in input.requested
} else := {field | some field in input.requested; catalog.fields[field]}

# METADATA
# description: Asked names that the catalogue does not have.
unknown contains field if {
	some field in input.requested
	field != "*"
	not catalog.fields[field]
}

# METADATA
# description: |
#   Rows of records. A row is a record of the contract (`field`), or several that differ in their field alone
#   (`fields`, made by the hub before the engine to spare it the repetition).
rows := array.concat(_packed, [object.union(record, {"fields": [record.field]}) | some record in _single])

default _packed := []

_packed := input.rows if is_array(input.rows)

default _single := []

_single := input.records if is_array(input.records)

# METADATA
# description: |
#   field -> unit. Fields of one group that no rule tells apart are worked out once, as their group;
#   a field that something names by its key stands alone.
units := {field: unit |
	some field in asked
	unit := _unit(field)
}

_unit(field) := field if {
	field in _apart
} else := field if {
	_all_apart
} else := catalog.fields[field].group

# The derde rules ask the category of the field (Z or S), R17 its secrecy word.
_all_apart if asker.derde

_apart := ((_named_by_rule | _named_in_column) | _named_in_facts) & asked

_named_by_rule := {"bsn", "communicatie_aanpassing", "contactpersoon_1", "essentiele_voorwaarden", "melder_gegevens"}

_column := data.hub.tables.ceiling.columns[asker.column]

_named_in_column := {field | some cell in _column; some field, _ in cell.fields} | {field |
	some cell in _column
	some id in cell.conditions
	some field in data.hub.tables.ceiling.conditions[id].fields
}

_named_in_facts := ({field | some row in input.consents; some field in row.groups} | {field |
	some row in input.secrecy_exceptions
	some field in row.fields
}) | {field | some field in input.emergency.fields}

# METADATA
# description: The units that are asked.
asked_units := {unit | some unit in units}

# METADATA
# description: unit -> its group.
group := {unit: catalog.fields[field].group | some field, unit in units}

# METADATA
# description: unit -> the words by which a consent or refusal can mean it.
tokens := {unit: {unit, found, "*"} | some unit, found in group}
