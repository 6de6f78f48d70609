# METADATA
# description: Until when the decision holds - the smallest instant after the request among all dates in the facts.
package hub.validity

import data.hub.fields

# METADATA
# description: The instant, or null.
default until := null

until := min(_later)

_later := {instant |
	some instant in _instants
	is_string(instant)
	input.at < instant
}

_instants := ((_of_partner | _of_rows) | (_of_bases | _of_exceptions)) | (_of_consents | _of_emergency)

_of_partner := {instant |
	some key in ["secrecy_statement_until", "authority_from", "authority_until"]
	instant := input.partner[key]
} | {instant |
	some key in ["first_processed_at", "term_ends_at", "closed_at", "uavg41_until"]
	instant := input.casus[key]
}

_of_rows := {row.destroy_on | some row in fields.rows}

_of_bases := {row.valid_from | some row in input.legal_bases} | {row.valid_until | some row in input.legal_bases}

_of_exceptions contains row.valid_from if some row in input.secrecy_exceptions

_of_exceptions contains row.valid_until if some row in input.secrecy_exceptions

_of_consents contains instant if {
	some row in input.consents
	some key in ["given_at", "valid_until", "withdrawn_at", "expires_at"]
	instant := row[key]
}

_of_consents contains instant if {
	some row in input.consents
	some key in ["authority_from", "authority_until"]
	instant := row.given_by[key]
}

_of_emergency contains input.emergency.started_at

_of_emergency contains input.emergency.ends_at
