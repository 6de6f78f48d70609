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
import data.hub.fields
import data.hub.involvement
import data.hub.need
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

_phase_told if count(phase.refused) > 0

_involvement_told if input.partner.id in input.casus.involved

_involvement_told if involvement.refused.E_NIET_BETROKKEN

# Before admission the phase reason speaks of the triage group too.
_involvement_told if {
	input.casus.phase in {"aangemeld", "triage"}
	phase.refused.E_FASE
}

# METADATA
# description: The ground derde, its live basis apart.
default hand_over := false

hand_over if {
	asker.derde
	input.action == "verstrekken"
	involvement.statement
}

# METADATA
# description: Source kinds that are care providers.
care_kinds := {kind | some kind, row in data.hub.tables.partners.rows; row.care}

# METADATA
# description: Rows whose source and the asker are directly involved in the same treatment (457.2).
treated := {i |
	asker.care
	"behandelt" in input.partner.relations
	some i, row in fields.rows
	care_kinds[row.source_kind]
	input.partner.id in row.treating_with
}

# METADATA
# description: Live bases that name an article which opens for this row and secrecy word.
articles(row, word, live) := [found |
	some found in live.bases
	basis.articles[found.kind]
	article.running[found.kind]
	article.names_source(found.kind, row.source_kind)
	article.fits(found.kind, word)
	_reasoned(found)
] if {
	count(basis.articles) > 0
} else := []

_reasoned(found) if found.reason == true

_reasoned(found) if not article.rows[found.kind].reason

_gates := {each | some each in _gate}

_gate contains "wgs" if wgs_open

_gate contains "derde" if hand_over

_gate contains "huur"

_gate contains "wmo"

_gate contains "zv01" if "verzekert" in input.partner.relations

# Grounds that can hold for some record of this request; an alternative with another one is not looked at again.
_possible := _gates | _possible_by_record

_possible_by_record contains "toest" if count(consent.given) > 0

_possible_by_record contains "457.2" if count(treated) > 0

_possible_by_record contains emergency.word

_possible_by_record contains "wjsg"

_possible_by_record contains basis_row.kind if some basis_row in basis.offered

_rank := {"hit": 1, "sam": 2, "vol": 3}

# unit -> alternatives that can hold, with the rank that need and level leave (0 where nothing is needed).
_hopeful := {unit: found |
	some unit, cell in ceiling.cells
	cap := object.get(need.cap, fields.group[unit], 0)
	found := [{"n": n, "rank": min([cap, _rank[alternative.level]]), "grounds": grounds, "alternative": alternative} |
		some n, alternative in cell.open
		grounds := alternative.grounds
		_can_hold(grounds, unit)
	]
}

_can_hold(grounds, unit) if {
	every ground in grounds {
		_can_here(ground, unit)
	}
}

_can_here(ground, unit) if {
	_possible[ground]
} else if {
	_of_articles[ground]
	basis.by_article[unit]
}

_of_articles := {"wvggz", "wzd"}

# METADATA
# description: |
#   unit -> rank and basis by wgs, where wgs is the best that a record of no care provider, without consent or supply
#   article, can have.
by_wgs := {unit: {"rank": rank, "basis": id} |
	wgs_open
	some unit, found in _hopeful
	every hopeful in found {
		_frequent[hopeful.grounds]
		hopeful.grounds != []
	}
	rank := max([hopeful.rank | some hopeful in found; hopeful.grounds == ["wgs"]])
	rank > 0
	id := basis.shared(unit).kinds.wgs
}

# METADATA
# description: The alternatives of the cell that hold - number, rank at most, grounds, id of the basis.
held(view) := [found |
	some hopeful in _hopeful[view.unit]
	id := _opened(hopeful, view)
	found := {"n": hopeful.n, "rank": hopeful.rank, "grounds": hopeful.grounds, "basis": id}
]

# The frequent grounds first: a chain ends where one answers.
_opened(hopeful, view) := id if {
	hopeful.grounds == ["wgs"]
	id := _wgs(view)
} else := view.live.any if {
	hopeful.grounds == ["toest"]
	view.consent != ""
} else := view.live.any if {
	hopeful.grounds == ["457.2"]
	treated[view.i]
} else := view.live.any if {
	# A level without a ground opens by any basis that counts.
	hopeful.grounds == []
	view.live.any != ""
} else := _basis(concat("", ids), view.live) if {
	not hopeful.grounds in _frequent
	ids := [id | some ground in hopeful.grounds; id := _by(ground, hopeful.alternative, view)]
	count(ids) == count(hopeful.grounds)
}

_frequent := {["wgs"], ["toest"], ["457.2"], []}

# Of `a+b` the basis is that of the half that has one of its own.
_basis("", live) := live.any

_basis(id, _) := id if id != ""

# The id of the basis by which a ground holds, "" where it holds without one of its own, undefined where it does not.
_by("wgs", _, view) := _wgs(view)

_by("toest", _, view) := "" if view.consent != ""

_by("457.2", _, view) := "" if treated[view.i]

_by("wvggz", alternative, view) := _of_article(alternative, view)

_by("wzd", alternative, view) := _of_article(alternative, view)

_by("derde", _, view) := view.live.kinds.derde if hand_over

_by("huur", _, view) := view.live.kinds.huur

_by("wmo", _, view) := view.live.kinds.wmo

_by("zv01", _, view) := view.live.kinds.zv01 if "verzekert" in input.partner.relations

_by("cvp", _, view) := "" if {
	emergency.word == "cvp"
	emergency.counts(view.row.source, view.unit)
}

_by("vitaal", _, view) := "" if {
	emergency.word == "vitaal"
	emergency.counts(view.row.source, view.unit)
}

_by("wjsg", _, view) := view.live.kinds[concat("", ["wjsg", supply.article[view.i]])]

_by(ground, _, view) := view.live.kinds[ground] if {
	startswith(ground, "wpg")
	view.row.source_kind == "politie"
	ground == concat("", ["wpg", supply.article[view.i]])
}

_by(ground, _, view) := view.live.kinds[ground] if {
	startswith(ground, "wjsg")
	ground != "wjsg"
	view.row.source_kind != "politie"
	ground == concat("", ["wjsg", supply.article[view.i]])
}

_of_article(alternative, view) := min(ids) if {
	count(view.articles) > 0
	ids := [found.id | some found in view.articles; _named(alternative, found.kind)]
	count(ids) > 0
}

_named(alternative, _) if not alternative.by

_named(alternative, kind) if kind in alternative.by

_wgs(view) := view.live.kinds.wgs if {
	wgs_open
	not supply.barred[view.i]
}

# METADATA
# description: The wgs ground holds for this view.
default wgs_holds(_) := false

wgs_holds(view) if is_string(_wgs(view))

# METADATA
# description: Codes of a cell with alternatives of which none holds.
codes(view) := (_consent_codes(view) | _ground_codes(view)) | _offer_codes(view)

_missing(view) := {ground |
	some alternative in ceiling.cells[view.unit].open
	some ground in alternative.grounds
	not _by_known(ground, alternative, view)
}

_by_known(ground, alternative, view) if is_string(_by(ground, alternative, view))

_consent_codes(view) := {consent.code(view.row.source, view.unit) | "toest" in _missing(view)}

_ground_codes(view) := {code |
	some ground in _missing(view)
	code := _code(ground, view)
}

_code("wgs", view) := supply.barred[view.i] if {
	wgs_open
	view.live.kinds.wgs
} else := "E_GRONDSLAG" if {
	ceiling.looks_at_record(view.unit)
	not silent("wgs", view.unit)
}

_code(ground, view) := "E_GRONDSLAG" if {
	not ground in {"wgs", "toest", "vitaal"}
	ceiling.looks_at_record(view.unit)
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
	some found in basis.for_group[fields.group[unit]]
	_of_ground(found.kind, ground)
}

_of_ground(kind, kind)

_of_ground(kind, ground) if {
	ground in {"wvggz", "wzd"}
	basis.articles[kind]
}

_offer_codes(view) := {code |
	some kind, code in {"wv30": "E_829", "wz01": "E_18C"}
	not regime.unknown
	some found in basis.for_group[fields.group[view.unit]]
	found.kind == kind
	not _article_opens(kind, view)
} | {code |
	emergency.meant(view.row.source, view.unit)
	some code in emergency.codes
}

_article_opens(kind, view) if {
	some found in view.articles
	found.kind == kind
}

# METADATA
# description: Units of which no alternative looks at a record and none holds (E_GRONDSLAG about the field).
shut := {unit |
	some unit, cell in ceiling.cells
	count(cell.open) > 0
	not _some_holds(unit)
	not ceiling.looks_at_record(unit)
	_some_told(unit, cell)
}

_some_holds(unit) if {
	some hopeful in _hopeful[unit]
	every ground in hopeful.grounds {
		_plain_holds(ground, unit)
	}
}

_plain_holds(ground, unit) if {
	_gates[ground]
	some found in basis.counting[unit]
	found.kind == ground
}

_some_told(unit, cell) if {
	some alternative in cell.open
	some ground in alternative.grounds
	not _plain_holds(ground, unit)
	not silent(ground, unit)
}
