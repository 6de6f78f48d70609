# METADATA
# description: What is told where no alternative of a cell holds - which ground lacks, and which offer failed.
package hub.lacking

import data.hub.asker
import data.hub.basis
import data.hub.ceiling
import data.hub.consent
import data.hub.emergency
import data.hub.fields
import data.hub.ground
import data.hub.involvement
import data.hub.phase
import data.hub.regime
import data.hub.supply

# Where the ground wgs shuts by phase or involvement: these have codes of their own for the whole request, and are then
# not told again as a ground.
default _wgs_told := false

_wgs_told if {
	_phase_told
	_involvement_told
}

_phase_told if phase.open

_phase_told if count(phase.refused) > 0

_involvement_told if input.partner.id in input.casus.involved

_involvement_told if involvement.refused.E_NIET_BETROKKEN

# Before admission the phase reason speaks of the triage group too.
_involvement_told if input.casus.phase in {"aangemeld", "triage"}

# METADATA
# description: Codes of a cell with alternatives of which none holds.
codes(view) := (_consent_codes(view) | _ground_codes(view)) | _offer_codes(view)

_missing(view) := {word |
	some alternative in ceiling.cells[view.unit].open
	some word in alternative.grounds
	not _by_known(word, alternative, view)
}

_by_known(word, alternative, view) if is_string(ground.by(word, alternative, view))

_consent_codes(view) := {consent.code(view.row.source, view.unit) | "toest" in _missing(view)}

_ground_codes(view) := {code |
	some word in _missing(view)
	code := _code(word, view)
}

_code("wgs", view) := supply.barred[view.i] if {
	ground.wgs_open
	view.live.kinds.wgs
} else := "E_GRONDSLAG" if {
	ceiling.looks_at_record(view.unit)
	not silent("wgs", view.unit)
}

_code(word, view) := "E_GRONDSLAG" if {
	not word in {"wgs", "toest", "vitaal"}
	ceiling.looks_at_record(view.unit)
	not silent(word, view.unit)
}

# METADATA
# description: The ground lacks only for a fact that has its own code for the whole request.
default silent(_, _) := false

silent("wgs", unit) if {
	_wgs_told
	_counts("wgs", unit)
}

# With a basis that counts only the hand-over or the statement lacks.
silent("derde", unit) if _counts("derde", unit)

silent(word, unit) if {
	regime.unknown
	not asker.exempt
	some found in basis.for_group[fields.group[unit]]
	_of_ground(found.kind, word)
}

_counts(kind, unit) if {
	some found in basis.counting[unit]
	found.kind == kind
}

_of_ground(kind, kind)

_of_ground(kind, word) if {
	word in {"wvggz", "wzd"}
	basis.articles[kind]
}

_of_ground(kind, "wjsg") if startswith(kind, "wjsg")

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
	not _some_holds(unit)
	not ceiling.looks_at_record(unit)
	_some_told(unit, cell)
}

_some_holds(unit) if {
	some hopeful in ground.hopeful_alternatives[unit]
	every word in hopeful.alternative.grounds {
		_plain_holds(word, unit)
	}
}

_plain_holds(word, unit) if {
	ground.gates[word]
	_counts(word, unit)
}

_some_told(unit, cell) if {
	some alternative in cell.open
	some word in alternative.grounds
	not silent(word, unit)
}
