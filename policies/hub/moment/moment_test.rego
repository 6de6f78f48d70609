package hub.moment_test

import data.hub.made
import data.hub.moment

_earlier := "2027-01-10T10:59:59.999999Z"

_later := "2027-01-10T11:00:00.000001Z"

# What counts, by what stands there: text before now, now, after now, and what is no text.
_started := {_earlier: true, made.at: true, _later: false}

_running := {_earlier: false, made.at: false, _later: true}

_no_instants := [0, true, {}, []]

test_a_start_counts_from_its_instant if {
	every instant, want in _started {
		moment.started(instant) == want with input.at as made.at
	}
}

test_an_end_counts_until_just_before_its_instant if {
	every instant, want in _running {
		moment.running(instant) == want with input.at as made.at
	}
}

test_no_end_is_no_end if moment.running(null) == true with input.at as made.at

test_no_start_is_none if moment.started(null) == false with input.at as made.at

test_what_is_no_text_never_counts if {
	every odd in _no_instants {
		moment.started(odd) == false with input.at as made.at
		moment.running(odd) == false with input.at as made.at
	}
}

test_an_interval_is_half_open if {
	moment.within(made.at, _later) == true with input.at as made.at
	moment.within(_earlier, null) == true with input.at as made.at
	moment.within(_later, null) == false with input.at as made.at
	moment.within(_earlier, made.at) == false with input.at as made.at
	moment.within(null, null) == false with input.at as made.at
}
