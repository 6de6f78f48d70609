# METADATA
# description: |
#   The verdict on each record. Records are gathered in views - one row, one unit, one secrecy word - and each view is
#   judged once: its reasons, and the alternatives by which it could leave.
package hub.verdict

import data.hub.asker
import data.hub.basis
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

_asking := {word: word | some word, row in data.hub.tables.secrecy.words; row.asks}

_overrides := data.hub.tables.overrides

# METADATA
# description: Each asked record - field, row number, and the key of its view (row number, unit, word that asks).
placed := [[field, i, [i, unit, word]] |
	some i, row in fields.rows
	some field in row.fields
	unit := fields.units[field]
	words := _words[fields.known[field].secrecy_row]
	word := object.get(_asking, object.get(words, row.source_kind, words["*"]), "")
]

# METADATA
# description: The verdict by view key - what stands against it, and how it could leave.
judged := {key: verdict |
	some key in {key | some [_, _, key] in placed}
	verdict := _judged(key)
}

_judged([i, unit, word]) := {"codes": codes, "options": options, "view": view} if {
	row := fields.rows[i]
	live := basis.live(unit, row.source_kind)
	view := {
		"i": i,
		"row": row,
		"unit": unit,
		"word": word,
		"live": live,
		"articles": ground.articles(row, word, live),
		"consent": consent.of("toestemming", row.source, unit),
	}
	held := _held(view)
	lift := _lift(view)
	options := [option | some alternative in held; option := _option(view, alternative, lift)]
	codes := (_of_record(view) | _of_levels(view, held, options)) | _of_locks(view, held, lift)
}

# Own data and aggregates need nothing of the ceiling.
_held(view) := [{"n": 0, "rank": 3, "grounds": [], "basis": view.live.any}] if {
	_outside_ceiling(view.i)
} else := ground.held(view)

_outside_ceiling(_) if asker.aggregates

_outside_ceiling(i) if i in supply.own

_locked(i) if {
	not asker.exempt
	not i in supply.own
}

# Lock 2: what lifts the secrecy, what the release names, and how high it may then go.
_unasked := {"by": "", "names": null, "cap": 3}

_shut := {"by": "nothing", "names": null, "cap": 3}

_lift(view) := _unasked if {
	not _secret(view)
} else := {"by": by, "names": names, "cap": _lift_cap(by)} if {
	[by, names] := secrecy.lifted(view)
} else := _shut

_secret(view) if {
	view.word != ""
	_locked(view.i)
	not view.unit in ceiling.own_consent
}

_lift_cap("supply") := 2

_lift_cap(by) := 3 if by != "supply"

# The alternative's own word goes before the order of the table, where it lifts this secrecy.
_lift_by(_, _, lift) := lift if lift.by == ""

_lift_by(view, alternative, lift) := made if {
	lift.by != ""
	made := _own_word(view, alternative)
} else := lift if {
	lift.by != ""
}

_own_word(view, alternative) := {"by": "toest", "names": view.consent, "cap": 3} if {
	"toest" in alternative.grounds
} else := {"by": "457.2", "names": "gh_rechtstreeks_betrokken", "cap": 3} if {
	alternative.grounds == ["457.2"]
	view.word in secrecy.medical
} else := {"by": "article", "names": _article_kind(view, alternative.basis), "cap": 3} if {
	_by_article(alternative.grounds)
	view.word in secrecy.medical
} else := {"by": "wmo", "names": "gh_wettelijk_recht", "cap": 3} if {
	alternative.grounds == ["wmo"]
	view.word == "WM"
} else := {"by": "emergency", "names": "emergency", "cap": 3} if {
	_in_emergency(alternative.grounds)
}

_by_article(["wvggz"])

_by_article(["wzd"])

_in_emergency(["cvp"])

_in_emergency(["vitaal"])

_article_kind(view, id) := secrecy.by_article([found | some found in view.articles; found.id == id])

# An alternative with the rank that it gives here (hit 1, sam 2, vol 3, agg 9); undefined where none fits.
_option(view, alternative, lift) := {
	"rank": rank,
	"n": alternative.n,
	"grounds": alternative.grounds,
	"basis": alternative.basis,
	"lift": own,
} if {
	not asker.aggregates
	own := _lift_by(view, alternative, lift)
	rank := _reached(view.row.levels, min([need.cap[fields.group[view.unit]], alternative.rank, own.cap]))
}

_option(_, alternative, lift) := {"rank": 9, "n": 0, "grounds": [], "basis": alternative.basis, "lift": lift} if {
	asker.aggregates
	is_number(input.casus.group_size)
	input.casus.group_size >= 10
}

# The highest form that the source wrote and that is not above the cap; a hit needs any form.
_reached(levels, 3) := 3 if {
	"vol" in levels
} else := 2 if {
	"sam" in levels
}

_reached(levels, 2) := 2 if "sam" in levels

_reached(levels, 1) := 1 if count(levels) > 0

# What the record and the rules about few fields and partners say; asked of all.
_of_record(view) := _of_row(view.i) | _of_rules(view)

default _of_row(_) := set()

_of_row(i) := supply.codes[i]

_of_rules(view) := {code | some code in _rules; _ruled(code, view)}

_rules contains "E_GRONDSLAG"

_rules contains "E_MELDER" if "melder_gegevens" in fields.asked

_rules contains "E_FASE" if phase.intake

_rules contains "E_NOOIT" if asker.insurer

_rules contains "E_NOOIT" if eligibility.other_partnership

_rules contains "E_KRING" if asker.betrokkene

# Bases count for this unit, but none for records of this source.
_ruled("E_GRONDSLAG", view) if {
	view.live.any == ""
	count(basis.counting[view.unit]) > 0
}

_ruled("E_FASE", view) if {
	not fields.group[view.unit] in {"G01", "G02", "G20"}
	not view.row.source == input.casus.aanmelder
}

_ruled("E_NOOIT", view) if {
	asker.insurer
	fields.group[view.unit] in _overrides.insurer_part.groups
	not input.partner.id in view.row.financed_by
}

_ruled("E_NOOIT", view) if {
	eligibility.other_partnership
	view.word in _overrides.between_partnerships.words
	not view.unit in eligibility.never_secret
}

_ruled("E_KRING", view) if {
	view.i in supply.others
	view.unit != "contactpersoon_1"
}

_ruled("E_MELDER", view) if {
	view.unit == "melder_gegevens"
	not asker.betrokkene
	not view.row.melding_receiver == input.partner.id
}

default _of_levels(_, _, _) := set()

_of_levels(view, held, []) := {"E_GEEN_SAMENVATTING"} if {
	count(held) > 0
	not asker.aggregates
	need.cap[fields.group[view.unit]]
	not ceiling.failing[view.unit]
}

# Asked of data of others only, and not of the betrokkene, supervision and D10.
default _of_locks(_, _, _) := set()

_of_locks(view, held, lift) := (_of_ground(view, held) | _of_secrecy(view, lift)) | _of_others(view, held) if {
	_locked(view.i)
}

default _of_ground(_, _) := set()

_of_ground(view, []) := ground.codes(view) if {
	count(ceiling.cells[view.unit].open) > 0
	not view.unit in ceiling.own_consent
}

default _of_secrecy(_, _) := set()

_of_secrecy(view, {"by": "nothing", "names": null, "cap": 3}) := {"E_BEROEPSGEHEIM"} | _refusal(view)

_refusal(view) := {"E_WEIGERING" | consent.refused(view.row.source, view.unit)}

_of_others(view, held) := {code | some check in _checks; some code in _checked(check, view, held)}

_checks contains "15a" if {
	asker.care
	input.action != "verstrekken"
}

_checks contains "consent" if regime.consent_too

_checks contains "hand_over" if involvement.hand_over

_checks contains "own_consent" if count(ceiling.own_consent) > 0

_checked("15a", view, held) := {"E_15A"} | _refusal(view) if {
	view.row.source_kind in ground.care_kinds
	not view.unit in ceiling.own_consent
	consent.of("toestemming_15a", view.row.source, view.unit) == ""
	not _without_15a(view, held)
}

_checked("consent", view, _) := {consent.code(view.row.source, view.unit)} if view.consent == ""

_checked("hand_over", view, _) := {"E_BRON"} if {
	view.row.supplier_agreed == false
	sensitive(view.unit)
}

_checked("own_consent", view, _) := {"E_PLAFOND"} if {
	view.unit in ceiling.own_consent
	not eligibility.never[view.unit]
	not view.unit in eligibility.never_secret
	not _names_asker(view)
}

_without_15a(view, _) if {
	emergency.word == "vitaal"
	emergency.counts(view.row.source, view.unit)
}

_without_15a(_, held) if {
	some found in held
	_by_article(found.grounds)
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
	some category in fields.known[unit].cat
	category in {"Z", "S"}
}

# METADATA
# description: |
#   What a verdict releases - the first alternative that gives the highest level and whose duties can be carried out;
#   undefined where there is none.
release(verdict) := made if {
	count(verdict.options) > 0
	best := max([option.rank | some option in verdict.options])
	able := [option |
		some option in verdict.options
		option.rank == best
		_can(verdict.view, option)
	]
	first := min([option.n | some option in able])
	some option in able
	option.n == first
	expiry := _expiry(verdict.view, option)
	made := {
		"level": _names[best],
		"basis": option.basis,
		"exception": option.lift.names,
		"expiry": expiry,
		"duties": _duties(verdict.view, option, expiry),
	}
}

_names := ["", "hit", "sam", "vol", "", "", "", "", "", "agg"]

_can(_, _) if "*" in input.partner.fulfils

_can(view, option) if {
	not "*" in input.partner.fulfils
	every type in _duties(view, option, _expiry(view, option)) {
		type in input.partner.fulfils
	}
}

_duties(_, option, _) := {"log_dataverwerking"} if option.rank == 9

_duties(view, option, expiry) := duty.always | {type |
	some due in _possible
	some type in _due(due, view, option, expiry)
} if {
	option.rank < 9
}

# Duties that can be due with some record of this request.
_possible := {"log_nen7513"} | _possible_here

_possible_here contains "via_provider" if asker.betrokkene

_possible_here contains "notify_bron" if asker.derde

_possible_here contains "notify_zv" if count(basis.articles) > 0

_possible_here contains "inform_betrokkene" if duty.inform

_possible_here contains "emergency" if emergency.fulfilled

_possible_here contains "expires_at" if count(consent.given) > 0

_possible_here contains "expires_at" if emergency.fulfilled

_due("log_nen7513", view, _, _) := {"log_nen7513"} if view.word in secrecy.medical

_due("via_provider", view, _, _) := {"via_provider"} if {
	ceiling.cells[view.unit].via
	not view.i in supply.own
}

# Police or justice items to a derde.
_due("notify_bron", view, _, _) := {"notify_bron"} if view.row.source_kind in {"politie", "om", "dji"}

_due("notify_zv", view, option, _) := {"notify_zv"} if {
	view.consent == ""
	_uses_article(option)
}

_due("inform_betrokkene", view, _, _) := {"inform_betrokkene"} if {
	view.consent == ""
	not view.i in supply.own
}

_due("emergency", _, option, _) := duty.emergency if _urgent(option)

_due("expires_at", _, _, expiry) := {"expires_at"} if expiry != ""

_uses_article(option) if option.lift.by == "article"

_uses_article(option) if _by_article(option.grounds)

default _urgent(_) := false

_urgent(option) if option.lift.by == "emergency"

_urgent(option) if _in_emergency(option.grounds)

_urgent(_) if eligibility.used_emergency

_expiry(view, option) := "" if {
	not "expires_at" in _possible
} else := duty.expiry(_consents(view, option), _urgent(option)) if {
	option.rank < 9
} else := ""

_consents(view, option) := {view.consent | _uses_consent(view, option)} | _for_eligibility

_for_eligibility := {id | id := eligibility.used_consent; id != ""}

_uses_consent(_, option) if option.lift.by == "toest"

_uses_consent(_, option) if "toest" in option.grounds

_uses_consent(view, _) if {
	regime.consent_too
	not view.i in supply.own
}
