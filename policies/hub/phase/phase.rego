# METADATA
# description: Phase and terms of the casus (R01, R27).
# related_resources:
#   - ref: https://wetten.overheid.nl/BWBR0049962
#     description: Wgs 1.8(7), 2.31
package hub.phase

import data.hub.asker
import data.hub.moment
import data.hub.regime

_phase := input.casus.phase

_open_phases := {"toegelaten", "traject", "opgeschaald", "afgeschaald"}

_before := {"aangemeld", "triage"}

_rights if input.purpose in {"D11", "D12"}

_after_closing if input.purpose in {"D10", "D11", "D12"}

# METADATA
# description: Closed by phase, or an open phase past its closing.
default closed := false

closed if _phase in {"afgesloten", "afgeschermd"}

closed if {
	_phase in _open_phases
	not moment.running(input.casus.closed_at)
}

# METADATA
# description: In triage, and the asker takes part in it for D01.
default triage := false

triage if {
	_phase in _before
	input.purpose == "D01"
	input.partner.id in input.casus.triage_group
}

# METADATA
# description: The phase admits the ground wgs - open, or for D10-D12 closed; or the triage.
default open := false

open if {
	_phase in _open_phases
	not closed
}

open if {
	closed
	_after_closing
}

# METADATA
# description: In aangemeld - only G01, G02, G20 and what the aanmelder supplied.
default intake := false

intake if {
	_phase == "aangemeld"
	triage
}

# METADATA
# description: Request reasons.
refused contains "E_FASE" if not _admitted

refused contains "E_TERMIJN" if {
	not _after_closing
	_past_closing
}

refused contains "E_TERMIJN" if {
	not _rights
	_past_term
}

_admitted if {
	_rights
	_phase in ((_open_phases | _before) | {"afgesloten", "afgeschermd", "afgewezen"})
}

_admitted if _phase in _open_phases

_admitted if _phase in {"afgesloten", "afgeschermd"}

_admitted if triage

_past_closing if closed

_past_closing if not moment.running(input.casus.closed_at)

_past_term if not moment.running(input.casus.term_ends_at)

# A term that is not known, where the law sets one.
_past_term if {
	input.casus.regime == "wgs_zvh"
	not is_string(input.casus.term_ends_at)
}

# A regime that is not known may be that one; to who is asked for a regime E_REGIME says it.
_past_term if {
	regime.unknown
	asker.exempt
	not is_string(input.casus.term_ends_at)
}
