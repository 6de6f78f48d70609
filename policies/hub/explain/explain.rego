# METADATA
# description: |
#   The decision gate by gate, in the order of the law, for who explains it. Nothing is decided here - each gate says
#   which of the reasons of the decision stand in it, and the facts that it was judged by.
package hub.explain

import data.hub.asker
import data.hub.basis
import data.hub.ceiling
import data.hub.fields
import data.hub.ground
import data.hub.placing
import data.hub.regime
import data.hub.release
import data.hub.supply
import data.hub.verdict

# METADATA
# description: |
#   `whole` are the gates of the request. `parts` are records, or fields of which there is none (`source` null), gathered
#   by what they share - fields, source, gates, and what is released of them or null. A gate has a name, a state (open,
#   shut, or spared - not asked here), what asks it, its reasons as pairs of code and law, and facts.
# entrypoint: true
explained := {
	"whole": _whole_gates,
	"parts": sort(_parts | _absent_parts),
	"unknown": sort(fields.unknown),
}

_order_whole := ["invoer", "gebruiker", "doel", "leeftijd", "regime", "fase", "termijn", "betrokken"]

_whole_of := {
	"invoer": {"E_INVOER"},
	"gebruiker": {"E_GEBRUIKER"},
	"doel": {"E_DOEL"},
	"leeftijd": {"E_LEEFTIJD"},
	"regime": {"E_REGIME"},
	"fase": {"E_FASE"},
	"termijn": {"E_TERMIJN"},
	"betrokken": {"E_NIET_BETROKKEN", "E_DERDE_GEEN_TOEGANG", "E_GEEN_VERKLARING"},
}

# A request that cannot be judged has one gate.
_whole_gates := [gate |
	some name in _order_whole
	codes := _whole_of[name] & release._whole_codes
	gate := _gate(name, [[code, release._law[code].law] | some code in sort(codes)], _spared(name), _facts_of(name))
	_judged_at_all(codes)
]

_judged_at_all(_) if not release._alone

_judged_at_all(codes) if count(codes) > 0

default _spared(_) := false

_spared("gebruiker") if asker.betrokkene

_spared("leeftijd") if asker.exempt

_spared("regime") if asker.exempt

_spared("betrokken") if asker.exempt

_facts_of("invoer") := {}

_facts_of("gebruiker") := {"lacking": [attribute |
	some attribute in ["designated", "screened", "trained", "bound_to_secrecy"]
	not input.user[attribute] == true
]}

_facts_of("doel") := {
	"kind": input.partner.kind,
	"purpose": input.purpose,
	"cell": object.get(data.hub.tables.eligibility.rows, [input.partner.kind, input.purpose, "text"], "-"),
}

_facts_of("leeftijd") := {"age": object.get(input.casus, "subject_age", null)}

_facts_of("regime") := {"regime": object.get(input.casus, "regime", null)}

_facts_of("fase") := {"phase": object.get(input.casus, "phase", null)}

_facts_of("termijn") := {key: object.get(input.casus, key, null) | some key in ["term_ends_at", "closed_at"]}

_facts_of("betrokken") := {
	"standing": input.partner.standing,
	"action": input.action,
	"statement": object.get(input.partner, "secrecy_statement_until", null),
}

# What asks the gate - a rule of the law reference, or an article where it has none.
_law := {
	"invoer": [],
	"gebruiker": ["R28"],
	"doel": ["R02"],
	"leeftijd": ["R32"],
	"regime": ["R03"],
	"fase": ["R01"],
	"termijn": ["R27"],
	"betrokken": ["R04", "R05", "R06"],
	"nooit": ["R09", "R10", "R11", "R14", "R17", "R30"],
	"deel": ["R01", "R02", "R03"],
	"nodig": ["avg5"],
	"plafond": ["avg5"],
	"grondslag": ["R03", "R23"],
	"grond": ["R18", "R19", "R20", "R21", "R22"],
	"instemming": ["R22"],
	"geheim": ["R07", "R08"],
	"uitwisseling": ["R24"],
	"verstrekking": ["R12", "R13"],
	"gegeven": ["R25", "R26", "R27", "R31"],
	"niveau": ["avg5"],
	"bestand": ["R29"],
	"plicht": ["wg12"],
}

_gate(name, reasons, spared, facts) := {
	"gate": name,
	"state": _state(reasons, spared),
	"law": _law[name],
	"reasons": reasons,
	"facts": facts,
}

_state(reasons, _) := "shut" if count(reasons) > 0

_state([], true) := "spared"

_state([], false) := "open"

# Records, by view; of a double one apart.
_parts := {part |
	not release._alone
	some n, view in placing.views
	seen := _whole(view.i, view.unit, view.word)
	some doubled in [true, false]
	some told in [_split(view, doubled)]
	count(told) > 0
	gates := _view_gates(n, seen, doubled)
	part := {
		"fields": told,
		"source": fields.rows[view.i].source,
		"gates": gates,
		"release": _released_of(n, doubled),
	}
}

# The verdict worked out whole - the decision takes a short way for views that are alike.
_whole(i, unit, word) := {"found": found, "held": verdict._held(found.view), "lift": verdict._lift(found.view)} if {
	found := verdict._weighed(i, unit, word)
}

_split(view, true) := sort(release._doubled(view))

_split(view, false) := sort(release._single(view))

default _released_of(_, _) := null

_released_of(n, false) := {"level": found.level, "basis": found.basis} if {
	found := release._open[n]
}

_view_gates(n, seen, doubled) := [gate |
	codes := _view_codes(n, seen.found, doubled)
	some name in _order
	reasons := sort(_unit_reasons(name, seen.found.view.unit, _own(seen)) | _view_reasons(
		name,
		seen,
		codes,
	))
	gate := _shut_alike(name, _gate(name, reasons, _spared_view(name, seen), _view_facts(name, n, seen)), seen)
]

_order := [
	"nooit", "deel", "nodig", "plafond", "grondslag", "grond", "instemming", "geheim", "uitwisseling",
	"verstrekking", "gegeven", "niveau", "bestand", "plicht",
]

# What is said of the field, by gate; own data do not ask the ceiling.
_unit_sets := {
	"nooit": release._by_rule,
	"deel": release._by_eligibility | {[unit, "E_REGIME", about] | some [unit, "E_REGIME", about] in release._by_regime},
	"nodig": release._by_need,
	"plafond": {[unit, "E_PLAFOND", about] | some [unit, "E_PLAFOND", about] in release._by_regime},
	"grondslag": release._by_basis | release._by_advice,
	"niveau": release._by_number,
	"bestand": release._by_export,
}

_soft_sets := {
	"plafond": {reason | some reason in release._of_ceiling; reason[1] == "E_PLAFOND"},
	"grond": {reason | some reason in release._of_ceiling; reason[1] == "E_GRONDSLAG"},
}

_unit_reasons(name, unit, own) := {[code, release._law_of(code, unit)] |
	some [found, code, _] in (object.get(_unit_sets, name, set()) | _asked_of(own, name))
	found == unit
}

_asked_of(true, _) := set()

_asked_of(false, name) := object.get(_soft_sets, name, set())

# The codes of the verdict, by gate.
_gates_of := {
	"nooit": {"E_NOOIT", "E_MELDER"},
	"deel": {"E_DOEL", "E_FASE", "E_REGIME"},
	"plafond": {"E_PLAFOND"},
	"verstrekking": {"E_WPG", "E_WJSG"},
	"gegeven": {"E_INVOER", "E_TERMIJN", "E_BRON", "E_BEPERKT", "E_KRING"},
	"niveau": {"E_GEEN_SAMENVATTING"},
	"plicht": {"E_VERPLICHTING"},
}

_view_codes(n, found, doubled) := (found.codes | object.get(release._against, n, set())) | {"E_INVOER" | doubled}

_view_reasons(name, seen, codes) := {[code, release._law_of_record(code, seen.found.view)] |
	some code in _codes_at(name, seen, codes)
}

_codes_at(name, _, codes) := codes & own if own := _gates_of[name]

_codes_at("nodig", _, _) := set()

_codes_at("bestand", _, _) := set()

_codes_at("grondslag", seen, codes) := codes & {"E_GRONDSLAG"} if {
	seen.found.view.live.any == ""
} else := set()

_codes_at("grond", seen, codes) := codes & {"E_TOESTEMMING", "E_WEIGERING", "E_829", "E_18C", "E_NOOD", "E_VITAAL"} if {
	seen.held == []
	seen.found.view.live.any == ""
} else := codes & {"E_GRONDSLAG", "E_TOESTEMMING", "E_WEIGERING", "E_829", "E_18C", "E_NOOD", "E_VITAAL"} if {
	seen.held == []
} else := set()

_codes_at("instemming", _, codes) := codes & {"E_TOESTEMMING", "E_WEIGERING"} if {
	regime.consent_too
} else := set()

_codes_at("geheim", _, codes) := codes & {"E_BEROEPSGEHEIM", "E_WEIGERING"} if {
	codes.E_BEROEPSGEHEIM
} else := set()

_codes_at("uitwisseling", _, codes) := codes & {"E_15A", "E_WEIGERING"} if {
	codes.E_15A
} else := set()

# What holds nothing is shut, also where another gate has told why.
_shut_alike(name, gate, seen) := object.union(gate, {"state": "shut"}) if {
	_empty(name, seen)
} else := gate

_empty("grondslag", seen) if seen.found.view.live.any == ""

_empty("grond", seen) if seen.held == []

_empty("plicht", seen) if {
	count(seen.found.options) > 0
	not verdict.release(seen.found)
}

default _spared_view(_, _) := false

_spared_view("plafond", seen) if _outside(seen)

_spared_view("grond", seen) if _outside(seen)

_spared_view("instemming", seen) if not _consent_asked(seen)

_spared_view("geheim", seen) if seen.lift.by == ""

_spared_view("uitwisseling", seen) if not _exchanged(seen.found.view)

_spared_view("verstrekking", seen) if not seen.found.view.row.source_kind in {"politie", "om", "dji"}

_spared_view("plicht", seen) if count(seen.found.options) == 0

_spared_view("bestand", _) if input.action != "export"

_outside(seen) if _own(seen)

_outside(_) if asker.aggregates

_consent_asked(seen) if {
	regime.consent_too
	not _own(seen)
}

_unit_facts("nodig", unit) := {
	"group": fields.group[unit],
	"level": object.get(data.hub.tables.need.levels, [input.purpose, fields.group[unit]], "-"),
}

_unit_facts("plafond", unit) := {
	"column": asker.column,
	"group": fields.group[unit],
	"cell": _cell(object.get(ceiling.cells, unit, {"open": []})),
}

# A cell as the law has it; of a field that a cell names its own alternatives.
_cell(cell) := text if {
	text := cell.text
} else := "-" if {
	count(cell.open) == 0
} else := concat(" / ", [concat("@", [way.level, concat("+", way.grounds)]) | some way in cell.open])

_unit_facts("grondslag", unit) := {"id": "", "kinds": []} if {
	count(basis.counting[unit]) == 0
} else := {
	"id": min([found.id | some found in basis.counting[unit]]),
	"kinds": sort({found.kind | some found in basis.counting[unit]}),
}

_unit_facts(name, _) := {} if not name in {"nodig", "plafond", "grondslag"}

_view_facts("grondslag", _, seen) := {"id": seen.found.view.live.any, "kinds": sort({found.kind | some found in seen.found.view.live.bases})}

_view_facts("grond", _, seen) := {"holds": [held |
	some one in seen.held
	held := _alternative(one, seen.found.view.unit)
]}

_view_facts("geheim", n, seen) := {"word": seen.found.view.word, "by": _named_lift(n, seen)}

_view_facts("verstrekking", _, seen) := {"source_kind": seen.found.view.row.source_kind}

_view_facts("niveau", _, seen) := {"written": seen.found.view.row.levels}

_view_facts("plicht", n, _) := {"duties": sort(_duties_of(n))}

_view_facts(name, _, seen) := _unit_facts(name, seen.found.view.unit) if {
	not name in {"grondslag", "grond", "geheim", "verstrekking", "niveau", "plicht"}
}

_alternative(one, _) := "eigen" if one.way.kind == "own"

_alternative(one, unit) := concat("+", ceiling.cells[unit].open[one.way.n].grounds) if one.way.kind != "own"

_named_lift(n, _) := release._open[n].exception

_named_lift(n, seen) := seen.lift.names if not release._open[n]

default _duties_of(_) := []

_duties_of(n) := release._open[n].duties

# Fields of which there is no record.
_absent_parts := {{"fields": told, "source": null, "gates": gates, "release": null} |
	not release._alone
	held := {field | some row in fields.rows; some field in row.fields}
	some unit in fields.asked_units
	told := sort([field | some field, one in fields.units; one == unit; not held[field]])
	count(told) > 0
	gates := [_gate(name, reasons, false, _unit_facts(name, unit)) |
		some name in ["nooit", "deel", "nodig", "plafond", "grondslag", "grond", "gegeven", "niveau", "bestand"]
		reasons := sort(_unit_reasons(name, unit, false) | _absence(name))
		_of_unit(name, reasons)
	]
}

# Whether a ground holds, how much was written and what goes with it is a matter of a record, where nothing is said of the field.
_of_unit(name, _) if name in {"nooit", "deel", "nodig", "plafond", "grondslag", "gegeven"}

_of_unit(_, reasons) if count(reasons) > 0

_absence("gegeven") := {["E_GEEN_GEGEVEN", release._law.E_GEEN_GEGEVEN.law]}

_absence(name) := set() if name != "gegeven"

default _own(_) := false

_own(seen) if supply.own[seen.found.view.i]

_exchanged(view) if {
	verdict._checks["15a"]
	verdict._locked(view.i)
	ground.care_kinds[view.row.source_kind]
	not ceiling.own_consent[view.unit]
}
