# METADATA
# description: |
#   Which alternatives of a cell hold. A view is one row of records, one unit and one secrecy word: `i`, `row`, `unit`,
#   `word`, `live` (bases of lock 1), `articles` (those of them that open), `consent` (id or "").
package hub.ground

import data.hub.article
import data.hub.asker
import data.hub.basis
import data.hub.ceiling
import data.hub.consent
import data.hub.emergency
import data.hub.involvement
import data.hub.phase
import data.hub.regime
import data.hub.supply

# METADATA
# description: The casus admits the ground wgs to this partner.
default wgs_open := false

wgs_open if phase.triage

wgs_open if {
	phase.open
	input.partner.id in input.casus.involved
}

# Phase and involvement have codes of their own for the whole request, and are then not told again as a ground.
default _wgs_told := false

_wgs_told if {
	not wgs_open
	_phase_told
	_involvement_told
}

_phase_told if phase.open

_phase_told if phase.triage

_phase_told if count(phase.refused) > 0

_involvement_told if input.partner.id in input.casus.involved

_involvement_told if "E_NIET_BETROKKEN" in involvement.refused

# METADATA
# description: The ground derde, its live basis apart.
default hand_over := false

hand_over if {
	asker.derde
	input.action == "verstrekken"
	involvement.statement
}

_care_kinds := {kind | some kind, row in data.hub.tables.partners.rows; row.care}

_treats if {
	asker.care
	"behandelt" in input.partner.relations
}

# METADATA
# description: The row comes from a care provider.
default from_care(_) := false

from_care(row) if row.source_kind in _care_kinds

# METADATA
# description: Live bases that name an article which opens for this view.
articles(row, word, live) := [found |
	some found in live
	basis.is_article(found.kind)
	found.kind in article.running
	article.names_source(found.kind, row.source_kind)
	article.fits(found.kind, word)
	_reasoned(found)
]

_reasoned(found) if found.reason == true

_reasoned(found) if not article.rows[found.kind].reason

# METADATA
# description: The alternatives of the cell that hold, in order - number, level, grounds, id of the basis.
held(view) := [found |
	some n, alternative in ceiling.cells[view.unit].open
	bound := [id | some ground in alternative.grounds; id := _by(ground, alternative, view)]
	count(bound) == count(alternative.grounds)
	found := {
		"level": alternative.level,
		"grounds": alternative.grounds,
		"n": n,
		"basis": _basis(bound, view.live),
	}
	_based(found, view)
]

# A level without a ground opens by any basis that counts.
_based(found, _) if count(found.grounds) > 0

_based(_, view) if count(view.live) > 0

_basis(bound, live) := min(ids) if {
	ids := {id | some id in bound; id != ""}
	count(ids) > 0
} else := min({found.id | some found in live}) if {
	count(live) > 0
} else := ""

# The id of the basis by which a ground holds, "" where it holds without one of its own, undefined where it does not.
_by("wgs", _, view) := id if {
	wgs_open
	not supply.barred[view.i]
	id := _smallest(view.live, "wgs")
}

_by("toest", _, view) := "" if view.consent != ""

_by("457.2", _, view) := "" if treated(view)

_by("wvggz", alternative, view) := _of_article(alternative, view)

_by("wzd", alternative, view) := _of_article(alternative, view)

_by("derde", _, view) := id if {
	hand_over
	id := _smallest(view.live, "derde")
}

_by("huur", _, view) := _smallest(view.live, "huur")

_by("wmo", _, view) := _smallest(view.live, "wmo")

_by("zv01", _, view) := id if {
	"verzekert" in input.partner.relations
	id := _smallest(view.live, "zv01")
}

_by("cvp", _, view) := "" if {
	emergency.word == "cvp"
	emergency.counts(view.row.source, view.unit)
}

_by("vitaal", _, view) := "" if {
	emergency.word == "vitaal"
	emergency.counts(view.row.source, view.unit)
}

_by("wjsg", _, view) := min(ids) if {
	ids := {found.id |
		some found in view.live
		found.kind == concat("", ["wjsg", supply.article[view.i]])
	}
	count(ids) > 0
}

_by(ground, _, view) := _smallest(view.live, ground) if {
	startswith(ground, "wpg")
	view.row.source_kind == "politie"
	ground == concat("", ["wpg", supply.article[view.i]])
}

_by(ground, _, view) := _smallest(view.live, ground) if {
	startswith(ground, "wjsg")
	ground != "wjsg"
	view.row.source_kind != "politie"
	ground == concat("", ["wjsg", supply.article[view.i]])
}

_smallest(live, kind) := min(ids) if {
	ids := {found.id | some found in live; found.kind == kind}
	count(ids) > 0
}

_of_article(alternative, view) := min(ids) if {
	ids := {found.id | some found in view.articles; _named(alternative, found.kind)}
	count(ids) > 0
}

_named(alternative, _) if not alternative.by

_named(alternative, kind) if kind in alternative.by

# METADATA
# description: Receiver and source are directly involved in the same treatment (457.2).
default treated(_) := false

treated(view) if {
	_treats
	from_care(view.row)
	input.partner.id in view.row.treating_with
}

# METADATA
# description: The wgs ground holds for this view, or the supply record alone bars it.
default wgs_holds(_) := false

wgs_holds(view) if {
	wgs_open
	not supply.barred[view.i]
	_smallest(view.live, "wgs")
}

# METADATA
# description: The wmo ground holds for this view.
default wmo_holds(_) := false

wmo_holds(view) if _smallest(view.live, "wmo")

# METADATA
# description: Codes of a cell with alternatives of which none holds.
codes(view) := (_consent_codes(view) | _ground_codes(view)) | _offer_codes(view)

_missing(view) := {ground |
	some alternative in ceiling.cells[view.unit].open
	some ground in alternative.grounds
	not _by(ground, alternative, view)
}

_consent_codes(view) := {consent.code(view.row.source, view.unit) | "toest" in _missing(view)}

_ground_codes(view) := {code |
	some ground in _missing(view)
	code := _code(ground, view)
}

_code("wgs", view) := supply.barred[view.i] if {
	wgs_open
	_smallest(view.live, "wgs")
} else := "E_GRONDSLAG" if {
	view.unit in ceiling.looks_at_record
	not silent("wgs", view.unit)
}

_code(ground, view) := "E_GRONDSLAG" if {
	not ground in {"wgs", "toest", "vitaal"}
	view.unit in ceiling.looks_at_record
	not silent(ground, view.unit)
}

# METADATA
# description: The ground lacks only for a fact that has its own code for the whole request.
default silent(_, _) := false

silent("wgs", unit) if {
	_wgs_told
	some found in basis.counting[unit]
	found.kind == "wgs"
}

silent("derde", unit) if {
	asker.derde
	not hand_over
	some found in basis.counting[unit]
	found.kind == "derde"
}

silent(ground, unit) if {
	regime.unknown
	not asker.exempt
	some found in basis.for_group[data.hub.fields.group[unit]]
	_of_ground(found.kind, ground)
}

_of_ground(kind, kind)

_of_ground(kind, ground) if {
	ground in {"wvggz", "wzd"}
	basis.is_article(kind)
}

_offer_codes(view) := {code |
	some kind, code in {"wv30": "E_829", "wz01": "E_18C"}
	not regime.unknown
	some found in basis.for_group[data.hub.fields.group[view.unit]]
	found.kind == kind
	not _opened(kind, view)
} | {code |
	emergency.meant(view.row.source, view.unit)
	some code in emergency.codes
}

_opened(kind, view) if {
	some found in view.articles
	found.kind == kind
}

# METADATA
# description: Units of which no alternative looks at a record and none holds (E_GRONDSLAG about the field).
shut contains unit if {
	some unit, cell in ceiling.cells
	count(cell.open) > 0
	not unit in ceiling.looks_at_record
	not _some_holds(unit, cell)
	_some_told(unit, cell)
}

_some_holds(unit, cell) if {
	some alternative in cell.open
	every ground in alternative.grounds {
		_plain_holds(ground, unit)
	}
}

_plain_holds(ground, unit) if {
	some found in basis.counting[unit]
	found.kind == ground
	_gate(ground)
}

_gate("wgs") if wgs_open

_gate("derde") if hand_over

_gate("huur")

_gate("wmo")

_gate("zv01") if "verzekert" in input.partner.relations

_some_told(unit, cell) if {
	some alternative in cell.open
	some ground in alternative.grounds
	not _plain_holds(ground, unit)
	not silent(ground, unit)
}
