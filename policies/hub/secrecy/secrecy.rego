# METADATA
# description: |
#   Lock 2 - by what the secrecy of a view is lifted. The first in the order of the table, as a pair: what lifts it, and
#   what the release names (the id of a record or consent, `emergency`, or the kind of exception).
# related_resources:
#   - ref: https://wetten.overheid.nl/BWBR0005290
#     description: BW 7:457
#   - ref: https://wetten.overheid.nl/BWBR0049962
#     description: Wgs 1.5(1), 2.29(2)
package hub.secrecy

import data.hub.article
import data.hub.consent
import data.hub.emergency
import data.hub.fields
import data.hub.ground
import data.hub.moment

# METADATA
# description: Words of the secrecy of care and of compulsory care.
medical := {"BG", "WV", "WZ"}

# source -> recorded exceptions for this partner and purpose.
_recorded := {source: rows |
	some source in {row.source | some row in _counting}
	rows := [row | some row in _counting; row.source == source]
}

_counting := [row |
	some row in input.secrecy_exceptions
	input.partner.id in row.receivers
	_named(row)
	moment.within(row.valid_from, row.valid_until)
]

_named(row) if input.purpose in row.purposes

_named(row) if "*" in row.purposes

# METADATA
# description: What lifts the secrecy of the view first; undefined where nothing does.
lifted(view) := _medically(view) if medical[view.word]

lifted(view) := _socially(view) if not medical[view.word]

_medically(view) := ["457.2", "gh_rechtstreeks_betrokken"] if {
	ground.treated[view.i]
} else := ["article", kind] if {
	kind := by_article(view.articles)
} else := ["record", id] if {
	id := _by_record(view)
} else := ["toest", view.consent] if {
	view.consent != ""
} else := ["record", id] if {
	id := _good_care(view)
} else := ["emergency", "emergency"] if {
	emergency.counts(view.row.source, view.unit)
} else := ["supply", "gh_wettelijk_recht"] if {
	view.word != "BG"
	ground.wgs_holds(view)
}

_socially(view) := ["toest", view.consent] if {
	view.consent != ""
} else := ["wmo", "gh_wettelijk_recht"] if {
	view.word == "WM"
	view.live.kinds.wmo
} else := ["record", id] if {
	id := _wm05(view)
} else := ["emergency", "emergency"] if {
	emergency.counts(view.row.source, view.unit)
} else := ["supply", "gh_wettelijk_recht"] if {
	ground.wgs_holds(view)
}

# METADATA
# description: Kind of exception of the article by which the ground holds, that of the smallest id.
by_article(articles) := min([[found.id, article.exception[found.kind]] | some found in articles])[1]

_lawful := {"gh_wettelijke_plicht", "gh_wettelijk_recht"}

_by_record(view) := min(ids) if {
	rows := _recorded[view.row.source]
	ids := {row.id |
		some row in rows
		_lawful[row.kind]
		fields.named(view.unit, row.fields)
		name := article.base(row.article)
		article.recorded(name, view.unit, view.row.source_kind)
		article.fits(name, view.word)
	}
}

_wm05(view) := min(ids) if {
	view.word == "WM"
	rows := _recorded[view.row.source]
	ids := {row.id |
		some row in rows
		_lawful[row.kind]
		fields.named(view.unit, row.fields)
		article.base(row.article) == "wm05"
		article.recorded("wm05", view.unit, view.row.source_kind)
	}
}

# Wgs 2.29(2), read narrowly (C5): lifted items, reasoned, after an attempt at consent, never against a refusal.
_good_care(view) := min(ids) if {
	rows := _recorded[view.row.source]
	view.unit in data.hub.tables.secrecy.good_care_fields
	input.casus.regime == "wgs_zvh"
	ids := {row.id |
		some row in rows
		row.kind == "gh_goed_hulpverlenerschap"
		fields.named(view.unit, row.fields)
		row.consent_attempted == true
		row.reason == true
	}
	not consent.refused(view.row.source, view.unit)
}
