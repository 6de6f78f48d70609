package hub.placing_test

import data.hub.made
import data.hub.placing

_facts := object.union(made.request("ggz", "D02", "naam"), {
	"requested": ["behandeldoelen", "naam"],
	"records": [
		made.record("naam", "gem-1", "college"),
		made.record("behandeldoelen", "ggz-2", "ggz"),
		made.record("telefoon_email", "gem-1", "college"),
	],
})

test_each_asked_record_has_its_view if {
	views := placing.views with input as _facts
	words := {[view.i, view.word, view.fields] | some view in views}
	words == {[0, "", ["naam"]], [1, "BG", ["behandeldoelen"]]}
}

# Kind of the source -> the secrecy word that asks.
_words := {"ggz": "BG", "college": "WM", "politie": "", "casusregisseur": ""}

test_the_word_follows_the_source if {
	every kind, word in _words {
		row := made.record("interventies", "bron-1", kind)
		views := placing.views with input as object.union(_facts, {"requested": ["interventies"], "records": [row]})
		[view.word | some view in views] == [word]
	}
}
