# METADATA
# description: The legal regime of the casus and its limits (R03).
package hub.regime

import data.hub.asker
import data.hub.fields

_rows := data.hub.tables.regimes.rows

# METADATA
# description: The row of the casus's regime; none where no regime was chosen.
row := _rows[input.casus.regime]

# METADATA
# description: No regime chosen.
default unknown := false

unknown if not row

# METADATA
# description: Regime toestemming - every field needs a consent as well.
default consent_too := false

consent_too if {
	row.consent_too
	not asker.exempt
}

# METADATA
# description: Request reasons.
refused contains "E_REGIME" if {
	unknown
	not asker.exempt
}

refused contains "E_REGIME" if {
	_outside
	not asker.exempt
}

_outside if input.partner.kind in row.not

_outside if {
	row.only
	not _within
}

_within if input.partner.kind in row.only

# A casusregisseur: the care kinds themselves stand in `only`.
_within if {
	row.care_employed
	asker.care
}

_within if row.only_group[input.partner.kind]

# METADATA
# description: Units that the regime shuts to all (E_PLAFOND).
shut := {unit |
	not asker.exempt
	some unit, group in fields.group
	group in row.shut_groups
}

# METADATA
# description: Units that lie outside what the regime leaves this partner (E_REGIME).
foreign := {unit |
	not asker.exempt
	only := row.only_group[input.partner.kind]
	some unit, group in fields.group
	group != only
}
