# METADATA
# description: Which of the alternatives that a record could leave by is chosen, and what its release obliges to.
package hub.choice

import data.hub.asker
import data.hub.basis
import data.hub.ceiling
import data.hub.duty
import data.hub.eligibility
import data.hub.emergency
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
} else := duty.always | _frequent(view, expiry) if {
	not _rare
} else := duty.always | (_frequent(view, expiry) | _seldom(view, option))

_frequent(view, expiry) := {type | some type in ["log_nen7513", "inform_betrokkene", "expires_at"]; _due(type, view, expiry)}

_due(type, view, _) if {
	type == "log_nen7513"
	secrecy.medical[view.word]
} else if {
	type == "inform_betrokkene"
	duty.inform
	view.consent == ""
	not supply.own[view.i]
}

_due("expires_at", _, expiry) if expiry != ""

# Duties that only some requests can bring.
default _rare := false

_rare if asker.betrokkene

_rare if asker.derde

_rare if emergency.fulfilled

_rare if count(basis.articles) > 0

_seldom(view, option) := (_provider(view) | _source_told(view)) | (_zv(view, option) | _of_emergency(option))

_provider(view) := {"via_provider" |
	asker.betrokkene
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

_uses_article(option) if by_article(option.grounds)

default _urgent(_) := false

_urgent(option) if option.lift.by == "emergency"

_urgent(option) if in_emergency(option.grounds)

_urgent(_) if eligibility.used_emergency

_expiry(view, option) := "" if {
	option.rank == 9
} else := "" if {
	option.grounds == ["wgs"]
	option.lift.by in {"", "supply", "457.2"}
	without_end
} else := duty.expiry(_consents(view, option), _urgent(option))

# METADATA
# description: No consent or emergency is used but by the alternative itself.
default without_end := false

without_end if {
	eligibility.used_consent == ""
	not eligibility.used_emergency
	not regime.consent_too
}

_consents(view, option) := {view.consent | _uses_consent(view, option)} | _for_eligibility

_for_eligibility := {id | id := eligibility.used_consent; id != ""}

_uses_consent(_, option) if option.lift.by == "toest"

_uses_consent(_, option) if "toest" in option.grounds

_uses_consent(view, _) if {
	regime.consent_too
	not supply.own[view.i]
}

# METADATA
# description: Grounds of an article.
default by_article(_) := false

by_article(["wvggz"]) := true

by_article(["wzd"]) := true

# METADATA
# description: Grounds of an emergency.
default in_emergency(_) := false

in_emergency(["cvp"]) := true

in_emergency(["vitaal"]) := true
