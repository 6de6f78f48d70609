# Ways in that the tables leave, and none where they leave none.

package hub.opening_test

import data.hub.opening

_asker(kind, changes) := object.union(
	{
		"kind": kind,
		"employer_kind": null,
		"standing": "deelnemer",
		"action": "lezen",
		"regime": "wgs_zvh",
		"purpose": "D02",
		"fields": ["bejegeningsadvies", "brp_adres", "depot_status", "diagnose_dsm", "medicatie_actueel", "zorgvorm_intensiteit"],
	},
	changes,
)

_ways(asker, field) := [words | some [words, _] in ways] if {
	ways := opening.answer.fields[field] with input as asker
}

test_secrecy_asks_more_than_a_basis if {
	_ways(_asker("college", {}), "zorgvorm_intensiteit") == ["toest"]
	_ways(_asker("college", {}), "brp_adres") == ["wgs"]
}

test_lifted_items_open_by_good_care if {
	"goed_hulpverlenerschap+wgs" in _ways(_asker("college", {}), "bejegeningsadvies")
}

test_look_up_between_care_providers_asks_its_own_consent if {
	asker := _asker("verslavingszorg", {"purpose": "D05"})
	"toest+toest_15a" in _ways(asker, "medicatie_actueel")
	pushed := _ways(object.union(asker, {"action": "verstrekken"}), "medicatie_actueel")
	every way in pushed {
		not contains(way, "toest_15a")
	}
}

test_what_is_never_given_has_no_way if {
	not opening.answer.fields.diagnose_dsm with input as _asker("politie", {})
}

test_what_is_not_needed_has_no_way if {
	not opening.answer.fields.depot_status with input as _asker("ggz", {})
}

test_who_may_not_act_for_a_purpose_has_no_way_at_all if {
	opening.answer == {"asks": null, "fields": {}} with input as _asker("ggz", {"purpose": "D07"})
}

test_a_regime_that_shuts_a_partner_out_leaves_none if {
	opening.answer.fields == {} with input as _asker("politie", {"regime": "zorgteam"})
}

test_a_running_task_is_asked if {
	opening.answer.asks == ["houdt_toezicht"] with input as _asker("reclassering", {})
}

test_a_partner_of_whom_a_consent_must_speak if {
	opening.answer.asks == ["named"] with input as _asker("naaste", {"standing": "derde", "action": "verstrekken", "purpose": "D03"})
}

test_a_ground_that_is_a_basis_is_told_apart if {
	opening.answer.fields.brp_adres == [["wgs", true]] with input as _asker("college", {})
	opening.answer.fields.zorgvorm_intensiteit == [["toest", false]] with input as _asker("college", {})
}
