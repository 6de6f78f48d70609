# METADATA
# description: |
#   Instants are UTC text of fixed width and compare as text; intervals are half open. What is not text is not known,
#   and what is not known never counts: `null <= "2026"` is true in Rego, so each date is asked whether it is text.
package hub.moment

# METADATA
# description: The start lies at or before the moment of the request.
default started(_) := false

started(instant) if {
	is_string(instant)
	instant <= input.at
}

# METADATA
# description: The end lies after the moment of the request, or there is none (null).
default running(_) := false

running(null) := true

running(instant) if {
	is_string(instant)
	input.at < instant
}

# METADATA
# description: The moment of the request lies in the interval; no start known is not in it.
default within(_, _) := false

within(from, until) if {
	started(from)
	running(until)
}
