# METADATA
# description: Until when the decision holds - the smallest instant after the request among all dates in the facts.
package hub.validity

import data.hub.fields

# METADATA
# description: The instant, or null.
default until := null

until := min([instant |
	at := input.at
	some instants in _dates
	some instant in instants
	at < instant
	is_string(instant)
])

_dates := [
	[input.partner[key] | some key in ["secrecy_statement_until", "authority_from", "authority_until"]],
	[input.casus[key] | some key in ["first_processed_at", "term_ends_at", "closed_at", "uavg41_until"]],
	[input.emergency[key] | some key in ["started_at", "ends_at"]],
	[row.destroy_on | some row in fields.rows],
	[row[key] | some row in input.legal_bases; some key in ["valid_from", "valid_until"]],
	[row[key] | some row in input.secrecy_exceptions; some key in ["valid_from", "valid_until"]],
	[row[key] | some row in input.consents; some key in ["given_at", "valid_until", "withdrawn_at"]],
	[row.expires_at | some row in input.consents; row.kind != "weigering"],
	[row.given_by[key] | some row in input.consents; some key in ["authority_from", "authority_until"]],
]
