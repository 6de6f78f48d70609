# METADATA
# description: Emergency - conflict van plichten and vital interest (R20, R21).
package hub.emergency

import data.hub.asker
import data.hub.fields
import data.hub.moment

# METADATA
# description: The emergency names this partner and purpose (`*` is no name); which kind it is, or "".
default offered := ""

offered := input.emergency.kind if {
	input.partner.id in input.emergency.receivers
	input.purpose in input.emergency.purposes
}

# METADATA
# description: What lacks, the inability to consent apart.
lacking contains "reason" if not input.emergency.reason == true

lacking contains "time" if not moment.within(input.emergency.started_at, input.emergency.ends_at)

lacking contains "end" if not is_string(input.emergency.ends_at)

lacking contains "recorder" if {
	offered == "vitaal_belang"
	not _care[input.emergency.source_kind]
}

lacking contains "receiver" if {
	offered == "vitaal_belang"
	not asker.care
}

_care := {kind | some kind, row in data.hub.tables.partners.rows; row.care}

_able if {
	offered == "vitaal_belang"
	not input.emergency.unable_to_consent == true
}

# METADATA
# description: The emergency is fulfilled for this partner and purpose.
default fulfilled := false

fulfilled if {
	offered != ""
	count(lacking) == 0
	not _able
}

# METADATA
# description: The emergency is offered for this source and unit.
default meant(_, _) := false

meant(_, unit) if {
	offered == "vitaal_belang"
	fields.named(unit, input.emergency.fields)
}

meant(source, unit) if {
	offered == "conflict_van_plichten"
	source == input.emergency.source
	fields.named(unit, input.emergency.fields)
}

# METADATA
# description: It counts for this source and unit.
default counts(_, _) := false

counts(source, unit) if {
	fulfilled
	meant(source, unit)
}

# METADATA
# description: Ground word of the fulfilled emergency.
default word := ""

word := {"conflict_van_plichten": "cvp", "vitaal_belang": "vitaal"}[offered] if fulfilled

# METADATA
# description: Codes where it was offered and fails.
codes contains "E_VITAAL" if _able

codes contains "E_NOOD" if {
	offered != ""
	count(lacking) > 0
}
