# METADATA
# description: Which of the alternatives that a record could leave by is chosen, and what its release obliges to.
package hub.choice

import data.hub.asker
import data.hub.ceiling
import data.hub.duty
import data.hub.eligibility
import data.hub.regime
import data.hub.secrecy
import data.hub.supply

# METADATA
# description: |
#   What a view releases - the first alternative that gives the highest level and whose duties can be carried out;
#   undefined where there is none.
release(view, options) := released(view, _chosen(view, options))

# METADATA
# description: The release of one alternative.
released(view, option) := {
	"level": _names[option.rank],
	"basis": option.basis,
	"exception": option.lift.names,
	"expiry": expiry,
	"duties": _duties(view, option, expiry),
} if {
	expiry := _expiry(view, option)
}

_chosen(view, [option]) := option if _can(view, option)

_chosen(view, options) := able[0] if {
	count(options) > 1
	best := max([option.rank | some option in options])
	able := [option | some option in options; option.rank == best; _can(view, option)]
}

_names := ["", "hit", "sam", "vol", "", "", "", "", "", "agg"]

# METADATA
# description: The partner can carry out every duty.
default can_all := false

can_all if "*" in input.partner.fulfils

_can(view, option) if {
	can_all
} else if {
	every type in _duties(view, option, _expiry(view, option)) {
		type in input.partner.fulfils
	}
}

_duties(view, option, expiry) := {"log_dataverwerking"} if {
	option.rank == 9
} else := duty.always | _frequent(view) if {
	expiry == ""
	not _rare
	not _articles(view)
} else := (duty.always | _frequent(view)) | ({"expires_at" | expiry != ""} | _seldom(view, option))

_frequent(view) := {"log_nen7513" | secrecy.medical[view.word]} | {"inform_betrokkene" |
	view.consent == ""
	duty.inform
	not supply.own[view.i]
}

_articles(view) if count(view.articles) > 0

# Duties that only some requests can bring.
default _rare := false

_rare if asker.betrokkene

_rare if asker.derde

_seldom(view, option) := (_provider(view) | _source_told(view)) | (_zv(view, option) | _of_emergency(option))

_provider(view) := {"via_provider" |
	ceiling.cells[view.unit].via
	not supply.own[view.i]
}

# Police or justice items to a derde.
_source_told(view) := {"notify_bron" |
	asker.derde
	view.row.source_kind in {"politie", "om", "dji"}
}

_zv(view, option) := {"notify_zv" |
	view.consent == ""
	_uses_article(option)
}

default _of_emergency(_) := set()

_of_emergency(option) := duty.emergency if _urgent(option)

_uses_article(option) if option.lift.by == "article"

_uses_article(option) if option.way.kind == "article"

default _urgent(_) := false

_urgent(option) if option.lift.by == "emergency"

_urgent(option) if option.way.kind == "emergency"

_urgent(_) if eligibility.used_emergency

_expiry(view, option) := "" if {
	option.rank == 9
} else := "" if {
	without_end
	not option.way.consent
	option.way.kind != "emergency"
	not _ending[option.lift.by]
} else := duty.expiry(_consents(view, option), _urgent(option))

# METADATA
# description: No consent or emergency is used but by the alternative itself.
default without_end := false

without_end if {
	eligibility.used_consent == ""
	not eligibility.used_emergency
	not regime.consent_too
}

_ending := {"toest", "emergency"}

_consents(view, option) := {view.consent | _uses_consent(view, option)} | _for_eligibility

_for_eligibility := {eligibility.used_consent}

_uses_consent(_, option) if option.lift.by == "toest"

_uses_consent(_, option) if option.way.consent

_uses_consent(view, _) if {
	regime.consent_too
	not supply.own[view.i]
}
