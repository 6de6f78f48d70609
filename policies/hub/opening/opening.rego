# METADATA
# description: |
#   What would open a field for such a partner in general - from the tables alone, with every basis and relation taken as
#   given, and never from a record, a consent or a status of the person. Asked apart from the decision: `input` is the
#   kind, employer, standing, purpose, action and regime.
package hub.opening

import data.hub.asker
import data.hub.basis
import data.hub.catalog
import data.hub.ceiling
import data.hub.eligibility
import data.hub.fields
import data.hub.ground
import data.hub.need
import data.hub.regime

_tables := data.hub.tables

# METADATA
# description: |
#   What the partner needs to act for the purpose at all (`asks`, null where he cannot), and field -> ways in. A way is
#   words that must all hold, and whether one of them is itself the legal basis.
# entrypoint: true
answer := found if {
	facts := _facts
	found := _found with input as facts
}

# A request in which nothing is known but who asks, for what, how, and the regime: all that counts there is on offer.
_facts := {
	"at": _now,
	"action": input.action,
	"started_by": "another",
	"purpose": input.purpose,
	"requested": ["*"],
	"user": {},
	"partner": {
		"id": "asker",
		"kind": input.kind,
		"employer_kind": input.employer_kind,
		"standing": input.standing,
		"relations": _relations,
		"secrecy_statement_until": null,
		"authority_from": _now,
		"authority_until": null,
		"fulfils": ["*"],
	},
	"casus": {
		"regime": input.regime,
		"phase": _phase,
		"involved": ["asker"],
		"triage_group": ["asker"],
	},
	"records": [],
	"legal_bases": [_basis(kind) | some kind in _kinds],
	"secrecy_exceptions": [],
	"consents": [],
	"emergency": null,
}

_now := "2000-01-01T00:00:00.000000Z"

_relations := ["behandelt", "detentie", "houdt_toezicht", "naaste", "verhuurt", "verzekert", "wmo_opdracht", "zorgverantwoordelijke"]

default _phase := "traject"

_phase := "triage" if input.purpose == "D01"

_basis(kind) := {
	"id": kind,
	"kind": kind,
	"partner": "asker",
	"purposes": ["*"],
	"groups": ["*"],
	"valid_from": _now,
	"valid_until": null,
	"reason": true,
	"rac_ref": "given",
}

# Kinds that the regime knows; of the articles those that name a receiver.
_kinds := {kind |
	row := _tables.regimes.rows[input.regime]
	some kind in array.concat(row.kinds, object.get(row, "public_kinds", []))
	_useful(kind)
} | {kind | some kind in ["wgs", "avg15", "toezicht", "wg27"]}

_useful(kind) if _tables.articles.rows[kind]

_useful(kind) if {
	count(kind) != 4
} else if {
	not substring(kind, 0, 2) in {"wv", "wz"}
}

_found := {"asks": _asks, "fields": {field: ways |
	_eligible
	some field in fields.asked
	ways := _ways(field, fields.units[field])
	count(ways) > 0
}}

_eligible if {
	count(regime.refused) == 0
	not eligibility.refused[["E_DOEL", "request"]]
}

default _asks := null

_asks := sort(_running | _by_rule) if _eligible

_rule := _tables.eligibility.rows[input.partner.kind][input.purpose].rule

# The relation by which a partner takes part at all (reclassering, dji; D12 apart).
_running contains _tables.partners.running_task[input.partner.kind] if not input.purpose in {"D01", "D11"}

_by_rule contains _rule if _rule in {"crisis", "named", "verkennend_onderzoek", "wzd_loopt", "houdt_toezicht"}

# Fields that no fact opens have no way in.
_ways(field, unit) := [["aantal", true]] if {
	asker.aggregates
	_tables.need.levels[input.purpose][fields.group[unit]] == "agg"
} else := _shortest({way |
	not asker.aggregates
	not _closed(unit)
	need.cap[fields.group[unit]] > 0
	some alternative in ceiling.cells[unit].open
	every word in alternative.grounds {
		_counts(word, alternative, unit)
	}
	some lift in _lifts(alternative.grounds, field, unit)
	words := ((_named(alternative) | lift) | (_conditions(unit) | _exchange(alternative.grounds, field))) | _consent_too
	way := [concat("+", sort(words)), _based(alternative.grounds)]
})

_closed(unit) if eligibility.never[unit]

_closed(unit) if eligibility.never_secret[unit]

_closed(unit) if regime.shut[unit]

_closed(unit) if regime.foreign[unit]

_closed(unit) if eligibility.unsupported[unit]

_closed(unit) if ceiling.failing[unit] == "field"

_closed("bsn") if not eligibility.bsn

_closed("melder_gegevens") if asker.betrokkene

_closed(_) if eligibility.own_only

_closed(unit) if count(basis.counting[unit]) == 0

# A way that asks more than another is none.
_shortest(ways) := [way |
	some way in sort(ways)
	not _longer(way, ways)
]

_longer([words, _], ways) if {
	mine := {word | some word in split(words, "+")}
	some [other, _] in ways
	theirs := {word | some word in split(other, "+")}
	theirs != mine
	count(theirs - mine) == 0
}

# Whether the ground can hold here - its basis counts in the regime, for this partner and group.
_counts(word, _, unit) if {
	some found in basis.counting[unit]
	found.kind == word
}

_counts("wjsg", _, unit) if {
	some found in basis.counting[unit]
	startswith(found.kind, "wjsg")
}

_counts(word, alternative, unit) if {
	word in {"wvggz", "wzd"}
	some found in basis.counting[unit]
	basis.articles[found.kind]
	_by(alternative, found.kind)
}

_counts(word, _, _) if word in {"toest", "457.2", "cvp"}

_counts("vitaal", _, _) if asker.care

_by(alternative, _) if not alternative.by

_by(alternative, kind) if kind in alternative.by

_named(alternative) := {"basis"} | {word | some word in _relation(alternative)} if {
	count(alternative.grounds) == 0
} else := ({word | some word in alternative.grounds} | _relation(alternative)) | {"wmo_opdracht" |
	"wgs" in alternative.grounds
	asker.acts_as.vg_lvb
}

_relation(alternative) := {alternative.relation | alternative.relation}

# A ground that is itself a legal basis; of the others any that counts will do.
_based([]) := true

_based(grounds) if {
	some word in grounds
	not word in {"toest", "457.2", "cvp", "vitaal"}
} else := false if count(grounds) > 0

_conditions(unit) := {word |
	some id in object.get(ceiling.cells[unit], "conditions", [])
	condition := _tables.ceiling.conditions[id]
	some word in [object.get(condition, key, "") | some key in ["relation", "person", "record"]]
	word != ""
} | {"melding" | unit == "melder_gegevens"}

_consent_too := {"toest" | regime.consent_too}

# Look-up between care providers asks a consent of its own, where every source of the field is one (15a).
_exchange(grounds, field) := {"toest_15a" |
	asker.care
	input.action != "verstrekken"
	not asker.exempt
	every source in catalog.fields[field].sources {
		ground.care_kinds[source]
	}
	every word in grounds {
		not word in {"wvggz", "wzd", "vitaal"}
	}
}

# Lock 2 - sets of words of which one must hold as well; the empty set where the secrecy opens by the ground or is not asked.
_lifts(grounds, field, unit) := {set()} if {
	_open_secret(grounds, field, unit)
} else := {{"toest"}} | {{"goed_hulpverlenerschap"} |
	input.casus.regime == "wgs_zvh"
	field in _tables.secrecy.good_care_fields
}

_open_secret(_, _, _) if asker.exempt

_open_secret(_, _, unit) if ceiling.own_consent[unit]

_open_secret(grounds, field, _) if {
	some word in _secrecy_words(field)
	_opens_secret(grounds, word)
}

_opens_secret(_, word) if not _tables.secrecy.words[word].asks

_opens_secret(grounds, word) if {
	some ground_word in grounds
	_lifts_by(ground_word, word)
}

_lifts_by(ground_word, _) if ground_word in {"toest", "cvp", "vitaal"}

_lifts_by(ground_word, word) if {
	ground_word in {"457.2", "wvggz", "wzd"}
	word in {"BG", "WV", "WZ"}
}

_lifts_by("wmo", "WM")

_lifts_by("wgs", word) if word != "BG"

# The words that the secrecy of a field can have, by who may be its source.
_secrecy_words(field) := {word |
	known := catalog.fields[field]
	by_source := _tables.secrecy.by_source[known.secrecy_row]
	some source in known.sources
	word := object.get(by_source, source, by_source["*"])
}
