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
import data.hub.supply

# METADATA
# description: The casus admits the ground wgs to this partner.
default wgs_open := false

wgs_open if phase.triage

wgs_open if {
	phase.open
	input.partner.id in input.casus.involved
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
	article.running[found.kind]
	article.names_source(found.kind, row.source_kind)
	article.fits(found.kind, word)
	_reasoned(found)
] if {
	count(basis.articles) > 0
} else := []

_reasoned(found) if found.reason == true

_reasoned(found) if not article.rows[found.kind].reason

# METADATA
# description: Grounds of the partner that the request admits.
gates := {each | some each in _gate}

_gate contains "wgs" if wgs_open

_gate contains "derde" if hand_over

_gate contains "huur"

_gate contains "wmo"

_gate contains "zv01" if "verzekert" in input.partner.relations

# Grounds that can hold for some record of this request; an alternative with another one is not looked at again.
_possible := gates | _possible_by_record

_possible_by_record contains "toest" if count(consent.given) > 0

_possible_by_record contains "457.2" if count(treated) > 0

_possible_by_record contains emergency.word

_possible_by_record contains "wjsg"

_possible_by_record contains basis_row.kind if some basis_row in basis.offered

_rank := {"hit": 1, "sam": 2, "vol": 3}

# METADATA
# description: unit -> alternatives that can hold, with the rank that need and level leave (0 where nothing is needed).
hopeful_alternatives := {unit: found |
	some unit, cell in ceiling.cells
	cap := object.get(need.cap, fields.group[unit], 0)
	found := [{
		"n": n,
		"rank": min([cap, _rank[alternative.level]]),
		"kind": _kind(grounds),
		"consent": "toest" in grounds,
		"alternative": alternative,
	} |
		some n, alternative in cell.open
		grounds := alternative.grounds
		_can_hold(grounds, unit)
	]
}

# What kind of alternative it is: one frequent word, an article, an emergency, none, or another (two words too).
_kind(grounds) := kind if {
	count(grounds) == 1
	kind := object.get(_kinds, grounds[0], "other")
} else := "any" if {
	count(grounds) == 0
} else := "other"

_kinds := {
	"wgs": "wgs",
	"toest": "toest",
	"457.2": "457.2",
	"wmo": "wmo",
	"wvggz": "article",
	"wzd": "article",
	"cvp": "emergency",
	"vitaal": "emergency",
}

_can_hold([ground], unit) if _can_here(ground, unit)

_can_hold([], _)

_can_hold([first, second], unit) if {
	_can_here(first, unit)
	_can_here(second, unit)
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
	some unit, found in hopeful_alternatives
	every hopeful in found {
		_frequent[hopeful.kind]
	}
	rank := max([hopeful.rank | some hopeful in found; hopeful.kind == "wgs"])
	rank > 0
	id := basis.shared(unit).kinds.wgs
}

# METADATA
# description: The alternatives of the cell that hold - which it is (`way`), and the id of the basis.
held(view) := [{"way": hopeful, "basis": id} |
	some hopeful in hopeful_alternatives[view.unit]
	id := _opened(hopeful.kind, hopeful, view)
]

# The frequent grounds first: a chain ends where one answers.
_opened(kind, hopeful, view) := id if {
	kind == "wgs"
	id := _wgs(view)
} else := view.live.any if {
	kind == "toest"
	view.consent != ""
} else := view.live.any if {
	kind == "457.2"
	treated[view.i]
} else := view.live.any if {
	# A level without a ground opens by any basis that counts.
	kind == "any"
	view.live.any != ""
} else := _basis(concat("", ids), view.live) if {
	_seldom[kind]
	alternative := hopeful.alternative
	ids := [id | some ground in alternative.grounds; id := by(ground, alternative, view)]
	count(ids) == count(alternative.grounds)
}

_frequent := {"wgs", "toest", "457.2"}

_seldom := {"wmo", "article", "emergency", "other"}

# Of `a+b` the basis is that of the half that has one of its own.
_basis("", live) := live.any

_basis(id, _) := id if id != ""

# METADATA
# description: The id of the basis by which a ground holds, "" where it needs none of its own, undefined where it does not hold.
by("wgs", _, view) := _wgs(view)

by("toest", _, view) := "" if view.consent != ""

by("457.2", _, view) := "" if treated[view.i]

by("wvggz", alternative, view) := _of_article(alternative, view)

by("wzd", alternative, view) := _of_article(alternative, view)

by("derde", _, view) := view.live.kinds.derde if hand_over

by("huur", _, view) := view.live.kinds.huur

by("wmo", _, view) := view.live.kinds.wmo

by("zv01", _, view) := view.live.kinds.zv01 if "verzekert" in input.partner.relations

by("cvp", _, view) := "" if {
	emergency.word == "cvp"
	emergency.counts(view.row.source, view.unit)
}

by("vitaal", _, view) := "" if {
	emergency.word == "vitaal"
	emergency.counts(view.row.source, view.unit)
}

by("wjsg", _, view) := view.live.kinds[concat("", ["wjsg", supply.article[view.i]])]

by(ground, _, view) := view.live.kinds[ground] if {
	view.row.source_kind == "politie"
	ground == concat("", ["wpg", supply.article[view.i]])
}

by(ground, _, view) := view.live.kinds[ground] if {
	view.row.source_kind != "politie"
	ground == concat("", ["wjsg", supply.article[view.i]])
}

_of_article(alternative, view) := min([found.id | some found in view.articles; _named(alternative, found.kind)])

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
