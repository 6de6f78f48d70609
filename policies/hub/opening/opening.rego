# METADATA
# description: |
#   What would open a field for such a partner in general - from the tables alone, with every basis and relation taken as
#   given, and never from a record, a consent or a status of the person. Asked apart from the decision: `input` is the
#   kind, employer, standing, purpose, action and regime, and which fields (`["*"]`, all).
package hub.opening

import data.hub.article
import data.hub.asker
import data.hub.basis
import data.hub.catalog
import data.hub.ceiling
import data.hub.eligibility
import data.hub.fields
import data.hub.ground
import data.hub.involvement
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
	"requested": input.fields,
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
		"phase": "triage",
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

_useful(kind) if not basis._is_article(kind)

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
	_tables.need.levels[input.purpose][fields.group[unit]] == "agg"
} else := sort({way |
	some source in catalog.fields[field].sources
	some way in _ways_at[_place(field, unit, source)]
})

# What is alike for fields is worked out once - unit, source, secrecy word, and whether good care can lift it (C5).
_place(field, unit, source) := [unit, source, word, good] if {
	by_source := _tables.secrecy.by_source[catalog.fields[field].secrecy_row]
	word := object.get(by_source, source, by_source["*"])
	good := field in _tables.secrecy.good_care_fields
}

_places := {place |
	some field, unit in fields.units
	need.cap[fields.group[unit]] > 0
	not _closed(unit)
	some source in catalog.fields[field].sources
	place := _place(field, unit, source)
}

_ways_at := {place: ways |
	some place in _places
	[unit, source, word, good] := place
	kinds := {one.kind | some one in basis.counting[unit]; basis._from_source(one.kind, source)}
	count(kinds) > 0
	at := {"unit": unit, "source": source, "kinds": kinds, "word": word, "good": good}
	ways := _shortest({way |
		some alternative in ceiling.cells[unit].open
		every ground_word in alternative.grounds {
			_counts(ground_word, alternative, at)
		}
		some lift in _lifts(alternative.grounds, at)
		given := (_named(alternative) | _receiving(alternative, at)) | (lift | _advised(unit))
		words := (given | (_conditions(unit) | _exchange(alternative.grounds, unit, source))) | _consent_too
		way := [concat("+", sort(words)), _based(alternative.grounds, unit)]
	})
}

_closed(unit) if eligibility.never[unit]

_closed(unit) if eligibility.never_secret[unit]

_closed(unit) if regime.shut[unit]

_closed(unit) if regime.foreign[unit]

_closed(unit) if eligibility.unsupported[unit]

_closed(unit) if ceiling.failing[unit] == "field"

_closed("bsn") if not eligibility.bsn

_closed("melder_gegevens") if asker.betrokkene

_closed(_) if eligibility.own_only

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

# Whether the ground can hold here - its basis counts in the regime, for this partner, group and source.
_counts(word, _, at) if at.kinds[word]

_counts("wjsg", _, at) if {
	some kind in at.kinds
	startswith(kind, "wjsg")
}

_counts(word, alternative, at) if {
	word in {"wvggz", "wzd"}
	count(_articles(alternative, at)) > 0
}

_counts(word, _, _) if word in {"toest", "cvp"}

_counts("457.2", _, at) if {
	asker.care
	ground.care_kinds[at.source]
}

_counts("vitaal", _, _) if asker.care

_articles(alternative, at) := {kind |
	some kind in at.kinds
	basis.articles[kind]
	article.fits(kind, at.word)
	_by(alternative, kind)
}

# A relation without which no article names the partner as receiver.
_receiving(alternative, at) := {relation |
	some word in alternative.grounds
	word in {"wvggz", "wzd"}
	some kind in _articles(alternative, at)
	relation := article.rows[kind].relation[input.partner.kind]
	every other in _articles(alternative, at) {
		article.rows[other].relation[input.partner.kind]
	}
}

# Categories Z and S go to a derde under the Wgs by a basis with the advice of the commission (wg14).
_advised(unit) := {"derde" |
	involvement.hand_over
	fields.sensitive(unit)
}

_by(alternative, _) if not alternative.by

_by(alternative, kind) if kind in alternative.by

_named(alternative) := {"basis"} | {word | some word in _relation(alternative)} if {
	count(alternative.grounds) == 0
} else := ({word | some word in alternative.grounds} | _relation(alternative)) | {"wmo_opdracht" |
	"wgs" in alternative.grounds
	asker.acts_as.vg_lvb
}

_relation(alternative) := {relation | relation := alternative.relation}

# A ground that is itself a legal basis; of the others any that counts will do.
default _based(_, _) := false

_based([], _)

_based(grounds, _) if {
	some word in grounds
	not word in {"toest", "457.2", "cvp", "vitaal"}
}

_based(_, unit) if count(_advised(unit)) > 0

_conditions(unit) := {word |
	some id in object.get(ceiling.cells[unit], "conditions", [])
	condition := _tables.ceiling.conditions[id]
	some word in [object.get(condition, key, "") | some key in ["relation", "person", "record"]]
	word != ""
} | {"melding" | unit == "melder_gegevens"}

_consent_too := {"toest" | regime.consent_too}

# Look-up between care providers asks a consent of its own (15a); what names the asker (G21) does not.
_exchange(grounds, unit, source) := {"toest_15a" |
	asker.care
	input.action != "verstrekken"
	not ceiling.own_consent[unit]
	ground.care_kinds[source]
	every word in grounds {
		not word in {"wvggz", "wzd", "vitaal"}
	}
}

# Lock 2 - sets of words of which one must hold as well; the empty set where the ground lifts the secrecy, or none is asked.
_lifts(grounds, at) := {set()} if {
	_open_secret(grounds, at)
} else := {{"toest"}} | {{"goed_hulpverlenerschap"} |
	input.casus.regime == "wgs_zvh"
	at.good
	at.word in {"BG", "WV", "WZ"}
}

_open_secret(_, _) if asker.exempt

_open_secret(_, at) if ceiling.own_consent[at.unit]

_open_secret(_, at) if not _tables.secrecy.words[at.word].asks

_open_secret(grounds, at) if {
	some word in grounds
	_lifts_by(word, at.word)
}

_lifts_by(ground_word, _) if ground_word in {"toest", "cvp", "vitaal"}

_lifts_by(ground_word, word) if {
	ground_word in {"457.2", "wvggz", "wzd"}
	word in {"BG", "WV", "WZ"}
}

_lifts_by("wmo", "WM")

_lifts_by("wgs", word) if word != "BG"
