# METADATA
# description: |
#   The verdict on each record. Records are gathered in views - one row, one unit, one secrecy word - and each view is
#   judged once: its reasons, and the alternatives by which it could leave.
package hub.verdict

import data.hub.asker
import data.hub.basis
import data.hub.ceiling
import data.hub.choice
import data.hub.consent
import data.hub.eligibility
import data.hub.emergency
import data.hub.fields
import data.hub.ground
import data.hub.involvement
import data.hub.lacking
import data.hub.need
import data.hub.phase
import data.hub.placing
import data.hub.regime
import data.hub.secrecy
import data.hub.supply

_overrides := data.hub.tables.overrides

# METADATA
# description: The verdict by view - what stands against it, and how it could leave.
judged := {n: verdict | some n, view in placing.views; verdict := _judged(view.i, view.unit, view.word)}

# A record without secrecy that leaves by the ground wgs like all of its unit, and has nothing of its own against it.
_judged(i, unit, "") := {"codes": set(), "options": [], "view": {"i": i, "unit": unit}, "release": release} if {
	source := _plain_source[i]
	release := _alike[unit]
	consent.of("toestemming", source, unit) == ""
} else := {"codes": set(), "options": [], "view": {"i": i, "unit": unit}} if {
	_plain_source[i]
	_alike_shut[unit]
} else := _weighed(i, unit, "")

_judged(i, unit, word) := _weighed(i, unit, word) if word != ""

# unit -> what any record of it releases by wgs, when neither its source nor its fields, supply or consent differ.
_alike := {unit: release |
	some unit, found in ground.by_wgs
	unit != "melder_gegevens"
	option := {"rank": found.rank, "way": {"kind": "wgs", "consent": false}, "basis": found.basis, "lift": _unasked}
	view := {"word": "", "consent": "", "i": -1}
	release := choice.released(view, option)
}

# Units whose cell is shut: what is to be said of it is said about the field.
_alike_shut := {unit |
	some unit in ceiling.shut
	unit != "melder_gegevens"
	basis.shared(unit)
}

default _in_calm := false

_in_calm if {
	_calm
	choice.can_all
	not asker.exempt
	not asker.derde
}

# row number -> source, where the row has nothing to be asked but its secrecy.
_plain_source := {i: row.source |
	_in_calm
	some i, row in fields.rows
	row.levels == ["sam", "vol"]
	not supply.codes[i]
	not supply.own[i]
	not supply.barred[i]
	not ground.care_kinds[row.source_kind]
}

_weighed(i, unit, word) := {"codes": codes, "options": options, "view": view} if {
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
	options := [option | some open in held; option := _option(view, open, lift)]
	codes := _codes(view, held, options, lift)
}

# Most views have nothing against them; the rest is worked out reason by reason.
_codes(view, held, options, lift) := set() if {
	_calm
	count(options) > 0
	lift.by != "nothing"
	_calm_view(view)
} else := (_of_record(view) | _of_levels(view, held, options)) | _of_locks(view, held, lift)

default _calm := false

_calm if {
	_rules - {"E_MELDER"} == {"E_GRONDSLAG"}
	_checks - {"own_consent", "15a"} == set()
}

_calm_view(view) if {
	view.live.any != ""
	view.unit != "melder_gegevens"
	not supply.codes[view.i]
	not ceiling.own_consent[view.unit]
	_calm_exchange(view)
}

_calm_exchange(view) if {
	not _checks["15a"]
} else if {
	not ground.care_kinds[view.row.source_kind]
} else if {
	supply.own[view.i]
} else if {
	consent.of("toestemming_15a", view.row.source, view.unit) != ""
}

# Own data and aggregates need nothing of the ceiling.
_held(view) := [{"way": {"n": 0, "rank": cap, "kind": "own", "consent": false}, "basis": view.live.any}] if {
	_outside_ceiling(view.i)
	cap := object.get(need.cap, fields.group[view.unit], 0)
} else := ground.held(view)

_outside_ceiling(_) if asker.aggregates

_outside_ceiling(i) if supply.own[i]

_locked(i) if {
	not asker.exempt
	not supply.own[i]
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
	not ceiling.own_consent[view.unit]
}

_lift_cap("supply") := 2

_lift_cap(by) := 3 if by != "supply"

# The alternative's own word goes before the order of the table, where it lifts this secrecy.
_lift_by(view, open, lift) := lift if {
	lift.by == ""
} else := lift if {
	open.way.kind == "wgs"
} else := made if {
	made := _own_word(view, open.way.kind, open)
} else := lift

_own_word(view, kind, open) := {"by": "toest", "names": view.consent, "cap": 3} if {
	open.way.consent
} else := {"by": "article", "names": _article_kind(view, open.basis), "cap": 3} if {
	kind == "article"
	secrecy.medical[view.word]
} else := {"by": "wmo", "names": "gh_wettelijk_recht", "cap": 3} if {
	kind == "wmo"
	view.word == "WM"
} else := {"by": "emergency", "names": "emergency", "cap": 3} if {
	kind == "emergency"
}

_article_kind(view, id) := secrecy.by_article([found | some found in view.articles; found.id == id])

# An open alternative with the rank that it gives here (hit 1, sam 2, vol 3, agg 9); undefined where none fits.
_option(view, open, lift) := {"rank": 9, "way": open.way, "basis": open.basis, "lift": lift} if {
	asker.aggregates
	is_number(input.casus.group_size)
	input.casus.group_size >= 10
} else := {"rank": rank, "way": open.way, "basis": open.basis, "lift": own} if {
	not asker.aggregates
	own := _lift_by(view, open, lift)
	rank := _reached(view.row.levels, min([open.way.rank, own.cap]))
}

# The highest form that the source wrote and that is not above the cap; a hit needs any form.
_reached(levels, cap) := 3 if {
	cap == 3
	"vol" in levels
} else := 2 if {
	cap >= 2
	"sam" in levels
} else := 1 if {
	cap == 1
	count(levels) > 0
}

# What the record and the rules about few fields and partners say; asked of all.
_of_record(view) := _of_row(view.i) | _of_rules(view)

default _of_row(_) := set()

_of_row(i) := supply.codes[i]

_of_rules(view) := {code | some code in _rules; _ruled(code, view)}

_rules := {each | some each in _rule}

_rule contains "E_GRONDSLAG"

_rule contains "E_MELDER" if fields.units.melder_gegevens

_rule contains "E_FASE" if phase.intake

_rule contains "E_NOOIT" if asker.insurer

_rule contains "E_NOOIT" if eligibility.other_partnership

_rule contains "E_KRING" if asker.betrokkene

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
	not eligibility.never_secret[view.unit]
}

_ruled("E_KRING", view) if {
	supply.others[view.i]
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
	need.cap[fields.group[view.unit]]
	_cell_open(view)
}

# A cell that a condition shuts has no alternative that holds; own data do not ask the cell.
_cell_open(view) if supply.own[view.i]

_cell_open(view) if {
	not ceiling.failing[view.unit]
	not _consent_of_another(view)
}

_consent_of_another(view) if {
	ceiling.own_consent[view.unit]
	not _names_asker(view)
}

# Asked of data of others only, and not of the betrokkene, supervision and D10.
default _of_locks(_, _, _) := set()

_of_locks(view, held, lift) := (_of_ground(view, held) | _of_secrecy(view, lift)) | _of_others(view, held) if {
	_locked(view.i)
}

default _of_ground(_, _) := set()

_of_ground(view, []) := lacking.codes(view) if {
	count(ceiling.cells[view.unit].open) > 0
	not ceiling.own_consent[view.unit]
}

default _of_secrecy(_, _) := set()

_of_secrecy(view, {"by": "nothing", "names": null, "cap": 3}) := {"E_BEROEPSGEHEIM"} | _refusal(view)

_refusal(view) := {"E_WEIGERING" | consent.refused(view.row.source, view.unit)}

_of_others(view, held) := {code | some check in _checks; some code in _checked(check, view, held)}

_checks := {each | some each in _check}

_check contains "15a" if {
	asker.care
	input.action != "verstrekken"
}

_check contains "consent" if regime.consent_too

_check contains "hand_over" if involvement.hand_over

_check contains "own_consent" if count(ceiling.own_consent) > 0

_checked("15a", view, held) := {"E_15A"} | _refusal(view) if {
	ground.care_kinds[view.row.source_kind]
	not ceiling.own_consent[view.unit]
	consent.of("toestemming_15a", view.row.source, view.unit) == ""
	not _without_15a(view, held)
}

_checked("consent", view, _) := {consent.code(view.row.source, view.unit)} if view.consent == ""

_checked("hand_over", view, _) := {"E_BRON"} if {
	view.row.supplier_agreed == false
	fields.sensitive(view.unit)
}

_checked("own_consent", view, _) := {"E_PLAFOND"} if {
	not eligibility.never[view.unit]
	_consent_of_another(view)
}

_without_15a(view, _) if {
	emergency.word == "vitaal"
	emergency.counts(view.row.source, view.unit)
}

_without_15a(_, held) if {
	some found in held
	found.way.kind == "article"
}

_names_asker(view) if {
	view.unit == "toestemming"
	consent.consented[view.row.source]
}

_names_asker(view) if {
	view.unit == "weigering"
	consent.declined[view.row.source]
}

# METADATA
# description: What a verdict releases; undefined where it releases nothing.
release(verdict) := verdict.release

# One that has a release of its own has no options.
release(verdict) := choice.release(verdict.view, verdict.options)
