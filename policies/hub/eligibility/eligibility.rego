# METADATA
# description: May this partner act for this purpose (R02), and the user attributes and age (R28, R32).
package hub.eligibility

import data.hub.asker
import data.hub.catalog
import data.hub.consent
import data.hub.emergency
import data.hub.fields

default _rule := "no"

_rule := data.hub.tables.eligibility.rows[input.partner.kind][input.purpose].rule

# METADATA
# description: Request reasons - code and what it looks at.
refused contains ["E_DOEL", "request"] if not _open_by_table

refused contains ["E_DOEL", "request"] if asker.without_authority

refused contains ["E_DOEL", "request"] if {
	relation := data.hub.tables.partners.running_task[input.partner.kind]
	not input.purpose in {"D01", "D11"}
	not relation in input.partner.relations
}

refused contains ["E_DOEL", "record"] if {
	_rule in {"crisis", "named", "verkennend_onderzoek", "wzd_loopt"}
	not _open_by_facts
}

refused contains ["E_GEBRUIKER", "request"] if {
	not asker.betrokkene
	some attribute in ["designated", "screened", "trained", "bound_to_secrecy"]
	not input.user[attribute] == true
}

refused contains ["E_LEEFTIJD", "record"] if {
	not asker.exempt
	not _of_age
}

_of_age if {
	is_number(input.casus.subject_age)
	input.casus.subject_age >= 18
}

refused contains ["E_INVOER", "request"] if asker.employer_unknown

refused contains ["E_INVOER", "request"] if {
	input.action == "verstrekken"
	not _started_by_another
}

_started_by_another if {
	is_string(input.started_by)
	input.started_by != input.partner.id
}

# What the table settles, or leaves to facts about the person or to field and record.
_open_by_table if {
	_rule in {"yes", "own", "contactpunt", "part", "support", "crisis", "named", "verkennend_onderzoek", "wzd_loopt"}
}

_open_by_table if {
	_rule == "triage"
	input.casus.phase in {"aangemeld", "triage"}
	input.partner.id in input.casus.triage_group
	_takes_part
}

# The table of who may act for which purpose, ggz in D01: "triage if deelnemer".
_takes_part if input.partner.kind != "ggz"

_takes_part if input.partner.standing == "deelnemer"

_open_by_table if {
	_rule == "houdt_toezicht"
	"houdt_toezicht" in input.partner.relations
}

_open_by_table if {
	_rule == "verstrekken"
	input.action == "verstrekken"
}

_open_by_facts if {
	_rule == "crisis"
	input.casus.wvggz_status == "crisismaatregel"
}

_open_by_facts if {
	_rule == "crisis"
	emergency.fulfilled
}

_open_by_facts if {
	_rule == "named"
	consent.naming != ""
}

_open_by_facts if {
	_rule == "named"
	emergency.fulfilled
}

_open_by_facts if {
	_rule == "verkennend_onderzoek"
	input.casus.wvggz_status == "verkennend_onderzoek"
}

_open_by_facts if {
	_rule == "wzd_loopt"
	is_string(input.casus.wzd_status)
	input.casus.wzd_status != "geen"
}

# METADATA
# description: The consent by which the partner may act; it is then used.
default used_consent := ""

used_consent := consent.naming if _rule == "named"

# METADATA
# description: The emergency by which the partner may act, there being no consent; it is then used.
default used_emergency := false

used_emergency if {
	_rule == "named"
	consent.naming == ""
	emergency.fulfilled
}

# METADATA
# description: Units outside a supporting part (G20 and G21 only).
unsupported := {unit |
	_rule == "support"
	some unit, group in fields.group
	not group in {"G20", "G21"}
}

# METADATA
# description: Only own supplied records may be asked (D11).
default own_only := false

own_only if _rule == "own"

# METADATA
# description: unit -> law of what is never given to this partner (R09-R11, R17).
never := {unit: law |
	some rule in data.hub.tables.overrides.never
	some kind in rule.acts_as
	asker.acts_as[kind]
	some unit, group in fields.group
	law := _never(rule, unit, group)
}

_never(rule, unit, group) := rule.law if {
	group in rule.groups
	not unit in rule.but
}

_never(rule, unit, _) := rule.law if unit in rule.fields

# METADATA
# description: Who asks is of another partnership (R17).
default other_partnership := false

other_partnership if input.partner.kind == "ander_samenwerkingsverband"

# METADATA
# description: Units that another partnership never gets, whoever is the source (R17).
never_secret := {unit |
	other_partnership
	some unit in fields.asked_units
	words := {word | some word in data.hub.tables.secrecy.by_source[catalog.fields[unit].secrecy_row]}
	every word in words {
		word in {"BG", "WV", "WZ"}
	}
}

# METADATA
# description: The asker may have the BSN (R14).
# related_resources:
#   - ref: https://wetten.overheid.nl/BWBR0040940
#     description: UAVG 46
default bsn := false

bsn if asker.betrokkene

bsn if asker.row.bsn == "always"

bsn if {
	asker.row.bsn == "deelnemer"
	input.partner.standing == "deelnemer"
}
