"""Regimes, partners, articles, overrides and obligations of the policy against the second reading, whole."""

from hub.pdp import codes
from tests.policy.policy_tables import GROUPS, KINDS, Row, table
from tests.policy.reading.articles import ARTICLES, OBLIGATIONS, OPENED, PERMITS, WITH_REASON
from tests.policy.reading.catalogue import CARE_KINDS, INSURERS
from tests.policy.reading.regimes import (
    ALWAYS,
    ALWAYS_DERDE,
    BSN_KINDS,
    CONSENT_KINDS,
    COUNTS,
    EXCLUDED,
    NEVER_HOUSING,
    NEVER_HOUSING_BUT,
    NEVER_POLICE,
    NO_DEELNEMER,
    NO_EXPORT_KINDS,
    ONLY,
    PUBLIC,
    SHUT_GROUPS,
    WGS_KINDS,
    WJSG_KINDS,
    WPG_KINDS,
)


def _spread(kinds: frozenset[str]) -> set[str]:
    """Kinds with every article of the Wvggz and Wzd in the place of `wv*` and `wz*`."""
    numbered = {kind for kind in codes.BASIS_KINDS if kind[:2] in ("wv", "wz") and kind[2:].isdigit()}
    laws = {kind[:2] for kind in kinds if kind.endswith("*")}
    return {kind for kind in kinds if not kind.endswith("*")} | {kind for kind in numbered if kind[:2] in laws}


def test_each_regime_counts_the_kinds_of_the_law_and_keeps_its_limits() -> None:
    rows = table("regimes")["rows"]
    assert set(rows) == set(COUNTS)
    for name, row in rows.items():
        ours = {
            "kinds": _spread(COUNTS[name]) - {"wgs"},
            "not": set(EXCLUDED.get(name, ())),
            "only": set(ONLY.get(name, ())) - INSURERS,
            "shut_groups": set(SHUT_GROUPS.get(name, ())),
        }
        if name == "toestemming":
            ours["kinds"] = set(CONSENT_KINDS)
        assert {key: set(row.get(key, ())) for key in ours} == ours, name
        assert row.keys() <= ours.keys() | {
            "wgs_for",
            "wgs_with_wmo_opdracht",
            "care_employed",
            "only_group",
            "public_kinds",
            "consent_too",
        }


def test_the_special_words_of_the_regimes() -> None:
    rows = table("regimes")["rows"]
    assert set(rows["wgs_zvh"]["wgs_for"]) == WGS_KINDS
    assert rows["wgs_zvh"]["wgs_with_wmo_opdracht"] == ["vg_lvb"]
    assert rows["zorgteam"]["care_employed"] is True
    assert rows["zorgteam"]["only_group"] == dict.fromkeys(INSURERS, "G19")
    assert (rows["toestemming"]["public_kinds"], rows["toestemming"]["consent_too"]) == (["avg6e"], True)
    special = {"wgs_for", "wgs_with_wmo_opdracht", "care_employed", "only_group", "public_kinds", "consent_too"}
    assert sum(len(special & row.keys()) for row in rows.values()) == 6
    always = {kind: who for who, kinds in table("regimes")["any"].items() for kind in kinds}
    assert always == ALWAYS


def test_a_kind_counts_only_for_its_own() -> None:
    ours: Row = {
        "derde": {"standing": "derde"},
        "huur": {"partner": {"woningcorporatie"}, "relation": "verhuurt"},
        "wmo": {"partner": {"wmo_aanbieder"}, "relation": "wmo_opdracht"},
        "zv01": {"partner": set(INSURERS), "groups": {"G19"}},
        **{kind: {"source": {"politie"}} for kind in WPG_KINDS},
        **{kind: {"source": {"om", "dji"}} for kind in WJSG_KINDS},
    }
    ours["wpg16"]["partner"] = {"burgemeester", "om"}
    ours["wpg18"]["partner"] = {"reclassering"}
    theirs = {
        kind: {key: set(value) if isinstance(value, list) else value for key, value in row.items()}
        for kind, row in table("regimes")["counts_for"].items()
    }
    assert theirs == ours


def test_each_partner_counts_as_the_law_says() -> None:
    def standings(kind: str) -> list[str]:
        if kind in ALWAYS_DERDE:
            return ["derde"]
        return [kind] if kind in ("betrokkene", "toezicht") else ["deelnemer", "derde"]

    def bsn(kind: str) -> str:
        if kind in BSN_KINDS:
            return "always"
        return "never" if "deelnemer" not in standings(kind) or kind in NO_DEELNEMER else "deelnemer"

    columns = {"zorgkantoor": "zorgverzekeraar", "ander_samenwerkingsverband": None}
    ours = {
        kind: (
            columns.get(kind, kind),
            standings(kind),
            kind in CARE_KINDS,
            kind in PUBLIC,
            kind in INSURERS,
            bsn(kind),
        )
        for kind in KINDS
    }
    theirs = {
        kind: tuple(row[key] for key in ("column", "standings", "care", "public", "insurer", "bsn"))
        for kind, row in table("partners")["rows"].items()
    }
    assert theirs == ours
    assert set(table("partners")["no_export"]) == NO_EXPORT_KINDS
    assert table("partners")["running_task"] == {"reclassering": "houdt_toezicht", "dji": "detentie"}


def test_each_article_names_receivers_sources_and_groups_as_the_law_says() -> None:
    ours = {}
    for name, article in ARTICLES.items():
        opened = {"wvggz"} if name.startswith("wv") else {"wvggz", "wzd"}
        ours[name] = {
            "receivers": set(article.receivers),
            "sources": set(article.sources),
            "groups": opened if OPENED in article.groups else set(article.groups),
            "fields": set(article.fields),
            "relation": {"ggz": "zorgverantwoordelijke"} if article.zv else {},
            "reason": name in WITH_REASON,
            "duty": "mag" if name in PERMITS else "plicht",
            "status": "wvggz_status" if name.startswith("wv") else "wzd_status",
        }
    theirs = {
        name: {
            **{key: set(row.get(key, ())) for key in ("receivers", "sources", "groups", "fields")},
            "relation": row.get("relation", {}),
            "reason": row.get("reason", False),
            "duty": row["duty"],
            "status": row["status"],
        }
        for name, row in table("articles")["rows"].items()
    }
    assert theirs == ours
    outside = table("articles")["outside_statuses"]
    assert {
        name: {key: set(row.get(key, ())) for key in ("receivers", "sources", "groups")}
        for name, row in outside.items()
    } == {
        "zv01": {"receivers": set(INSURERS), "sources": set(), "groups": {"G19"}},
        "wm05": {"receivers": {"college"}, "sources": {"wmo_aanbieder"}, "groups": set()},
    }


def test_what_is_never_given() -> None:
    never = {
        (row["rule"], *(frozenset(row[key]) for key in ("acts_as", "groups", "but", "fields")))
        for row in table("overrides")["never"]
    }
    none: frozenset[str] = frozenset()
    assert never == {
        ("R09", frozenset({"woningcorporatie"}), NEVER_HOUSING, NEVER_HOUSING_BUT, frozenset({"bsn"})),
        ("R10", frozenset({"politie"}), NEVER_POLICE, none, none),
        ("R11", INSURERS, frozenset(GROUPS) - {"G19"}, none, none),
    }
    assert table("overrides")["insurer_part"]["groups"] == ["G19"]
    assert set(table("overrides")["between_partnerships"]["words"]) == {"BG", "WV", "WZ"}
    assert set(table("overrides")["rows"]) == {f"R{n:02d}" for n in range(1, 34)}


def test_each_obligation_has_its_term() -> None:
    rows = table("obligations")["rows"]
    assert {name: row.get("within", "") for name, row in rows.items()} == {
        name: within for name, within in OBLIGATIONS.items() if name != "expires_at"
    }
