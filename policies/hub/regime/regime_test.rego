package hub.regime_test

import data.hub.made
import data.hub.regime

_in(name, kind, changes) := object.union(object.union(made.request(kind, "D02", "naam"), {"casus": {"regime": name}}), changes)

_refused(facts) := codes if {
	codes := regime.refused with input as facts
}

_regisseur(employer) := {"partner": {"employer_kind": employer}}

test_a_regime_is_chosen if {
	regime.unknown == false with input as _in("wgs_zvh", "ggz", {})
	regime.unknown == true with input as _in(null, "ggz", {})
	_refused(_in(null, "ggz", {})) == {"E_REGIME"}
	_refused(_in(null, "ggz", {"purpose": "D10"})) == set()
}

# Regime -> a kind within its limits, and kinds outside them.
_limits := {
	"wgs_zvh": {"in": ["ggz", "politie", "woningcorporatie"], "out": []},
	"wvggz": {"in": ["ggz", "politie"], "out": ["woningcorporatie", "zorgverzekeraar", "wmo_aanbieder"]},
	"wzd": {"in": ["ggz"], "out": ["woningcorporatie", "zorgkantoor", "wmo_aanbieder", "politie"]},
	"zorgteam": {"in": ["ggz", "vg_lvb", "naaste", "zorgverzekeraar"], "out": ["politie", "college"]},
	"wmo_lokaal": {"in": ["college", "ggz"], "out": ["politie", "om", "reclassering", "dji"]},
	"oov": {"in": ["burgemeester", "politie", "om"], "out": ["ggz", "college"]},
}

test_limits if {
	every name, kinds in _limits {
		every kind in kinds["in"] {
			_refused(_in(name, kind, {})) == set()
		}
		every kind in kinds.out {
			_refused(_in(name, kind, {})) == {"E_REGIME"}
			_refused(_in(name, kind, {"purpose": "D10"})) == set()
		}
	}
}

test_a_casusregisseur_in_care_counts_in_a_care_team if {
	_refused(_in("zorgteam", "casusregisseur", _regisseur("ggz"))) == set()
	_refused(_in("zorgteam", "casusregisseur", _regisseur("college"))) == {"E_REGIME"}
	_refused(_in("oov", "casusregisseur", _regisseur("ggz"))) == {"E_REGIME"}
	_refused(_in("zorgteam", "geneesheer_directeur", {})) == set()
}

test_consent_for_all if {
	regime.consent_too == true with input as _in("toestemming", "ggz", {})
	regime.consent_too == false with input as _in("toestemming", "ggz", {"purpose": "D10"})
	regime.consent_too == false with input as _in("wgs_zvh", "ggz", {})
}

_groups(facts, units) := shut if {
	shut := regime.shut with input as facts with data.hub.fields.group as units
}

_three := {"G01": "G01", "G10": "G10", "suiciderisico": "G04"}

test_groups_that_a_regime_shuts if {
	_groups(_in("wmo_lokaal", "college", {}), _three) == {"G10"}
	_groups(_in("oov", "politie", {}), _three) == {"suiciderisico"}
	_groups(_in("oov", "politie", {"purpose": "D10"}), _three) == set()
	_groups(_in("wgs_zvh", "politie", {}), _three) == set()
}

_beyond(facts, units) := found if {
	found := regime.foreign with input as facts with data.hub.fields.group as units
}

test_an_insurer_in_a_care_team_has_one_group if {
	units := {"G01": "G01", "G19": "G19"}
	_beyond(_in("zorgteam", "zorgverzekeraar", {}), units) == {"G01"}
	_beyond(_in("zorgteam", "zorgverzekeraar", {"purpose": "D10"}), units) == set()
	_beyond(_in("zorgteam", "ggz", {}), units) == set()
}
