# METADATA
# description: What tests of the decision look at.
package hub.release_test

import data.hub.release

_decide(facts) := decision if {
	decision := release.decision with input as facts
}

_codes(facts) := {refusal.code | some refusal in _decide(facts).refusals}

_levels(facts) := {row.field: row.level | some row in _decide(facts).released}

_duties(facts) := {obligation.type | some obligation in _decide(facts).obligations}
