# METADATA
# description: What tests of the decision look at.
package hub.release_test

import data.hub.release

_decide(facts) := decision if {
	decision := release.decision with input as facts
}

# The same with its fields gathered, which is worked out once a test for the same facts.
_gathered(facts) := gathered if {
	gathered := release.gathered with input as facts
}

_refusals(facts) := _gathered(facts).refusals

_codes(facts) := {code | some [_, code, _, _, _] in _refusals(facts)}

# Code -> the fields of which it is told.
_told(facts) := {code: fields |
	some [_, code, _, _, _] in _refusals(facts)
	fields := {field | some [_, other, _, _, told] in _refusals(facts); other == code; some field in told}
}

_laws(facts) := {code: law | some [_, code, _, law, _] in _refusals(facts)}

_levels(facts) := {field: level | some [_, level, _, _, told] in _gathered(facts).released; some field in told}

_gets(facts) := object.keys(_levels(facts))

_duties(facts) := {obligation.type | some obligation in _gathered(facts).obligations}
