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

_counts_for := _tables.counts_for

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

_everywhere := [basis | some basis in offered; "*" in basis.groups]

# Groups that a basis names, or that a kind is bound to; all others share one list of bases.
_named_groups := {group | some basis in offered; some group in basis.groups} | _bound_groups

_bound_groups := {group | some kind in _own; some group in _counts_for[kind].groups}

# METADATA
# description: group -> the bases offered for it.
for_group := {group: _for_group(group) | some group in fields.groups}

_for_group(group) := _everywhere if {
	not _named_groups[group]
} else := [basis | some basis in offered; _group_named(basis, group)]

_group_named(basis, _) if "*" in basis.groups

_group_named(basis, group) if group in basis.groups

# METADATA
# description: Kinds that count in the regime for this partner.
listed := ({kind | some kind in _on_offer; kind in _of_regime} | _wgs) | _by_standing

_on_offer := {basis.kind | some basis in offered}

default _of_regime := []

_of_regime := regime.row.public_kinds if {
	asker.public
} else := regime.row.kinds

_wgs contains "wgs" if {
	input.partner.kind in regime.row.wgs_for
	not asker.acts_as.vg_lvb
}

# C2: a VG/LVB provider takes part only on assignment of the college; so does a casusregisseur in its employ.
_wgs contains "wgs" if {
	some kind in regime.row.wgs_with_wmo_opdracht
	asker.acts_as[kind]
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

# Listed kinds on offer that are this partner's own to use, as far as that is not a matter of group or source.
_own := {kind |
	some kind in _on_offer
	listed[kind]
	_fits_partner(kind)
}

_fits_partner(kind) if not _counts_for[kind]

_fits_partner(kind) if {
	row := _counts_for[kind]
	_standing_fits(row)
	_kind_fits(row)
	_relation_fits(row)
}

_standing_fits(row) if row.standing == input.partner.standing

_standing_fits(row) if not row.standing

_kind_fits(row) if input.partner.kind in row.partner

_kind_fits(row) if not row.partner

_relation_fits(row) if row.relation in input.partner.relations

_relation_fits(row) if not row.relation

_usable(bases, group) := [{"id": basis.id, "kind": basis.kind, "reason": basis.reason} |
	some basis in bases
	_own[basis.kind]
	_fits_group(basis.kind, group)
]

_fits_group(kind, _) if not _counts_for[kind].groups

_fits_group(kind, group) if group in _counts_for[kind].groups

_shared := _usable(_everywhere, "")

_shared_live := _locked(_shared)

# Units that share the bases without groups, and have no article or source to ask for.
_plain := {unit |
	_shared_is_plain
	some unit, group in fields.group
	not _named_groups[group]
}

default _shared_is_plain := false

_shared_is_plain if {
	every basis in _shared {
		not _of_source[basis.kind]
	}
}

# METADATA
# description: Articles of table 1.5 or 1.6 on offer.
articles := {kind | some kind in _on_offer; _is_article(kind)}

_is_article(kind) if {
	startswith(kind, "wv")
	count(kind) == 4
}

_is_article(kind) if {
	startswith(kind, "wz")
	count(kind) == 4
}

# METADATA
# description: unit -> listed bases that are the partner's own to use (the source still to be judged).
counting := {unit: found | some unit, group in fields.group; found := _counting(unit, group)}

_counting(unit, group) := _shared if {
	_plain[unit]
} else := [basis | some basis in _usable(for_group[group], group); _names(basis.kind, unit)]

_names(kind, _) if not articles[kind]

_names(kind, unit) if article.reaching[unit][kind]

# Kinds that count for some sources only.
_of_source := {kind | some kind in _own; _counts_for[kind].source} | articles

# METADATA
# description: The live bases for a unit and a source kind - smallest id of all (`any`) and by kind, and the bases.
live(unit, source_kind) := _shared_live if {
	_plain[unit]
} else := _by_source[unit][source_kind]

# METADATA
# description: Units for which an article counts.
by_article := {unit |
	count(articles) > 0
	some unit, bases in counting
	some basis in bases
	articles[basis.kind]
}

# METADATA
# description: The live bases of a unit, the same for records of any source; undefined where the source matters.
shared(unit) := _shared_live if {
	_plain[unit]
} else := _locked(counting[unit]) if {
	every basis in counting[unit] {
		not _of_source[basis.kind]
	}
}

_source_kinds := {row.source_kind | some row in fields.rows}

_by_source := {unit: by_kind |
	some unit, bases in counting
	not _plain[unit]
	by_kind := _by_kind(bases)
}

_by_kind(bases) := {source_kind: live |
	live := _locked(bases)
	some source_kind in _source_kinds
} if {
	every basis in bases {
		not _of_source[basis.kind]
	}
} else := {source_kind: _locked(found) |
	some source_kind in _source_kinds
	found := [basis | some basis in bases; _from_source(basis.kind, source_kind)]
}

_locked(bases) := {
	"any": min([basis.id | some basis in bases]),
	"kinds": {kind: min([basis.id | some basis in bases; basis.kind == kind]) |
		some kind in {basis.kind | some basis in bases}
	},
	"bases": bases,
} if {
	count(bases) > 0
} else := {"any": "", "kinds": {}, "bases": []}

_from_source(kind, _) if not _of_source[kind]

_from_source(kind, source_kind) if source_kind in _counts_for[kind].source

_from_source(kind, source_kind) if article.names_source(kind, source_kind)

# METADATA
# description: Field reasons of lock 1 - unit -> code.
refused := {unit: code |
	some unit, group in fields.group
	count(counting[unit]) == 0
	code := _reason(for_group[group])
}

_reason(bases) := "E_GRONDSLAG" if {
	count(bases) == 0
} else := "E_GRONDSLAG" if {
	some basis in bases
	listed[basis.kind]
} else := "E_GRONDSLAG" if {
	# R23: kinds of the regime that are not listed for him - consent, contract or interest of a public body.
	every basis in bases {
		basis.kind in regime.row.kinds
	}
} else := "E_REGIME"

# METADATA
# description: Groups for which the derde basis carries an advice of the rechtmatigheidsadviescommissie (wg14).
advised := {group |
	_own.derde
	some group, bases in for_group
	some basis in bases
	basis.kind == "derde"
	is_string(basis.rac_ref)
}
