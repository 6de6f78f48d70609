# METADATA
# description: A request in order, for tests that change one thing.
package hub.made

at := "2027-01-10T11:00:00.000000Z"

before := "2026-06-01T00:00:00.000000Z"

after := "2029-01-01T00:00:00.000000Z"

record(field, source, kind) := {
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

basis(kind, changes) := object.union(
	{
		"id": "lb-1",
		"kind": kind,
		"partner": "me",
		"purposes": ["*"],
		"groups": ["*"],
		"valid_from": before,
		"valid_until": null,
		"reason": true,
		"rac_ref": null,
	},
	changes,
)

consent(kind, changes) := object.union(
	{
		"id": "co-1",
		"kind": kind,
		"source": "ggz-2",
		"receivers": ["me"],
		"purposes": ["D01", "D02", "D03", "D04", "D08"],
		"groups": ["*"],
		"given_at": before,
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

exception(kind, changes) := object.union(
	{
		"id": "se-1",
		"kind": kind,
		"article": null,
		"source": "ggz-2",
		"receivers": ["me"],
		"purposes": ["D01", "D02", "D03", "D04"],
		"fields": ["bejegeningsadvies"],
		"valid_from": before,
		"valid_until": null,
		"reason": true,
		"second_professional": null,
		"consent_attempted": true,
	},
	changes,
)

emergency(kind, changes) := object.union(
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

police(article) := {
	"article": article,
	"category": "8",
	"decision": "PV-1",
	"receivers": ["me"],
	"authority_agreed": true,
}

justice(article) := {"article": article, "receivers": ["*"]}

# A request by a partner of this kind, involved in an open casus of a ZVH.
request(kind, purpose, field) := {
	"at": at,
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
		"first_processed_at": before,
		"term_ends_at": after,
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
	"legal_bases": [basis("wgs", {})],
	"secrecy_exceptions": [],
	"consents": [],
	"emergency": null,
}

# Facts of a request, with the record of the field by this source, and changes.
facts(kind, purpose, row, changes) := object.union(
	object.union(request(kind, purpose, row.field), {"records": [row]}),
	changes,
)

# A partner to whom is handed over.
derde(relations) := {
	"action": "verstrekken",
	"started_by": "gem-1",
	"partner": {"standing": "derde", "relations": relations, "secrecy_statement_until": after},
	"casus": {"involved": []},
	"legal_bases": [basis("derde", {"rac_ref": "RAC-1"})],
}
