# METADATA
# description: |
#   What leaves, and why the rest does not. Grounds release, refusals explain: a record leaves when it has a release and
#   no reason against it, never because nothing was found against it.
package hub.release

import data.hub.asker
import data.hub.basis
import data.hub.ceiling
import data.hub.duty
import data.hub.eligibility
import data.hub.fields
import data.hub.involvement
import data.hub.lacking
import data.hub.need
import data.hub.phase
import data.hub.placing
import data.hub.regime
import data.hub.supply
import data.hub.validity
import data.hub.verdict

# METADATA
# description: The decision on one request; defined for every input.
# entrypoint: true
decision := {
	"allow": gathered.allow,
	"released": [{
		"field": field,
		"source": source,
		"level": level,
		"legal_basis": basis,
		"secrecy_exception": exception,
	} |
		some [field, source, level, basis, exception] in sort(_each(gathered.released))
	],
	# field, source, code, about, law - sorted in this order, so that a reader finds his field.
	"refusals": [{"field": field, "source": source, "code": code, "about": about, "law": law} |
		some [field, source, code, about, law] in sort(_each(gathered.refusals))
	],
	"obligations": gathered.obligations,
	"conceal": gathered.conceal,
	"valid_until": gathered.valid_until,
	"policy_revision": gathered.policy_revision,
}

_each(rows) := {array.concat([field], array.slice(row, 0, 4)) | some row in rows; some field in row[4]}

# METADATA
# description: |
#   The same decision with its fields gathered by what they share, as the hub asks for it: `released` are rows of
#   source, level, legal basis, secrecy exception and fields, `refusals` rows of source, code, about, law and fields.
# entrypoint: true
gathered := {
	"allow": count(_leaving) > 0,
	"released": sort(_released),
	"refusals": sort(_refusals),
	"obligations": _obligations,
	"conceal": _conceal,
	"valid_until": validity.until,
	"policy_revision": _revision,
}

default _revision := ""

_revision := data.hub.revision

# A request that cannot be judged has this reason alone.
_alone := "E_DOEL" if {
	not need.known
} else := "E_INVOER" if {
	not _sound
}

_sound if {
	asker.paired
	is_string(input.at)
	input.action in {"lezen", "verstrekken", "zoeken", "export"}
	is_string(input.partner.id)
	is_object(input.user)
	is_object(input.casus)
	is_array(input.requested)
	is_array(input.legal_bases)
	is_array(input.secrecy_exceptions)
	is_array(input.consents)
}

# Reasons for the whole request: code and what it looks at.
_whole contains [_alone, "request"]

_whole contains [code, "request"] if {
	not _alone
	some code in ((phase.refused | involvement.refused) | regime.refused)
}

_whole contains reason if {
	not _alone
	some reason in eligibility.refused
}

# Two rows with one id contradict each other: which of them holds is not known, nor what a name in the decision means.
_whole contains ["E_INVOER", about] if {
	not _alone
	some [about, rows] in [["request", input.legal_bases], ["record", input.secrecy_exceptions], ["record", input.consents]]
	count({row.id | some row in rows}) != count(rows)
}

_whole contains [code, "request"] if {
	not _alone
	count(fields.asked_units) > 0
	some code in ["E_DOEL", "E_REGIME"]
	every unit in fields.asked_units {
		_reasons[[unit, code, "field"]]
	}
}

_whole_codes := {code | some [code, _] in _whole}

# Reasons about a field: unit, code, what it looks at. These stand in the way of own data too.
_reasons := ((_by_need | _by_basis) | (_by_regime | _by_eligibility)) | ((_by_rule | _by_export) | (_by_number | _by_advice))

_by_need := {[unit, "E_NIET_NODIG", "field"] | some unit, group in fields.group; need.idle[group]}

_by_basis := {[unit, code, "field"] | some unit, code in basis.refused}

_by_regime := {[unit, "E_REGIME", "field"] | some unit in regime.foreign} | {[unit, "E_PLAFOND", "field"] |
	some unit in regime.shut
	not _never(unit)
}

_by_eligibility := {[unit, "E_DOEL", "field"] | some unit in eligibility.unsupported}

_by_rule := {[unit, "E_NOOIT", "field"] | some unit in _never_units} | (_bsn | _melder)

_never_units := object.keys(eligibility.never) | eligibility.never_secret

_never(unit) if _never_units[unit]

_bsn contains ["bsn", "E_BSN", "field"] if {
	fields.units.bsn
	not eligibility.bsn
}

_melder contains ["melder_gegevens", "E_MELDER", "field"] if {
	fields.units.melder_gegevens
	asker.betrokkene
}

_by_export contains [unit, "E_EXPORT", "field"] if {
	input.action == "export"
	duty.no_export
	some unit in fields.asked_units
}

_by_number contains [unit, "E_AANTAL", "record"] if {
	asker.aggregates
	not _many
	some unit in fields.asked_units
}

_many if {
	is_number(input.casus.group_size)
	input.casus.group_size >= 10
}

# wg14: Z and S to a derde only with the advice of the commission on the derde basis.
_by_advice contains [unit, "E_GRONDSLAG", "field"] if {
	involvement.hand_over
	some unit in fields.asked_units
	fields.sensitive(unit)
	not basis.advised[fields.group[unit]]
}

# Reasons of the ceiling; own data do not ask it.
_of_ceiling contains [unit, "E_PLAFOND", "field"] if {
	not asker.aggregates
	some unit in ceiling.shut
	not _never(unit)
}

_of_ceiling contains [unit, "E_PLAFOND", about] if {
	not asker.aggregates
	some unit, about in ceiling.failing
	not _never(unit)
}

_of_ceiling contains [unit, "E_GRONDSLAG", "field"] if {
	not asker.aggregates
	some unit in lacking.shut
}

_hard := {unit | some [unit, _, _] in _reasons}

_soft := {unit | some [unit, _, _] in _of_ceiling}

# Records: released, or with their reasons.
_released := [[rows[views[n].i].source, release.level, release.basis, release.exception, left] |
	rows := fields.rows
	views := placing.views
	open := _open
	some n, left in _leaving
	release := open[n]
]

# Views that leave.
_open := {key: release |
	count(_whole) == 0
	some key, found in verdict.judged
	count(found.codes) == 0
	_free(found.view)
	release := verdict.release(found)
	release.basis != ""
}

_free(view) if {
	not _hard[view.unit]
	not _soft[view.unit]
} else if {
	not _hard[view.unit]
	supply.own[view.i]
}

# number of a view -> its fields that leave.
_leaving := {n: left |
	open := _open
	some n, view in placing.views
	open[n]
	left := _single(view)
	count(left) > 0
}

# Of two records of one field and source neither counts.
_single(view) := view.fields if {
	count(supply.doubles) == 0
} else := [field | some field in view.fields; not _double(field, view.i)]

_doubled(view) := [] if {
	count(supply.doubles) == 0
} else := [field | some field in view.fields; _double(field, view.i)]

_double(field, i) if supply.doubles[[field, fields.rows[i].source]]

_refusals := {row |
	some rows in [_of_request, _of_unknown, _of_fields, _of_absent, _of_records, _of_doubles]
	some row in rows
}

_law := data.hub.tables.codes.rows

_of_request contains [null, code, about, _law[code].law, ["*"]] if some [code, about] in _whole

_of_unknown contains [null, "E_VELD", "field", _law.E_VELD.law, sort(fields.unknown)] if {
	not _alone
	count(fields.unknown) > 0
}

_of_fields := [[null, code, about, law, told] |
	not _alone
	some unit, reasons in _reasons_told
	told := sort([field | some field, one in fields.units; one == unit])
	some [code, about] in reasons
	law := _law_of(code, unit)
]

_reasons_told := {unit: reasons |
	some unit in (_hard | _soft)
	reasons := {[code, about] |
		some [found, code, about] in (_reasons | _of_ceiling)
		found == unit
		not _whole_codes[code]
	}
}

_law_of(code, unit) := eligibility.never[unit] if {
	code == "E_NOOIT"
} else := data.hub.tables.overrides.between_partnerships.law if {
	code == "E_NOOIT"
} else := ceiling.cells[unit].law if {
	code == "E_PLAFOND"
} else := _law[code].law

_of_absent contains [null, "E_GEEN_GEGEVEN", "record", _law.E_GEEN_GEGEVEN.law, absent] if {
	not _alone
	held := {field | some row in fields.rows; some field in row.fields}
	absent := sort([field | some field in fields.asked; not held[field]])
	count(absent) > 0
}

_of_records := [[rows[view.i].source, code, "record", law, told] |
	not _alone
	rows := fields.rows
	views := placing.views
	some n, codes in _against
	view := views[n]
	some code in codes
	law := _law_of_record(code, view)
	told := _told(code, view)
	count(told) > 0
]

_of_doubles := {[fields.rows[view.i].source, "E_INVOER", "record", _law.E_INVOER.law, told] |
	not _alone
	count(supply.doubles) > 0
	some view in placing.views
	told := _doubled(view)
	count(told) > 0
}

# Of a double record no more than that is told, where nothing else stands against it.
_told("E_VERPLICHTING", view) := _single(view)

_told(code, view) := view.fields if code != "E_VERPLICHTING"

# view -> its codes.
_against := {key: codes |
	open := _open
	some key, found in verdict.judged
	not open[key]
	codes := _codes(found)
}

_codes(found) := found.codes if count(found.codes) > 0

# Nothing stands against it but the duties; a record without release or reason is refused all the same.
_codes(found) := {_unreleased(found)} if {
	count(found.codes) == 0
	count(_whole) == 0
	_free(found.view)
}

_unreleased(found) := "E_VERPLICHTING" if {
	count(found.options) > 0
	not verdict.release(found)
} else := "E_INVOER"

_law_of_record("E_NOOIT", _) := data.hub.tables.overrides.insurer_part.law if {
	asker.insurer
} else := data.hub.tables.overrides.between_partnerships.law

_law_of_record("E_BEROEPSGEHEIM", view) := data.hub.tables.secrecy.words[view.word].law

_law_of_record(code, _) := _law[code].law if not _law_elsewhere[code]

_law_elsewhere := {"E_NOOIT", "E_BEROEPSGEHEIM"}

# Obligations speak only of what leaves.
_obligations := [obligation | some [_, _, _, obligation] in sort(_due | _expiring)]

# `expires_at` has no row in the table: it is told by its instant.
_due := {[type, "", [], obligation] |
	open := _open
	some type in {type | some n, _ in _leaving; some type in open[n].duties}
	obligation := object.union({"type": type}, data.hub.tables.obligations.rows[type])
}

_expiring := {["expires_at", at, names, {"type": "expires_at", "at": at, "fields": names}] |
	open := _open
	some at in {at | some n, _ in _leaving; at := open[n].expiry; at != ""}
	names := sort({field | some n, left in _leaving; open[n].expiry == at; some field in left})
}

# As for an unknown casus: nothing leaves, and the asker has no part in it.
default _conceal := true

_conceal := false if count(_leaving) > 0

_conceal := false if asker.in_circle

_conceal := false if asker.betrokkene

_conceal := false if asker.supervision
