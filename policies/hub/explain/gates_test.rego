# Of each gate of a record: whether it is shut or spared, with which reasons, and the facts that it was judged by.

package hub.explain_test

import data.hub.explain
import data.hub.made

_care_row := made.record("zorgvorm_intensiteit", "ggz-2", "ggz")

_advice := made.record("bejegeningsadvies", "ggz-2", "ggz")

_circle := made.record("netwerk_beeld", "reg-1", "casusregisseur")

_street := made.record("brp_adres", "gem-2", "college")

_mutations := object.union(made.record("politie_mutaties_samenvatting", "pol-1", "politie"), {"wpg": made.police("20(3)")})

_bases(kind) := {"legal_bases": [made.basis(kind, {})]}

_refusal := {"consents": [made.consent("weigering", {})]}

_both := {"consents": [made.consent("toestemming", {}), made.consent("toestemming_15a", {"id": "co-2"})]}

_exchange := {"consents": [made.consent("toestemming_15a", {})]}

_of_consent := object.union(_bases("avg6a"), {"casus": {"regime": "toestemming"}})

_supplied := object.union(_care_row, {"regime": "toestemming", "treating_with": ["me"]})

_treating := object.union(_of_consent, {"partner": {"relations": ["behandelt"]}})

# Request -> the gates of its first record that are shut, with their codes, and those that are not asked.
_records := {
	"all open": [_plan, {}, {"instemming", "geheim", "uitwisseling", "verstrekking", "bestand"}],
	"police": [
		made.facts("ggz", "D02", _mutations, {}),
		{},
		{"instemming", "geheim", "uitwisseling", "bestand"},
	],
	"a file": [
		object.union(made.facts("politie", "D02", _mutations, {}), {"action": "export"}),
		{"grond": ["E_GRONDSLAG"], "bestand": ["E_EXPORT"]},
		{"instemming", "geheim", "uitwisseling", "plicht"},
	],
	"a file to whom none is forbidden": [
		object.union(_plan, {"action": "export"}),
		{},
		{"instemming", "geheim", "uitwisseling", "verstrekking"},
	],
	"own data": [
		made.facts("ggz", "D02", object.union(_care_row, {"source": "me"}), {}),
		{},
		{"plafond", "grond", "instemming", "geheim", "uitwisseling", "verstrekking", "bestand"},
	],
	"own data that a ceiling shuts": [
		made.facts("politie", "D03", made.record("bewindvoerder", "me", "casusregisseur"), {}),
		{},
		{"plafond", "grond", "instemming", "geheim", "uitwisseling", "verstrekking", "bestand"},
	],
	"aggregates": [
		made.facts("college", "D10", _street, object.union(_bases("wg27"), {"casus": {"group_size": 10}})),
		{},
		{"plafond", "grond", "instemming", "geheim", "uitwisseling", "verstrekking", "bestand"},
	],
	"aggregates of few": [
		made.facts("college", "D10", _street, object.union(_bases("wg27"), {"casus": {"group_size": 9}})),
		{"niveau": ["E_AANTAL"]},
		{"plafond", "grond", "instemming", "geheim", "uitwisseling", "verstrekking", "bestand", "plicht"},
	],
	"between care providers": [
		made.facts("verslavingszorg", "D03", _care_row, _both),
		{},
		{"instemming", "verstrekking", "bestand"},
	],
	"between care providers, without their consent": [
		made.facts("verslavingszorg", "D03", _care_row, {"consents": [made.consent("toestemming", {})]}),
		{"uitwisseling": ["E_15A"]},
		{"instemming", "verstrekking", "bestand"},
	],
	"between care providers, handed over": [
		object.union(made.facts("verslavingszorg", "D03", _care_row, _both), {"action": "verstrekken", "started_by": "ggz-2"}),
		{},
		{"instemming", "uitwisseling", "verstrekking", "bestand"},
	],
	"from a partner that gives no care": [
		made.facts("ggz", "D03", _circle, {}),
		{},
		{"instemming", "geheim", "uitwisseling", "verstrekking", "bestand"},
	],
	"what names the asker": [
		made.facts("ggz", "D02", made.record("toestemming", "ggz-2", "ggz"), {"consents": [made.consent("toestemming", {})]}),
		{},
		{"instemming", "geheim", "uitwisseling", "verstrekking", "bestand"},
	],
	"a refusal, of care": [
		made.facts("verslavingszorg", "D03", _care_row, _refusal),
		{
			"grond": ["E_GRONDSLAG", "E_WEIGERING"],
			"geheim": ["E_BEROEPSGEHEIM", "E_WEIGERING"],
			"uitwisseling": ["E_15A", "E_WEIGERING"],
		},
		{"instemming", "verstrekking", "bestand", "plicht"},
	],
	"a refusal, in one treatment and without a basis": [
		made.facts("ggz", "D03", object.union(_care_row, {"treating_with": ["me"]}), object.union(_refusal, {"legal_bases": [], "partner": {"relations": ["behandelt"]}})),
		{"grondslag": ["E_GRONDSLAG"], "uitwisseling": ["E_15A", "E_WEIGERING"]},
		{"instemming", "verstrekking", "bestand"},
	],
	"a refusal, of another": [
		made.facts("college", "D03", _care_row, _refusal),
		{"geheim": ["E_BEROEPSGEHEIM", "E_WEIGERING"]},
		{"instemming", "uitwisseling", "verstrekking", "bestand"},
	],
	"a refusal, of a field without secrecy": [
		made.facts("dji", "D09", _circle, {
			"partner": {"relations": ["detentie"]},
			"consents": [made.consent("weigering", {"source": "reg-1", "purposes": ["*"]})],
		}),
		{"grond": ["E_WEIGERING"]},
		{"instemming", "geheim", "uitwisseling", "verstrekking", "bestand", "plicht"},
	],
	"a ground that lacks": [
		made.facts("politie", "D04", _advice, {}),
		{"grond": ["E_GRONDSLAG", "E_TOESTEMMING"], "geheim": ["E_BEROEPSGEHEIM"]},
		{"instemming", "uitwisseling", "verstrekking", "bestand", "plicht"},
	],
	"an article that lacks": [
		made.facts("politie", "D04", _advice, _bases("wv30")),
		{"grond": ["E_829", "E_GRONDSLAG", "E_TOESTEMMING"], "geheim": ["E_BEROEPSGEHEIM"]},
		{"instemming", "uitwisseling", "verstrekking", "bestand", "plicht"},
	],
	"no basis": [
		made.facts("politie", "D04", _advice, {"legal_bases": []}),
		{"grondslag": ["E_GRONDSLAG"], "grond": ["E_TOESTEMMING"], "geheim": ["E_BEROEPSGEHEIM"]},
		{"instemming", "uitwisseling", "verstrekking", "bestand", "plicht"},
	],
	"a basis that counts for others": [
		made.facts("politie", "D02", made.record("bezoekregels", "gem-1", "college"), _bases("wpg19")),
		{"grondslag": ["E_GRONDSLAG"], "grond": ["E_TOESTEMMING"]},
		{"instemming", "geheim", "uitwisseling", "verstrekking", "bestand", "plicht"},
	],
	"a ground of the field that lacks": [
		made.facts("wmo_aanbieder", "D02", made.record("casus_fase", "gem-1", "college"), object.union(_bases("wmo"), {"partner": {"relations": ["wmo_opdracht"]}})),
		{"grond": ["E_GRONDSLAG"]},
		{"instemming", "geheim", "uitwisseling", "verstrekking", "bestand", "plicht"},
	],
	"a ceiling that is shut": [
		made.facts("college", "D03", made.record("depot_status", "ggz-2", "ggz"), {}),
		{"plafond": ["E_PLAFOND"], "grond": [], "geheim": ["E_BEROEPSGEHEIM"]},
		{"instemming", "uitwisseling", "verstrekking", "bestand", "plicht"},
	],
	"the regime of consent": [
		made.facts("ggz", "D03", _supplied, object.union(_treating, _exchange)),
		{"instemming": ["E_TOESTEMMING"]},
		{"verstrekking", "bestand"},
	],
	"the regime of consent, refused": [
		made.facts("ggz", "D03", _supplied, object.union(_treating, _refusal)),
		{"instemming": ["E_WEIGERING"], "uitwisseling": ["E_15A", "E_WEIGERING"]},
		{"verstrekking", "bestand"},
	],
	"the regime of consent, given": [
		made.facts("ggz", "D03", _supplied, object.union(_of_consent, _both)),
		{},
		{"verstrekking", "bestand"},
	],
	"the regime of consent, own data": [
		made.facts("ggz", "D03", object.union(_supplied, {"source": "me"}), _of_consent),
		{},
		{"plafond", "grond", "instemming", "geheim", "uitwisseling", "verstrekking", "bestand"},
	],
	"an emergency that is not fulfilled": [
		made.facts("verslavingszorg", "D04", _care_row, {"emergency": made.emergency("vitaal_belang", {"reason": false})}),
		{"grond": ["E_GRONDSLAG", "E_NOOD", "E_TOESTEMMING"], "geheim": ["E_BEROEPSGEHEIM"], "uitwisseling": ["E_15A"]},
		{"instemming", "verstrekking", "bestand", "plicht"},
	],
}

test_gates_of_a_record[note] if {
	some note, [facts, shut, spared] in _records
	found := explain.explained with input as facts
	gates := found.parts[0].gates
	count(found.parts) == 1
	{gate.gate: [code | some [code, _] in gate.reasons] | some gate in gates; gate.state == "shut"} == shut
	{gate.gate | some gate in gates; gate.state == "spared"} == spared
}
