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
import data.hub.ground
import data.hub.involvement
import data.hub.need
import data.hub.phase
import data.hub.regime
import data.hub.supply
import data.hub.validity
import data.hub.verdict

# METADATA
# description: The decision on one request; defined for every input.
# entrypoint: true
decision := {
	"allow": count(_released) > 0,
	"released": _released,
	"refusals": _refusals,
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

_whole contains [code, "request"] if {
	not _alone
	count(fields.asked_units) > 0
	some code in ["E_DOEL", "E_REGIME"]
	every unit in fields.asked_units {
		[code, "field"] in _all[unit]
	}
}

_whole_codes := {code | some [code, _] in _whole}

# Reasons about a field, by unit: `_all` as they hold, `_hard` and `_soft` as they are told. The soft ones are of the
# ceiling, and do not stand in the way of own data.
_all := {unit: _reasons(unit) | some unit in fields.asked_units}

_hard := {unit: told |
	some unit, reasons in _all
	told := {reason | some reason in reasons; not reason[0] in _whole_codes}
	count(told) > 0
}

_soft := {unit: reasons |
	not asker.aggregates
	some unit in fields.asked_units
	reasons := _of_ceiling(unit)
	count(reasons) > 0
}

_reasons(unit) := {[code, "field"] | some code in _by_table(unit)} | {[code, about] |
	some code in ["E_DOEL", "E_REGIME", "E_PLAFOND", "E_NOOIT", "E_BSN", "E_EXPORT", "E_AANTAL", "E_GRONDSLAG", "E_MELDER"]
	about := _holds(code, unit)
}

default _by_table(_) := set()

_by_table(unit) := need.refused[unit] | basis.refused[unit]

_by_table(unit) := need.refused[unit] if not basis.refused[unit]

_by_table(unit) := basis.refused[unit] if not need.refused[unit]

_holds("E_DOEL", unit) := "field" if unit in eligibility.unsupported

_holds("E_REGIME", unit) := "field" if unit in regime.foreign

_holds("E_PLAFOND", unit) := "field" if {
	unit in regime.shut
	not _never(unit)
}

_holds("E_NOOIT", unit) := "field" if _never(unit)

_holds("E_BSN", "bsn") := "field" if not eligibility.bsn

_holds("E_EXPORT", _) := "field" if {
	input.action == "export"
	duty.no_export
}

_holds("E_AANTAL", _) := "record" if {
	asker.aggregates
	not _many
}

_many if {
	is_number(input.casus.group_size)
	input.casus.group_size >= 10
}

# wg14: Z and S to a derde only with the advice of the commission on the derde basis.
_holds("E_GRONDSLAG", unit) := "field" if {
	involvement.hand_over
	verdict.sensitive(unit)
	not fields.group[unit] in basis.advised
}

_holds("E_MELDER", "melder_gegevens") := "field" if asker.betrokkene

_never(unit) if eligibility.never[unit]

_never(unit) if unit in eligibility.never_secret

_of_ceiling(unit) := _plafond(unit) | {["E_GRONDSLAG", "field"] | unit in ground.shut}

default _plafond(_) := set()

_plafond(unit) := {["E_PLAFOND", "field"]} if {
	unit in ceiling.shut
	not _never(unit)
} else := {["E_PLAFOND", ceiling.failing[unit]]} if {
	not _never(unit)
}

# Records: released, or with their reasons.
_released := [row |
	some [field, _, i, release] in sort(_leaving)
	row := {
		"field": field,
		"source": fields.rows[i].source,
		"level": release.level,
		"legal_basis": release.basis,
		"secrecy_exception": release.exception,
	}
]

_leaving := [[field, fields.rows[i].source, i, release] |
	count(_whole) == 0
	some [field, i, key] in verdict.placed
	count(verdict.codes[key]) == 0
	_free(fields.units[field], i)
	not [field, fields.rows[i].source] in supply.doubles
	release := verdict.chosen[key]
	is_string(release.basis)
	release.basis != ""
]

_free(unit, _) if {
	not _hard[unit]
	not _soft[unit]
}

_free(unit, i) if {
	not _hard[unit]
	i in supply.own
}

_left := {[field, i] | some [field, _, i, _] in _leaving}

# field, source, code, about, law - sorted in this order, so that a reader finds his field.
_refusals := [{"field": field, "source": source, "code": code, "about": about, "law": law} |
	some [field, source, code, about, law] in sort(_told)
]

_told := ((_of_request | _of_unknown) | (_of_fields | _of_absent)) | _of_records

_law := data.hub.tables.codes.rows

_of_request contains ["*", null, code, about, _law[code].law] if some [code, about] in _whole

_of_unknown contains [field, null, "E_VELD", "field", _law.E_VELD.law] if {
	not _alone
	some field in fields.unknown
}

_of_fields := {[field, null, code, about, law] |
	not _alone
	some field, unit in fields.units
	some [code, about] in _field_reasons[unit]
	law := _law_of(code, unit)
}

_field_reasons := {unit: reasons |
	some unit in fields.asked_units
	reasons := _hard_of(unit) | _soft_of(unit)
	count(reasons) > 0
}

default _hard_of(_) := set()

_hard_of(unit) := _hard[unit]

default _soft_of(_) := set()

_soft_of(unit) := _soft[unit]

_law_of(code, unit) := eligibility.never[unit] if {
	code == "E_NOOIT"
} else := data.hub.tables.overrides.between_partnerships.law if {
	code == "E_NOOIT"
} else := ceiling.cells[unit].law if {
	code == "E_PLAFOND"
} else := _law[code].law

_of_absent := {[field, null, "E_GEEN_GEGEVEN", "record", _law.E_GEEN_GEGEVEN.law] |
	not _alone
	some field in fields.asked
	not field in _held
}

_held := {field | some [field, _, _] in verdict.placed}

_of_records := {[field, fields.rows[i].source, code, "record", law] |
	not _alone
	some [field, i, key] in verdict.placed
	some code in _codes_of(field, i, key)
	law := _law_of_record(code, key)
}

_codes_of(field, i, key) := verdict.codes[key] | {"E_INVOER"} if {
	[field, fields.rows[i].source] in supply.doubles
} else := verdict.codes[key] if {
	count(verdict.codes[key]) > 0
} else := {_unreleased(key)} if {
	count(_whole) == 0
	_free(fields.units[field], i)
	not [field, i] in _left
}

# Nothing stands against it but the duties; a record without release or reason is refused all the same.
_unreleased(key) := "E_VERPLICHTING" if {
	count(verdict.options[key]) > 0
} else := "E_INVOER"

_law_of_record("E_NOOIT", _) := data.hub.tables.overrides.insurer_part.law if {
	asker.insurer
} else := data.hub.tables.overrides.between_partnerships.law

_law_of_record("E_BEROEPSGEHEIM", key) := data.hub.tables.secrecy.words[key[2]].law

_law_of_record(code, _) := _law[code].law if not code in {"E_NOOIT", "E_BEROEPSGEHEIM"}

# Obligations speak only of what leaves.
_obligations := [obligation | some [_, _, _, obligation] in sort(_due | _expiring)]

_due := {[type, "", [], obligation] |
	some [_, _, _, release] in _leaving
	some type in release.duties
	type != "expires_at"
	obligation := object.union({"type": type}, data.hub.tables.obligations.rows[type])
}

_expiring := {["expires_at", at, names, {"type": "expires_at", "at": at, "fields": names}] |
	some [_, _, _, one] in _leaving
	at := one.expiry
	at != ""
	names := sort({field | some [field, _, _, release] in _leaving; release.expiry == at})
}

# As for an unknown casus: nothing leaves, and the asker has no part in it.
default _conceal := true

_conceal := false if count(_released) > 0

_conceal := false if asker.in_circle

_conceal := false if asker.betrokkene

_conceal := false if asker.supervision
