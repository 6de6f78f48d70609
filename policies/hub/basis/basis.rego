# METADATA
# description: |
#   Lock 1 - a live legal basis - time, partner, purpose and group match, and its kind counts in the regime for this
#   partner and, for articles and supply words, for the record's source.
package hub.basis

import data.hub.article
import data.hub.asker
import data.hub.fields
import data.hub.moment
import data.hub.regime

_tables := data.hub.tables.regimes

# METADATA
# description: Bases of the right time, partner and purpose.
offered := [basis |
	some basis in input.legal_bases
	basis.partner == input.partner.id
	_purpose_named(basis)
	moment.within(basis.valid_from, basis.valid_until)
]

_purpose_named(basis) if input.purpose in basis.purposes

_purpose_named(basis) if "*" in basis.purposes

# METADATA
# description: group -> the bases offered for it.
for_group := {group: found |
	some group in {found | some found in fields.group}
	found := [basis | some basis in offered; _group_named(basis, group)]
}

_group_named(basis, group) if group in basis.groups

_group_named(basis, _) if "*" in basis.groups

# METADATA
# description: Kinds that count in the regime for this partner.
listed := (_by_regime | _wgs) | _by_standing

default _by_regime := set()

_by_regime := {kind | some kind in regime.row.public_kinds} if {
	asker.public
	regime.row.public_kinds
} else := {kind | some kind in regime.row.kinds}

_wgs contains "wgs" if {
	input.partner.kind in regime.row.wgs_for
	not "vg_lvb" in asker.acts_as
}

# C2: a VG/LVB provider takes part only on assignment of the college; so does a casusregisseur in its employ.
_wgs contains "wgs" if {
	some kind in regime.row.wgs_with_wmo_opdracht
	kind in asker.acts_as
	"wmo_opdracht" in input.partner.relations
}

_by_standing contains kind if {
	asker.betrokkene
	some kind in _tables.any.betrokkene
}

_by_standing contains kind if {
	asker.supervision
	some kind in _tables.any.toezicht
}

_by_standing contains kind if {
	asker.aggregates
	some kind in _tables.any.D10
}

# METADATA
# description: unit -> listed bases that are the partner's own to use (the source still to be judged).
counting := {unit: found |
	some unit, group in fields.group
	found := [{"id": basis.id, "kind": basis.kind, "reason": basis.reason} |
		some basis in for_group[group]
		basis.kind in listed
		_own(basis.kind, unit, group)
	]
}

_own(kind, _, group) if {
	row := _tables.counts_for[kind]
	_standing_fits(row)
	_partner_fits(row)
	_relation_fits(row)
	_group_fits(row, group)
}

_own(kind, _, _) if {
	not _tables.counts_for[kind]
	not is_article(kind)
}

_own(kind, unit, _) if {
	is_article(kind)
	kind in article.reaching[unit]
}

_standing_fits(row) if row.standing == input.partner.standing

_standing_fits(row) if not row.standing

_partner_fits(row) if input.partner.kind in row.partner

_partner_fits(row) if not row.partner

_relation_fits(row) if row.relation in input.partner.relations

_relation_fits(row) if not row.relation

_group_fits(row, group) if group in row.groups

_group_fits(row, _) if not row.groups

# METADATA
# description: An id of table 1.5 or 1.6.
default is_article(_) := false

is_article(kind) if {
	startswith(kind, "wv")
	count(kind) == 4
}

is_article(kind) if {
	startswith(kind, "wz")
	count(kind) == 4
}

# METADATA
# description: The kind counts for records of this source kind.
default from_source(_, _) := false

from_source(kind, source_kind) if source_kind in _tables.counts_for[kind].source

from_source(kind, _) if {
	not _tables.counts_for[kind].source
	not is_article(kind)
}

from_source(kind, source_kind) if article.names_source(kind, source_kind)

# METADATA
# description: Units of which every counting basis counts for every source.
free contains unit if {
	some unit, found in counting
	every basis in found {
		not _tables.counts_for[basis.kind].source
		not is_article(basis.kind)
	}
}

# METADATA
# description: Field reasons of lock 1 - unit -> codes.
refused := {unit: codes |
	some unit, group in fields.group
	count(counting[unit]) == 0
	codes := _reason(for_group[group])
}

_reason(bases) := {"E_GRONDSLAG"} if {
	count(bases) == 0
} else := {"E_GRONDSLAG"} if {
	some basis in bases
	basis.kind in listed
} else := {"E_GRONDSLAG"} if {
	# R23: consent, contract or interest as the only basis of a public body.
	asker.public
	regime.row.public_kinds
	every basis in bases {
		basis.kind in regime.row.kinds
	}
} else := {"E_REGIME"}

# METADATA
# description: The derde basis carries an advice of the rechtmatigheidsadviescommissie (wg14) - groups for which it does.
advised contains group if {
	some group, bases in for_group
	some basis in bases
	basis.kind == "derde"
	"derde" in listed
	asker.derde
	is_string(basis.rac_ref)
}
