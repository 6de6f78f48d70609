# METADATA
# description: |
#   The decision by the tables that are valid at the moment of the request (R33). Versions of a table stand side by side;
#   which of them counts from when is worked out with the bundle (hub.pdp.periods). An OPA server is asked here; the hub
#   keeps the tables of each period apart, and asks `hub.release` with those of the moment.
package hub.dated

import data.hub.release

# METADATA
# description: |
#   As `hub.release.gathered`. Not defined where no approved tables are valid (then there is no catalogue of the moment
#   either) - nothing is released.
gathered := release.gathered if {
	_first_versions
} else := found if {
	found := release.gathered with data.hub.tables as _tables with data.hub.catalog as _catalog
}

# METADATA
# description: As `hub.release.decision`, by the tables of the moment.
decision := release.decision if {
	_first_versions
} else := found if {
	found := release.decision with data.hub.tables as _tables with data.hub.catalog as _catalog
}

# folder of a table -> the day of its version, where that is not the first one.
_days := data.hub.periods[_last].days

_last := max({n |
	is_string(input.at)
	some n, period in data.hub.periods
	period.start <= input.at
})

_first_versions if count(_days) == 0

_tables := {name: _version(table, object.get(_days, ["tables", name], "")) | some name, table in data.hub.tables}

_catalog := _version(data.hub.catalog, object.get(_days, "catalog", ""))

_version(table, "") := table

_version(table, day) := table[day]
