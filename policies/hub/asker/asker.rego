# METADATA
# description: Who asks, what he counts as, and which column of the ceilings is his.
package hub.asker

import data.hub.moment

_partners := data.hub.tables.partners.rows

# METADATA
# description: The row of the partner's kind in the table of partners.
row := _partners[input.partner.kind]

# METADATA
# description: Standing and kind go together; another pair is a contradiction.
default paired := false

paired if input.partner.standing in row.standings

_regisseur if input.partner.kind == "casusregisseur"

_employer := _partners[input.partner.employer_kind] if _regisseur

# METADATA
# description: A casusregisseur whose employer is not known.
default employer_unknown := false

employer_unknown if {
	_regisseur
	not _employer
}

# METADATA
# description: The kinds as which the asker counts for R09-R11, R23 and C2.
acts_as := {each | some each in _acts_as}

_acts_as contains input.partner.kind

_acts_as contains input.partner.employer_kind if _employer

# METADATA
# description: Counts as of a care kind (457.2, 15a, vitaal).
default care := false

care if row.care

care if _employer.care

# METADATA
# description: A public body (R23), by its own kind or that of the employer.
default public := false

public if row.public

public if _employer.public

# METADATA
# description: An insurer (R11), by its own kind or that of the employer.
default insurer := false

insurer if row.insurer

insurer if _employer.insurer

# METADATA
# description: Acts for the betrokkene, but outside the time of that authority; for every rule not the betrokkene.
default without_authority := false

without_authority if {
	"vertegenwoordigt" in input.partner.relations
	input.partner.kind == "betrokkene"
	not moment.within(input.partner.authority_from, input.partner.authority_until)
}

# METADATA
# description: The betrokkene, or who acts for him with authority.
default betrokkene := false

betrokkene if {
	input.partner.standing == "betrokkene"
	paired
	not without_authority
}

# METADATA
# description: Supervision (FG, RAC, auditor, AP, IGJ).
default supervision := false

supervision if {
	input.partner.standing == "toezicht"
	paired
}

# METADATA
# description: Standing derde.
default derde := false

derde if input.partner.standing == "derde"

# METADATA
# description: Only aggregates are asked.
default aggregates := false

aggregates if input.purpose == "D10"

# METADATA
# description: |
#   Not asked about regime, involvement, receivers of supply records, 15a, source conditions, restriction and age:
#   the betrokkene, supervision, and D10.
default exempt := false

exempt if betrokkene

exempt if supervision

exempt if aggregates

# METADATA
# description: Column of the ceilings (4.2-4.5); empty where there is none.
default column := ""

column := "ggz" if {
	_employer.care
} else := row.column if not without_authority

# METADATA
# description: Column for G20; a casusregisseur employed in care keeps his own.
default column_g20 := ""

column_g20 := row.column if not without_authority

# METADATA
# description: Who takes part - before admission and in afgewezen the triage group stands in for the involved.
default circle := []

circle := input.casus.triage_group if {
	input.casus.phase in {"aangemeld", "triage", "afgewezen"}
} else := input.casus.involved

# METADATA
# description: The asker takes part in the casus.
default in_circle := false

in_circle if input.partner.id in circle
