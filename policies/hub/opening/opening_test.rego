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
	every purpose in ["D01", "D11"] {
		opening.answer.asks == [] with input as _asker("reclassering", {"purpose": purpose})
	}
}

test_a_partner_of_whom_a_consent_must_speak if {
	opening.answer.asks == ["named"] with input as _asker("naaste", {"standing": "derde", "action": "verstrekken", "purpose": "D03"})
}

test_a_ground_that_is_a_basis_is_told_apart if {
	opening.answer.fields.brp_adres == [["wgs", true]] with input as _asker("college", {})
	opening.answer.fields.zorgvorm_intensiteit == [["toest", false]] with input as _asker("college", {})
}

# Asker and field -> the words of its ways in.
_in_general := {
	"before admission": [_asker("politie", {"purpose": "D01"}), "casus_fase", ["wgs"]],
	"aggregates": [_asker("college", {"purpose": "D10"}), "brp_adres", ["aantal"]],
	"own kinds of a financier": [_asker("zorgverzekeraar", {"purpose": "D05", "standing": "derde", "action": "verstrekken", "regime": "zorgteam"}), "financier", ["zv01"]],
	"a supporting part": [_asker("zvh_procesregisseur", {"purpose": "D11"}), "casus_fase", ["wgs"]],
	"an emergency and an article": [_asker("politie", {"purpose": "D04"}), "bejegeningsadvies", ["cvp", "toest+wgs", "wvggz"]],
	"a status of the person": [_asker("politie", {}), "wvggz_titel", ["titel_of_afwezig+wvggz"]],
	"any article of justice": [_asker("reclassering", {}), "openstaande_zaak", ["wgs", "wjsg"]],
	"police to reclassering": [_asker("reclassering", {}), "politie_incident_laatste", ["wgs", "wpg18"]],
	"a vital interest, on hand-over": [_asker("ggz", {"purpose": "D05", "action": "verstrekken"}), "behandeldoelen", ["457.2", "toest", "vitaal", "wvggz"]],
	"the melding": [_asker("college", {}), "melder_gegevens", ["melding+toest", "melding+wgs"]],
	"assignment of the college": [_asker("vg_lvb", {}), "casus_fase", ["toest", "wgs+wmo_opdracht"]],
	"advice for what is sensitive": [_asker("woningcorporatie", {"standing": "derde", "action": "verstrekken", "purpose": "D07"}), "bezoekregels", ["derde"]],
	"regime of consent": [_asker("college", {"regime": "toestemming"}), "behandeldoelen", ["toest"]],
	"own secrecy of the Wmo": [_asker("wmo_aanbieder", {}), "wmo_voorziening", ["wmo"]],
	"what is not sensitive": [_asker("woningcorporatie", {"standing": "derde", "action": "verstrekken", "purpose": "D07"}), "naam", ["derde", "huur"]],
	"who may have the bsn": [_asker("om", {"purpose": "D04"}), "bsn", ["toest+wgs", "wgs", "wvggz"]],
	"justice without the Wgs": [_asker("reclassering", {"regime": "wvggz"}), "bijzondere_voorwaarden", ["wjsg"]],
	"an article by a relation": [_asker("ggz", {"purpose": "D04"}), "aliassen", ["toest", "wgs", "wvggz+zorgverantwoordelijke"]],
	"a vital interest, on look-up": [_asker("ggz", {"purpose": "D05"}), "behandeldoelen", ["457.2+toest_15a", "toest+toest_15a", "vitaal", "wvggz"]],
	"good care is of the Wgs": [_asker("college", {"regime": "toestemming"}), "bejegeningsadvies", ["toest"]],
	"an article lifts the secrecy of care alone": [_asker("om", {"regime": "wvggz"}), "woonvorm", ["toest+wvggz"]],
	"the betrokkene": [_asker("betrokkene", {"standing": "betrokkene", "purpose": "D11"}), "diagnose_dsm", ["basis"]],
	"what names the asker, police": [_asker("politie", {}), "toestemming", ["basis+noemt_vrager"]],
	"what names the asker, care": [_asker("ggz", {}), "toestemming", ["basis+noemt_vrager"]],
}

test_ways_in_general[note] if {
	some note, [asker, field, words] in _in_general
	_ways(object.union(asker, {"fields": [field]}), field) == words
}

_closed := {
	"shut by the regime": [_asker("college", {"regime": "wmo_lokaal"}), "politie_incident_laatste"],
	"foreign to the regime": [_asker("zorgverzekeraar", {"purpose": "D05", "standing": "derde", "action": "verstrekken", "regime": "zorgteam"}), "naam"],
	"outside a supporting part": [_asker("zvh_procesregisseur", {"purpose": "D11"}), "naam"],
	"a condition on the field": [_asker("politie", {}), "evaluatie_datum"],
	"the bsn": [_asker("naaste", {"standing": "derde", "action": "verstrekken", "purpose": "D03"}), "bsn"],
	"who gave the melding": [_asker("betrokkene", {"standing": "betrokkene", "purpose": "D11"}), "melder_gegevens"],
	"a basis for another source": [_asker("ggd", {"standing": "derde", "regime": "wzd"}), "behandeldoelen"],
	"no article of justice in the regime": [_asker("reclassering", {"regime": "toestemming"}), "openstaande_zaak"],
	"no article of care in the regime": [_asker("politie", {"regime": "toestemming"}), "naam"],
	"no article that names the receiver": [_asker("college", {"standing": "derde", "regime": "wzd"}), "wvggz_titel"],
	"an article of another law": [_asker("om", {"regime": "wzd"}), "wvggz_titel"],
	"not own data": [_asker("ggz", {"purpose": "D11"}), "naam"],
	"not in aggregates": [_asker("college", {"purpose": "D10"}), "naam"],
}

test_no_way_in_general[note] if {
	some note, [asker, field] in _closed
	opening.answer.fields == {} with input as object.union(asker, {"fields": [field]})
}

# Ways in by a made-up cell of one alternative.
_by_cell(asker, group, field, alternative) := words if {
	column := {asker.kind: {group: {"open": [object.union({"level": "vol"}, alternative)]}}}
	words := _ways(object.union(asker, {"fields": [field]}), field) with data.hub.tables.ceiling.columns as object.union(data.hub.tables.ceiling.columns, column)
} else := []

test_grounds_of_care_are_for_care_alone if {
	every ground in ["457.2", "vitaal"] {
		_by_cell(_asker("college", {}), "G04", "zorgvorm_intensiteit", {"grounds": [ground]}) == []
		ground in _by_cell(_asker("ggz", {"action": "verstrekken"}), "G04", "zorgvorm_intensiteit", {"grounds": [ground]})
	}
}

test_an_article_counts_that_the_cell_names if {
	asker := _asker("ggz", {"action": "verstrekken"})
	_by_cell(asker, "G04", "zorgvorm_intensiteit", {"grounds": ["wvggz"], "by": ["wv11"]}) == ["wvggz"]
	_by_cell(asker, "G04", "zorgvorm_intensiteit", {"grounds": ["wvggz"], "by": ["wv14"]}) == []
}

test_a_relation_is_asked_where_each_article_asks_it if {
	asker := _asker("ggz", {"action": "verstrekken"})
	_by_cell(asker, "G01", "aliassen", {"grounds": ["wvggz"]}) == ["wvggz+zorgverantwoordelijke"]
	_by_cell(asker, "G01", "aliassen", {"grounds": ["wgs"]}) == ["wgs"]
	_by_cell(asker, "G01", "aliassen", {"grounds": ["wgs"], "relation": "naaste"}) == ["naaste+wgs"]

	# Of some sources an article without it, of others that of Wvggz 8:29 alone.
	_by_cell(asker, "G04", "zorgvorm_intensiteit", {"grounds": ["wvggz"]}) == ["wvggz", "wvggz+zorgverantwoordelijke"]
}

test_good_care_lifts_secrecy_of_care_under_the_wgs_alone if {
	any := {"grounds": []}
	asker := _asker("college", {})
	_by_cell(asker, "G04", "bejegeningsadvies", any) == ["basis+goed_hulpverlenerschap", "basis+toest"]
	_by_cell(object.union(asker, {"regime": "wmo_lokaal"}), "G04", "bejegeningsadvies", any) == ["basis+toest"]
	good := ["wmo_voorziening"]
	_by_cell(asker, "G14", "wmo_voorziening", any) == ["basis+toest"] with data.hub.tables.secrecy.good_care_fields as good
}
