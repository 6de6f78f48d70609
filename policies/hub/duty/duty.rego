# METADATA
# description: What a release obliges to.
package hub.duty

import data.hub.asker
import data.hub.consent

# METADATA
# description: No export to this partner (R29).
default no_export := false

no_export if input.partner.kind in data.hub.tables.partners.no_export

no_export if asker.derde

# METADATA
# description: Due with every release to this partner.
always := ({"log_dataverwerking"} | {type | no_export; some type in ["no_export", "watermark"]}) | {"feedback_due" |
	asker.derde
	input.casus.regime == "wgs_zvh"
}

_told if input.partner.id in input.casus.informed_of

_told if {
	is_string(input.casus.uavg41_until)
	input.at < input.casus.uavg41_until
}

# METADATA
# description: Telling the betrokkene is due for what goes out without his consent.
default inform := false

inform if {
	not asker.betrokkene
	not _told
}

# METADATA
# description: An emergency used.
emergency := {"notify_bron", "review_fg", "note_in_dossier"} | _second

_second contains "second_approval" if not is_string(input.emergency.second_professional)

# METADATA
# description: The instant at which the receiver drops what consents and emergency opened; "" where neither was used.
expiry(consents, with_emergency) := min(instants) if {
	instants := {consent.ends[id] | some id in consents} | {input.emergency.ends_at | with_emergency}
} else := ""
