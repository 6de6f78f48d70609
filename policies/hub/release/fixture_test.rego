# METADATA
# description: A request in order, for tests that change one thing.
package hub.release_test

import data.hub.release

_at := "2027-01-10T11:00:00.000000Z"

_before := "2026-06-01T00:00:00.000000Z"

_after := "2029-01-01T00:00:00.000000Z"

_record(field, source, kind) := {
	"field": field,
	"source": source,
	"source_kind": kind,
	"regime": "wgs_zvh",
	"levels": ["sam", "vol"],
	"person": "betrokkene",
	"restricted": false,
	"disputed": false,
	"objected": false,
	"destroy_on": null,
	"denied_to": [],
	"vetoed": false,
	"uavg41": false,
	"treating_with": [],
	"supplier_agreed": false,
	"financed_by": [],
	"melding_receiver": null,
	"wpg": null,
	"wjsg": null,
}

_basis(kind, changes) := object.union(
	{
		"id": "lb-1",
		"kind": kind,
		"partner": "me",
		"purposes": ["*"],
		"groups": ["*"],
		"valid_from": _before,
		"valid_until": null,
		"reason": true,
		"rac_ref": null,
	},
	changes,
)

_consent(kind, changes) := object.union(
	{
		"id": "co-1",
		"kind": kind,
		"source": "ggz-2",
		"receivers": ["me"],
		"purposes": ["D01", "D02", "D03", "D04", "D08"],
		"groups": ["*"],
		"given_at": _before,
		"valid_until": null,
		"withdrawn_at": null,
		"expires_at": "2027-06-01T00:00:00.000000Z",
		"capable": true,
		"voluntary": true,
		"recorded_by_treating": true,
		"given_by": {"role": "betrokkene", "authority_from": null, "authority_until": null},
	},
	changes,
)

_exception(kind, changes) := object.union(
	{
		"id": "se-1",
		"kind": kind,
		"article": null,
		"source": "ggz-2",
		"receivers": ["me"],
		"purposes": ["D01", "D02", "D03", "D04"],
		"fields": ["bejegeningsadvies"],
		"valid_from": _before,
		"valid_until": null,
		"reason": true,
		"second_professional": null,
		"consent_attempted": true,
	},
	changes,
)

_emergency(kind, changes) := object.union(
	{
		"kind": kind,
		"source": "ggz-2",
		"source_kind": "ggz",
		"receivers": ["me"],
		"purposes": ["D04"],
		"fields": ["bejegeningsadvies", "suiciderisico", "zorgvorm_intensiteit"],
		"reason": true,
		"second_professional": null,
		"started_at": "2027-01-10T01:00:00.000000Z",
		"ends_at": "2027-01-11T01:00:00.000000Z",
		"unable_to_consent": true,
	},
	changes,
)

_police(article) := {
	"article": article,
	"category": "8",
	"decision": "PV-1",
	"receivers": ["me"],
	"authority_agreed": true,
}

_justice(article) := {"article": article, "receivers": ["*"]}

# A request by a partner of this kind, involved in an open casus of a ZVH.
_request(kind, purpose, field) := {
	"at": _at,
	"action": "lezen",
	"started_by": null,
	"purpose": purpose,
	"requested": [field],
	"user": {
		"id": "u-1",
		"role": "medewerker",
		"designated": true,
		"screened": true,
		"trained": true,
		"bound_to_secrecy": true,
	},
	"partner": {
		"id": "me",
		"kind": kind,
		"standing": "deelnemer",
		"relations": [],
		"secrecy_statement_until": null,
		"employer_kind": null,
		"authority_from": null,
		"authority_until": null,
		"fulfils": ["*"],
	},
	"casus": {
		"id": "c-1",
		"regime": "wgs_zvh",
		"phase": "traject",
		"aanmelder": "pol-1",
		"involved": ["me"],
		"triage_group": ["me"],
		"first_processed_at": _before,
		"term_ends_at": _after,
		"closed_at": null,
		"wvggz_status": "geen",
		"wzd_status": "geen",
		"subject_age": 34,
		"unauthorised_absence": false,
		"group_size": null,
		"informed_of": [],
		"uavg41_until": null,
	},
	"records": [],
	"legal_bases": [_basis("wgs", {})],
	"secrecy_exceptions": [],
	"consents": [],
	"emergency": null,
}

# Facts of a request, with the record of the field by this source, and changes.
_facts(kind, purpose, row, changes) := object.union(
	object.union(_request(kind, purpose, row.field), {"records": [row]}),
	changes,
)

# A partner to whom is handed over.
_derde(relations) := {
	"action": "verstrekken",
	"started_by": "gem-1",
	"partner": {"standing": "derde", "relations": relations, "secrecy_statement_until": _after},
	"casus": {"involved": []},
	"legal_bases": [_basis("derde", {"rac_ref": "RAC-1"})],
}

_decide(facts) := decision if {
	decision := release.decision with input as facts
}

_codes(facts) := {refusal.code | some refusal in _decide(facts).refusals}

_levels(facts) := {row.field: row.level | some row in _decide(facts).released}

_duties(facts) := {obligation.type | some obligation in _decide(facts).obligations}
