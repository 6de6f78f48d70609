# METADATA
# description: The cells of 4.2-4.5 that are the asker's, and the conditions in them.
package hub.ceiling

import data.hub.asker
import data.hub.catalog
import data.hub.fields

_table := data.hub.tables.ceiling

_column := _table.columns[asker.column]

_shut := {"open": []}

# A field that a cell names follows that cell; where two do, the cell of its own group.
_named := {field: part |
	some group, cell in _column
	some field, part in cell.fields
	_names(group, field)
}

_names(group, field) if catalog.fields[field].group == group

_names(_, field) if {
	own := catalog.fields[field].group
	not _column[own].fields[field]
}

# METADATA
# description: unit -> its cell.
cells := {unit: cell |
	some unit, group in fields.group
	cell := _cell(unit, group)
}

_cell(unit, _) := _named[unit]

_cell(unit, "G20") := _table.columns[asker.column_g20].G20 if not _named[unit]

_cell(unit, group) := _column[group] if {
	not _named[unit]
	group != "G20"
} else := _shut if {
	not _named[unit]
	group != "G20"
}

# METADATA
# description: Units whose cell is shut (`-`), or whose condition fails - E_PLAFOND, about the field or the person.
shut := {unit |
	some unit in fields.asked_units
	not _opens(unit)
}

_opens(unit) if count(cells[unit].open) > 0

# METADATA
# description: unit -> what the failing condition of its cell looks at.
failing := {unit: about |
	some unit, cell in cells
	some id in cell.conditions
	about := _fails(id, unit)
}

_fails(id, unit) := "field" if {
	condition := _table.conditions[id]
	not _holds(condition, unit)
}

_fails(id, _) := "record" if {
	_table.conditions[id].person == "titel_of_afwezig"
	not _title_or_absent
}

_title_or_absent if input.casus.wvggz_status == "titel_actief"

_title_or_absent if input.casus.unauthorised_absence == true

_holds(condition, unit) if {
	_field_named(condition, unit)
	_purpose_named(condition)
	_relation_had(condition)
}

_field_named(condition, unit) if unit in condition.fields

_field_named(condition, _) if not condition.fields

_purpose_named(condition) if input.purpose in condition.purposes

_purpose_named(condition) if not condition.purposes

_relation_had(condition) if condition.relation in input.partner.relations

_relation_had(condition) if not condition.relation

# METADATA
# description: Units that hold the consent or refusal that names the asker (G21 without a row).
own_consent := {unit |
	some unit, cell in cells
	"noemt_vrager" in cell.conditions
}

_of_record := {"eigen", "457.2", "toest", "wvggz", "wzd", "cvp", "vitaal"}

# METADATA
# description: An alternative of the unit's cell looks at a record.
default looks_at_record(_) := false

looks_at_record(unit) if {
	some alternative in cells[unit].open
	some ground in alternative.grounds
	_record_bound(ground)
}

_record_bound(ground) if _of_record[ground]

_record_bound(ground) if startswith(ground, "wpg")

_record_bound(ground) if startswith(ground, "wjsg")

# METADATA
# description: unit -> article words (wvggz, wzd) by which the cell opens for any article (not one by name).
article_words := {unit: words |
	some unit, cell in cells
	words := {ground |
		some alternative in cell.open
		some ground in alternative.grounds
		ground in {"wvggz", "wzd"}
		not alternative.by
	}
}

# METADATA
# description: unit -> articles by which the cell opens by name, the relation that it asks being there.
article_names := {unit: names |
	some unit, cell in cells
	names := {name |
		some alternative in cell.open
		some name in alternative.by
		has_relation(alternative)
	}
}

# METADATA
# description: The relation that the alternative asks is there, or it asks none.
default has_relation(_) := false

has_relation(alternative) if not alternative.relation

has_relation(alternative) if alternative.relation in input.partner.relations
