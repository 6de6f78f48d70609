package hub.eligibility_test

import data.hub.eligibility
import data.hub.made

_as(kind, purpose, changes) := object.union(made.request(kind, purpose, "naam"), changes)

_refused(facts) := reasons if {
	reasons := eligibility.refused with input as facts
}

_no := {["E_DOEL", "request"]}

_not_now := {["E_DOEL", "record"]}

_tasks := {"partner": {"relations": ["houdt_toezicht", "detentie"]}}

_handed := made.derde(["verhuurt"])

# Word of the table -> a kind and purpose of it, with facts that open it and facts that do not.
_open := {
	"yes": _as("college", "D02", {}),
	"own": _as("ggz", "D11", {}),
	"contactpunt": _as("college", "D11", {}),
	"part": _as("politie", "D03", {}),
	"support": _as("zvh_procesregisseur", "D11", {}),
	"triage": _as("politie", "D01", {"casus": {"phase": "triage"}}),
	"triage, aangemeld": _as("ggz", "D01", {"casus": {"phase": "aangemeld"}}),
	"houdt_toezicht": _as("reclassering", "D03", _tasks),
	"verstrekken": _as("woningcorporatie", "D02", _handed),
	"crisis": _as("burgemeester", "D06", {"casus": {"wvggz_status": "crisismaatregel"}}),
	"crisis by emergency": _as("burgemeester", "D06", {"emergency": made.emergency("conflict_van_plichten", {"purposes": ["D06"]})}),
	"named": _as("naaste", "D04", object.union(_handed, {"consents": [made.consent("toestemming", {})]})),
	"named by emergency": _as("naaste", "D04", object.union(_handed, {"emergency": made.emergency("conflict_van_plichten", {})})),
	"verkennend_onderzoek": _as("ggd", "D06", {"casus": {"wvggz_status": "verkennend_onderzoek"}}),
	"wzd_loopt": _as("vg_lvb", "D06", {"casus": {"wzd_status": "titel_actief"}}),
}

test_open[word] if {
	some word, facts in _open
	_refused(facts) == set()
}

_shut := {
	"no": [_as("ggz", "D07", {}), _no],
	"no such purpose": [_as("ggz", "D13", {}), _no],
	"no such kind": [_as("ander", "D02", {}), _no],
	"triage, other phase": [_as("politie", "D01", {}), _no],
	"triage, no seat": [_as("politie", "D01", {"casus": {"phase": "triage", "triage_group": []}}), _no],
	"triage, ggz that is no deelnemer": [_as("ggz", "D01", {"casus": {"phase": "triage"}, "partner": {"standing": "derde"}}), _no],
	"houdt_toezicht": [_as("reclassering", "D03", {}), _no],
	"another rule with that relation": [_as("ggz", "D07", _tasks), _no],
	"verstrekken": [_as("woningcorporatie", "D02", object.union(_handed, {"action": "lezen"})), _no],
	"another rule, handed over": [_as("woningcorporatie", "D03", _handed), _no],
	"seat without triage rule": [_as("dji", "D01", object.union(_tasks, {"casus": {"phase": "triage"}})), _no],
	"crisis": [_as("burgemeester", "D06", {"casus": {"wvggz_status": "titel_actief", "wzd_status": "titel_actief"}, "consents": [made.consent("toestemming", {"purposes": ["D06"]})]}), _not_now],
	"named": [_as("naaste", "D04", object.union(_handed, {"casus": {"wvggz_status": "crisismaatregel", "wzd_status": "titel_actief"}})), _not_now],
	"verkennend_onderzoek": [_as("ggd", "D06", {"casus": {"wvggz_status": "crisismaatregel", "wzd_status": "melding"}, "consents": [made.consent("toestemming", {"purposes": ["D06"]})], "emergency": made.emergency("conflict_van_plichten", {"purposes": ["D06"]})}), _not_now],
	"wzd_loopt": [_as("vg_lvb", "D06", {"casus": {"wvggz_status": "verkennend_onderzoek"}}), _not_now],
	"wzd_loopt, not known": [_as("vg_lvb", "D06", {"casus": {"wzd_status": null}}), _not_now],
	"task of detention": [_as("dji", "D03", {}), _no],
	"authority": [_as("betrokkene", "D11", {"partner": {"standing": "betrokkene", "relations": ["vertegenwoordigt"]}}), {["E_DOEL", "request"]}],
	"employer": [_as("casusregisseur", "D02", {}), {["E_INVOER", "request"]}],
}

test_shut[note] if {
	some note, pair in _shut
	_refused(pair[0]) == pair[1]
}

test_a_running_task_is_asked_but_for_triage_and_rights if {
	_refused(_as("reclassering", "D02", {})) == _no
	_refused(_as("reclassering", "D02", _tasks)) == set()
	_refused(_as("reclassering", "D01", {"casus": {"phase": "triage"}})) == set()
	_refused(_as("reclassering", "D11", {})) == set()
}

test_a_user_is_designated_screened_trained_and_bound if {
	every attribute in ["designated", "screened", "trained", "bound_to_secrecy"] {
		every value in [false, null] {
			_refused(_as("ggz", "D02", {"user": {attribute: value}})) == {["E_GEBRUIKER", "request"]}
			_refused(_as("betrokkene", "D11", {"partner": {"standing": "betrokkene"}, "user": {attribute: value}})) == set()
		}
	}
}

test_of_age if {
	_refused(_as("ggz", "D02", {"casus": {"subject_age": 18}})) == set()
	every years in [17, null, "34"] {
		_refused(_as("ggz", "D02", {"casus": {"subject_age": years}})) == {["E_LEEFTIJD", "record"]}
		_refused(_as("college", "D10", {"casus": {"subject_age": years}})) == set()
	}
}

test_a_push_is_started_by_another if {
	every by in [null, "me", 3] {
		_refused(_as("woningcorporatie", "D07", object.union(_handed, {"started_by": by}))) == {["E_INVOER", "request"]}
	}
	_refused(_as("woningcorporatie", "D07", object.union(_handed, {"action": "lezen", "started_by": null}))) == set()
}

test_what_opened_it_is_used if {
	eligibility.used_consent == "co-1" with input as _open.named
	eligibility.used_emergency == false with input as _open.named
	eligibility.used_consent == "" with input as _open["named by emergency"]
	eligibility.used_emergency == true with input as _open["named by emergency"]
	eligibility.used_emergency == false with input as _shut.named[0]
	eligibility.used_consent == "" with input as _as("ggz", "D04", {"consents": [made.consent("toestemming", {})]})
	eligibility.used_emergency == false with input as _open["crisis by emergency"]
	both := object.union(_open.named, {"emergency": made.emergency("conflict_van_plichten", {})})
	eligibility.used_emergency == false with input as both
}

test_a_supporting_part_reads_the_plan_of_the_table_alone if {
	asked := {"requested": ["naam", "casus_fase", "weigering"]}
	eligibility.unsupported == {"G01"} with input as _as("zvh_procesregisseur", "D11", asked)
	eligibility.unsupported == set() with input as _as("zvh_procesregisseur", "D02", asked)
}

test_only_own_records if {
	eligibility.own_only == true with input as _as("ggz", "D11", {})
	eligibility.own_only == false with input as _as("college", "D11", {})
	eligibility.own_only == false with input as _as("ggz", "D02", {})
	eligibility.own_only == false with input as object.union(_as("ggz", "D02", {}), {"purpose": "D12"})
}

_never(kind, fields, changes) := units if {
	units := object.keys(eligibility.never) with input as object.union(_as(kind, "D02", {"requested": fields}), changes)
}

_given := ["bsn", "communicatie_aanpassing", "diagnose_dsm", "medicatie_actueel", "naam", "suiciderisico"]

test_never if {
	_never("woningcorporatie", _given, _handed) == {"bsn", "diagnose_dsm", "medicatie_actueel", "suiciderisico"}
	_never("politie", _given, {}) == {"G05", "G06"}
	_never("casusregisseur", _given, {"partner": {"employer_kind": "politie"}}) == {"G05", "G06"}
	_never("ggz", _given, {}) == set()
}

test_a_field_that_a_table_names_is_never_given if {
	never := [{"acts_as": ["politie"], "groups": ["G05", "G06"], "but": ["diagnose_dsm"], "fields": ["suiciderisico"], "law": []}]
	facts := _as("politie", "D02", {"requested": ["diagnose_dsm", "medicatie_actueel", "risico_rapport", "suiciderisico"]})
	units := object.keys(eligibility.never) with input as facts with data.hub.tables.overrides.never as never
	units == {"G06", "suiciderisico"}
}

test_another_partnership_gets_nothing_of_care if {
	other := _as("ander_samenwerkingsverband", "D02", object.union(_handed, {"requested": ["diagnose_dsm", "naam", "interventies", "wvggz_titel"]}))
	eligibility.never_secret == {"diagnose_dsm", "wvggz_titel"} with input as other
	eligibility.other_partnership == true with input as other
	eligibility.never_secret == set() with input as _as("ggz", "D02", {"requested": ["diagnose_dsm"]})
	eligibility.other_partnership == false with input as _as("ggz", "D02", {})
}

test_the_bsn if {
	eligibility.bsn == true with input as _as("ggz", "D02", {"partner": {"standing": "derde"}})
	eligibility.bsn == true with input as _as("politie", "D02", {})
	eligibility.bsn == false with input as _as("politie", "D02", {"partner": {"standing": "derde"}})
	eligibility.bsn == false with input as _as("beleidsanalist", "D10", {})
	eligibility.bsn == false with input as _as("woningcorporatie", "D02", _handed)
	eligibility.bsn == true with input as _as("betrokkene", "D11", {"partner": {"standing": "betrokkene"}})
}
