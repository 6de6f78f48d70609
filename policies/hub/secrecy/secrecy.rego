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
import data.hub.ground
import data.hub.moment

_medical := {"BG", "WV", "WZ"}

_recorded := [row |
	some row in input.secrecy_exceptions
	input.partner.id in row.receivers
	_named(row)
	moment.within(row.valid_from, row.valid_until)
]

_named(row) if input.purpose in row.purposes

_named(row) if "*" in row.purposes

# METADATA
# description: What lifts the secrecy of the view first; undefined where nothing does.
lifted(view) := _medically(view) if {
	view.word in _medical
} else := _socially(view)

_medically(view) := ["457.2", "gh_rechtstreeks_betrokken"] if {
	ground.treated(view)
} else := ["article", by_article(view.articles)] if {
	count(view.articles) > 0
} else := ["record", min(_by_record(view))] if {
	count(_by_record(view)) > 0
} else := ["toest", view.consent] if {
	view.consent != ""
} else := ["record", min(_good_care(view))] if {
	count(_good_care(view)) > 0
} else := ["emergency", "emergency"] if {
	emergency.counts(view.row.source, view.unit)
} else := ["supply", "gh_wettelijk_recht"] if {
	view.word in {"WV", "WZ"}
	ground.wgs_holds(view)
}

_socially(view) := ["toest", view.consent] if {
	view.consent != ""
} else := ["wmo", "gh_wettelijk_recht"] if {
	view.word == "WM"
	ground.wmo_holds(view)
} else := ["record", min(_wm05(view))] if {
	view.word == "WM"
	count(_wm05(view)) > 0
} else := ["emergency", "emergency"] if {
	emergency.counts(view.row.source, view.unit)
} else := ["supply", "gh_wettelijk_recht"] if {
	ground.wgs_holds(view)
}

# METADATA
# description: Kind of exception of the first article - a duty before a permission.
by_article(articles) := min({article.exception[found.kind] | some found in articles})

_of_view(row, view) if {
	row.source == view.row.source
	view.unit in row.fields
}

_by_record(view) := {row.id |
	some row in _recorded
	row.kind in {"gh_wettelijke_plicht", "gh_wettelijk_recht"}
	_of_view(row, view)
	article.recorded(row.article, view.unit, view.row.source_kind)
	article.fits(row.article, view.word)
	_reasoned(row)
}

_reasoned(row) if row.reason == true

_reasoned(row) if not article.rows[row.article].reason

_wm05(view) := {row.id |
	some row in _recorded
	row.kind in {"gh_wettelijke_plicht", "gh_wettelijk_recht"}
	row.article == "wm05"
	_of_view(row, view)
	article.recorded("wm05", view.unit, view.row.source_kind)
}

# Wgs 2.29(2), read narrowly (C5): lifted items, reasoned, after an attempt at consent, never against a refusal.
_good_care(view) := {row.id |
	input.casus.regime == "wgs_zvh"
	some row in _recorded
	row.kind == "gh_goed_hulpverlenerschap"
	_of_view(row, view)
	view.unit in data.hub.tables.secrecy.good_care_fields
	row.consent_attempted == true
	row.reason == true
	not consent.refused(view.row.source, view.unit)
}
