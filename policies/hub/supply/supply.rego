# METADATA
# description: |
#   What the record itself says - flags, term, source conditions, circle, and the supply records of police and justice
#   (R12, R13, R25-R27, R31). Reasons are pairs of row number and code.
package hub.supply

import data.hub.asker
import data.hub.eligibility
import data.hub.fields
import data.hub.moment

_persons := {"betrokkene", "gezinslid", "sociaal_contact"}

_justice := {"om", "dji"}

_suppliers := {"politie", "om", "dji"}

# METADATA
# description: Rows that the asker supplied itself.
own := {i |
	some i, row in fields.rows
	row.source == input.partner.id
}

# Rows of which nothing can be wrong here; the rest is looked at rule by rule.
_plain(row) if {
	row.restricted == false
	row.disputed == false
	row.objected == false
	row.vetoed == false
	is_boolean(row.uavg41)
	is_boolean(row.supplier_agreed)
	_persons[row.person]
	moment.running(row.destroy_on)
	row.denied_to == []
	is_string(row.source)
	is_string(row.source_kind)
	not _suppliers[row.source_kind]
	row.regime == input.casus.regime
	not asker.betrokkene
	not eligibility.own_only
}

_marked := {i: row | some i, row in fields.rows; not _plain(row)}

# METADATA
# description: Record reasons by row number.
refused contains [i, "E_REGIME"] if {
	not asker.exempt
	some i, row in _marked
	not row.regime == input.casus.regime
}

refused contains [i, "E_INVOER"] if {
	some i, row in _marked
	some flag in ["restricted", "disputed", "objected", "vetoed", "uavg41", "supplier_agreed"]
	not is_boolean(row[flag])
}

refused contains [i, "E_INVOER"] if {
	some i, row in _marked
	some key in ["person", "source_kind", "source"]
	not is_string(row[key])
}

refused contains [i, "E_TERMIJN"] if {
	some i, row in _marked
	not moment.running(row.destroy_on)
}

refused contains [i, "E_BRON"] if {
	not asker.exempt
	some i, row in _marked
	_denied(row)
	not own[i]
}

refused contains [i, "E_BEPERKT"] if {
	not asker.exempt
	some i, row in _marked
	true in [row.restricted, row.disputed, row.objected]
}

refused contains [i, "E_BEPERKT"] if {
	asker.betrokkene
	some i, row in _marked
	row.uavg41 == true
}

refused contains [i, "E_KRING"] if {
	some i, row in _marked
	row.person == "ander"
}

refused contains [i, "E_WPG"] if {
	some i, row in _marked
	row.source_kind == "politie"
	not _police_supplied(i, row)
}

refused contains [i, "E_WJSG"] if {
	some i, row in _marked
	_justice[row.source_kind]
	not _justice_supplied(i, row)
}

refused contains [i, "E_DOEL"] if {
	eligibility.own_only
	some i, row in _marked
	not own[i]
}

_denied(row) if row.vetoed == true

_denied(row) if input.partner.id in row.denied_to

_denied(row) if input.partner.kind in row.denied_to

_police_supplied(i, row) if {
	is_string(row.wpg.article)
	row.wpg.category in {"8", "13"}
	row.wpg.authority_agreed == true
	_received(i, row.wpg.receivers)
}

_justice_supplied(i, row) if {
	is_string(row.wjsg.article)
	_received(i, row.wjsg.receivers)
}

_received(i, _) if own[i]

_received(_, _) if asker.exempt

_received(_, receivers) if input.partner.id in receivers

_received(_, receivers) if {
	"*" in receivers
	not asker.derde
	asker.in_circle
}

# METADATA
# description: Rows about another person than the betrokkene; he sees only contactpersoon_1 of them.
others := {i |
	asker.betrokkene
	some i, row in _marked
	is_string(row.person)
	row.person != "betrokkene"
}

# METADATA
# description: row number -> codes.
codes := {i: found |
	some [i, _] in refused
	found := {code | some [j, code] in refused; j == i}
}

# METADATA
# description: Article of the supply record up to its first bracket, 20(3) whole.
article := {i: name |
	some i, row in _marked
	name := _article(row)
}

_article(row) := "20_3" if {
	row.source_kind == "politie"
	row.wpg.article == "20(3)"
} else := split(row.wpg.article, "(")[0] if {
	row.source_kind == "politie"
} else := split(row.wjsg.article, "(")[0] if {
	_justice[row.source_kind]
}

# METADATA
# description: row number -> code, for supply records whose article is not one by which the ground wgs opens.
barred := {i: code |
	some i, row in _marked
	code := _supply_code[row.source_kind]
	not _wgs_article(i, code)
}

_supply_code := {"politie": "E_WPG", "om": "E_WJSG", "dji": "E_WJSG"}

_wgs_article(i, "E_WPG") if article[i] == "20_3"

_wgs_article(i, "E_WJSG") if article[i] in {"8b", "39fa", "51ca"}

# METADATA
# description: Pairs of field and source of which there is more than one record.
doubles := {[field, source] |
	some source in {row.source | some row in fields.rows}
	told := [field | some row in fields.rows; row.source == source; some field in row.fields]
	count(told) != count({field | some field in told})
	some n, field in told
	some m, other in told
	n < m
	field == other
}
