# METADATA
# description: |
#   The verdict on each record. Records are gathered in views - one row, one unit, one secrecy word - and each view is
#   judged once: its reasons, and what it would release.
package hub.verdict

import data.hub.asker
import data.hub.basis
import data.hub.catalog
import data.hub.ceiling
import data.hub.consent
import data.hub.duty
import data.hub.eligibility
import data.hub.emergency
import data.hub.fields
import data.hub.ground
import data.hub.involvement
import data.hub.need
import data.hub.phase
import data.hub.regime
import data.hub.secrecy
import data.hub.supply

_words := data.hub.tables.secrecy.by_source

_secrecy := data.hub.tables.secrecy.words

_rank := {"hit": 1, "sam": 2, "vol": 3}

_level := ["", "hit", "sam", "vol"]

# METADATA
# description: Each asked record - field, row number, and the key of its view (row number, unit, word that asks).
placed := [[field, i, [i, unit, _asking(catalog.fields[field].secrecy_row, row.source_kind)]] |
	some i, row in fields.rows
	some field in row.fields
	unit := fields.units[field]
]

_asking(row, source_kind) := word if {
	word := _word(row, source_kind)
	_secrecy[word].asks
} else := ""

_word(row, source_kind) := _words[row][source_kind]

_word(row, source_kind) := _words[row]["*"] if not _words[row][source_kind]

# METADATA
# description: Views by their key.
views := {key: view |
	some key in _keys
	view := _view(key[0], key[1], key[2])
}

_keys := {key | some [_, _, key] in placed}

_view(i, unit, word) := {
	"i": i,
	"row": row,
	"unit": unit,
	"word": word,
	"live": live,
	"articles": ground.articles(row, word, live),
	"consent": _consent(row.source, unit),
} if {
	row := fields.rows[i]
	live := _live(unit, row.source_kind)
}

_live(unit, _) := basis.counting[unit] if unit in basis.free

_live(unit, source_kind) := [found |
	some found in basis.counting[unit]
	basis.from_source(found.kind, source_kind)
] if {
	not unit in basis.free
}

_consent(source, unit) := consent.of("toestemming", source, unit)

_consent(source, unit) := "" if not consent.of("toestemming", source, unit)

# METADATA
# description: Codes of the record reasons, by view.
codes := {key: found |
	some key, view in views
	found := _codes(key, view)
}

_codes(_, view) := (_of_row(view) | _of_view(view)) | _of_rule(view) if {
	asker.exempt
} else := (_of_row(view) | _of_view(view)) | _of_rule(view) if {
	view.i in supply.own
} else := ((_of_row(view) | _of_view(view)) | _of_rule(view)) | _of_locks(view)

default _of_row(_) := set()

_of_row(view) := supply.codes[view.i]

# Own, the betrokkene's and everyone's alike.
_of_view(view) := {code |
	some code in ["E_GRONDSLAG", "E_FASE", "E_GEEN_SAMENVATTING"]
	_holds(code, view)
}

_holds("E_GRONDSLAG", view) if {
	count(view.live) == 0
	count(basis.counting[view.unit]) > 0
}

_holds("E_FASE", view) if {
	phase.intake
	not fields.group[view.unit] in {"G01", "G02", "G20"}
	not view.row.source == input.casus.aanmelder
}

_holds("E_GEEN_SAMENVATTING", view) if {
	not asker.aggregates
	need.cap[fields.group[view.unit]]
	count(alternatives[[view.i, view.unit, view.word]]) > 0
	count(options[[view.i, view.unit, view.word]]) == 0
	not ceiling.failing[view.unit]
}

# Rules that look at few fields or partners.
_special if asker.insurer

_special if eligibility.other_partnership

_special if asker.betrokkene

default _of_rule(_) := set()

_of_rule(view) := {code | some code in ["E_NOOIT", "E_KRING", "E_MELDER"]; _rules(code, view)} if {
	_special
} else := {"E_MELDER" | _rules("E_MELDER", view)} if {
	view.unit == "melder_gegevens"
}

_rules("E_NOOIT", view) if {
	asker.insurer
	fields.group[view.unit] in data.hub.tables.overrides.insurer_part.groups
	not input.partner.id in view.row.financed_by
}

_rules("E_NOOIT", view) if {
	eligibility.other_partnership
	view.word in data.hub.tables.overrides.between_partnerships.words
	not view.unit in eligibility.never_secret
}

_rules("E_KRING", view) if {
	view.i in supply.others
	view.unit != "contactpersoon_1"
}

_rules("E_MELDER", view) if {
	view.unit == "melder_gegevens"
	not asker.betrokkene
	not view.row.melding_receiver == input.partner.id
}

# Asked of data of others only, and not of the betrokkene, supervision and D10.
_of_locks(view) := ((_of_ground(view) | _of_secrecy(view)) | _of_exchange(view)) | _of_conditions(view)

default _of_ground(_) := set()

_of_ground(view) := ground.codes(view) if {
	count(ceiling.cells[view.unit].open) > 0
	not view.unit in ceiling.own_consent
	count(alternatives[[view.i, view.unit, view.word]]) == 0
}

default _of_secrecy(_) := set()

_of_secrecy(view) := {"E_BEROEPSGEHEIM"} | _refusal(view) if {
	view.word != ""
	not view.unit in ceiling.own_consent
	not secrecy.lifted(view)
}

_refusal(view) := {"E_WEIGERING" | consent.refused(view.row.source, view.unit)}

default _of_exchange(_) := set()

_of_exchange(view) := {"E_15A"} | _refusal(view) if {
	_exchange
	ground.from_care(view.row)
	not view.unit in ceiling.own_consent
	not consent.of("toestemming_15a", view.row.source, view.unit)
	not _without_15a(view)
}

_exchange if {
	asker.care
	input.action != "verstrekken"
}

_without_15a(view) if {
	emergency.word == "vitaal"
	emergency.counts(view.row.source, view.unit)
}

_without_15a(view) if {
	some found in alternatives[[view.i, view.unit, view.word]]
	some word in found.grounds
	word in {"wvggz", "wzd"}
}

_of_conditions(view) := {code |
	some code in ["E_BRON", "E_PLAFOND"]
	_condition(code, view)
} | {consent.code(view.row.source, view.unit) |
	regime.consent_too
	view.consent == ""
}

_condition("E_BRON", view) if {
	involvement.hand_over
	view.row.supplier_agreed == false
	sensitive(view.unit)
}

_condition("E_PLAFOND", view) if {
	view.unit in ceiling.own_consent
	not view.unit in object.keys(eligibility.never)
	not view.unit in eligibility.never_secret
	not _names_asker(view)
}

_names_asker(view) if {
	view.unit == "toestemming"
	view.row.source in consent.consented
}

_names_asker(view) if {
	view.unit == "weigering"
	view.row.source in consent.declined
}

# METADATA
# description: A field of category Z or S, with or without star (units of a derde are fields).
default sensitive(_) := false

sensitive(unit) if {
	some category in catalog.fields[unit].cat
	category in {"Z", "S"}
}

# METADATA
# description: The alternatives that hold, by view, secrecy apart; own data need none of the ceiling.
alternatives := {key: found |
	some key, view in views
	found := _alternatives(view)
}

_alternatives(view) := [{"n": 0, "level": _own_level, "grounds": [], "basis": _smallest(view.live)}] if {
	_outside_ceiling(view.i)
} else := ground.held(view)

_outside_ceiling(i) if i in supply.own

_outside_ceiling(_) if asker.aggregates

_own_level := "agg" if {
	asker.aggregates
} else := "vol"

_smallest(live) := min({found.id | some found in live}) if {
	count(live) > 0
} else := ""

# METADATA
# description: What each alternative that holds would release, by view - rank, basis, exception and what it uses.
options := {key: found |
	some key, view in views
	asks := _asks_secrecy(view)
	found := [option |
		some alternative in alternatives[key]
		option := _option(view, alternative, asks)
		option.rank > 0
	]
}

default _asks_secrecy(_) := false

_asks_secrecy(view) if {
	view.word != ""
	not asker.exempt
	not view.i in supply.own
	not view.unit in ceiling.own_consent
}

_option(view, alternative, asks) := {
	"rank": _best(view.row.levels, min({need.cap[fields.group[view.unit]], _rank[alternative.level], lift.cap})),
	"alternative": alternative,
	"lift": lift,
} if {
	alternative.level != "agg"
	lift := _lift(view, alternative, asks)
}

_option(_, alternative, _) := {"rank": 9, "alternative": alternative, "lift": _no_lift} if {
	alternative.level == "agg"
	input.casus.group_size >= 10
	is_number(input.casus.group_size)
}

_best(levels, 1) := 1 if {
	count(levels) > 0
} else := 0

_best(levels, cap) := max({0} | {_rank[level] | some level in levels; _rank[level] <= cap}) if cap != 1

_no_lift := {"cap": 3, "by": "", "names": null}

_lift(_, _, false) := _no_lift

_lift(view, alternative, true) := {"cap": _lift_cap(pair[0]), "by": pair[0], "names": pair[1]} if {
	pair := _own_word(view, alternative)
} else := {"cap": _lift_cap(pair[0]), "by": pair[0], "names": pair[1]} if {
	pair := secrecy.lifted(view)
} else := {"cap": 3, "by": "nothing", "names": null}

_lift_cap("supply") := 2

_lift_cap(by) := 3 if by != "supply"

_medical := {"BG", "WV", "WZ"}

# The alternative's own word, where it lifts this secrecy.
_own_word(view, alternative) := ["toest", view.consent] if {
	"toest" in alternative.grounds
} else := ["457.2", "gh_rechtstreeks_betrokken"] if {
	"457.2" in alternative.grounds
	view.word in _medical
} else := ["article", _article_kind(view, alternative.basis)] if {
	some word in alternative.grounds
	word in {"wvggz", "wzd"}
	view.word in _medical
} else := ["wmo", "gh_wettelijk_recht"] if {
	"wmo" in alternative.grounds
	view.word == "WM"
} else := ["emergency", "emergency"] if {
	some word in alternative.grounds
	word in {"cvp", "vitaal"}
}

_article_kind(view, id) := secrecy.by_article([found | some found in view.articles; found.id == id])

# METADATA
# description: What the view releases, if nothing refuses it - the first of the highest whose duties can be carried out.
chosen := {key: release |
	some key, found in options
	count(found) > 0
	best := max([option.rank | some option in found])
	able := [made |
		some option in found
		option.rank == best
		made := _made(views[key], option)
		duty.able(made.duties)
	]
	release := able[0]
}

_made(view, option) := {
	"level": _name(option.rank),
	"basis": option.alternative.basis,
	"exception": option.lift.names,
	"duties": _duties(view, option, expiry),
	"expiry": expiry,
} if {
	option.rank < 9
	expiry := duty.expiry(_consents(view, option), _urgent(option))
}

_made(_, option) := {
	"level": "agg",
	"basis": option.alternative.basis,
	"exception": null,
	"duties": {"log_dataverwerking"},
	"expiry": "",
} if {
	option.rank == 9
}

_name(rank) := _level[rank]

default _urgent(_) := false

_urgent(option) if option.lift.by == "emergency"

_urgent(option) if {
	some word in option.alternative.grounds
	word in {"cvp", "vitaal"}
}

_urgent(_) if eligibility.used_emergency

_by_article(option) if option.lift.by == "article"

_by_article(option) if {
	some word in option.alternative.grounds
	word in {"wvggz", "wzd"}
}

_consents(view, option) := {view.consent | _uses_consent(view, option)} | _for_eligibility

default _for_eligibility := set()

_for_eligibility := {eligibility.used_consent}

_uses_consent(_, option) if option.lift.by == "toest"

_uses_consent(_, option) if "toest" in option.alternative.grounds

_uses_consent(view, _) if {
	regime.consent_too
	not view.i in supply.own
}

_duties(view, option, expiry) := (duty.always | _of_option(view, option, expiry)) | _of_emergency(option)

_of_option(view, option, expiry) := {type |
	some type in ["log_nen7513", "via_provider", "notify_bron", "notify_zv", "inform_betrokkene", "expires_at"]
	_due(type, view, option, expiry)
}

default _of_emergency(_) := set()

_of_emergency(option) := duty.emergency if _urgent(option)

_due("log_nen7513", view, _, _) if view.word in _medical

_due("via_provider", view, _, _) if {
	ceiling.cells[view.unit].via
	not view.i in supply.own
}

# Police or justice items to a derde.
_due("notify_bron", view, _, _) if {
	asker.derde
	view.row.source_kind in {"politie", "om", "dji"}
	not view.i in supply.own
}

_due("notify_zv", view, option, _) if {
	view.consent == ""
	_by_article(option)
}

_due("inform_betrokkene", view, _, _) if {
	duty.inform
	view.consent == ""
	not view.i in supply.own
}

_due("expires_at", _, _, expiry) if expiry != ""
