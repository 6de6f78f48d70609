# METADATA
# description: Involvement and derden (R04-R06).
package hub.involvement

import data.hub.asker
import data.hub.moment

_wgs if input.casus.regime == "wgs_zvh"

# METADATA
# description: Secrecy statement of a derde, not past.
default statement := false

statement if {
	is_string(input.partner.secrecy_statement_until)
	moment.running(input.partner.secrecy_statement_until)
}

# METADATA
# description: A derde to whom is handed over under the Wgs, so with the conditions of a hand-over.
default hand_over := false

hand_over if {
	_wgs
	asker.derde
	not asker.aggregates
	input.action == "verstrekken"
}

# METADATA
# description: Request reasons.
refused contains "E_NIET_BETROKKEN" if {
	input.partner.standing == "deelnemer"
	not asker.exempt
	not asker.in_circle
}

refused contains "E_DERDE_GEEN_TOEGANG" if {
	_wgs
	asker.derde
	not asker.aggregates
	input.action != "verstrekken"
}

refused contains "E_GEEN_VERKLARING" if {
	hand_over
	not statement
}
