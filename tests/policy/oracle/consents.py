"""Consents, refusals and emergencies: which are live, and what they open or shut."""

from tests.policy.oracle.case import Case, Row, group_in, purpose_in
from tests.policy.reading.catalogue import CARE_KINDS, FIELDS, Field


def _authority(case: Case, consent: Row) -> bool:
    """Given by someone with authority at `given_at` and now."""
    giver = consent["given_by"]
    if giver is None or giver["role"] is None:
        return False
    start, end = giver["authority_from"], giver["authority_until"]
    if start is None:
        return giver["role"] == "betrokkene" and not case.past(end)
    return start <= consent["given_at"] and not case.past(end)


def sound(case: Case, consent: Row) -> bool:
    """Live, but for source and group: time, receiver, purpose, and how it was given."""
    return (
        case.runs(consent["given_at"], consent["valid_until"])
        and not case.past(consent["withdrawn_at"])
        and not case.past(consent["expires_at"])
        and case.me in consent["receivers"]
        and purpose_in(case, consent)
        and all(consent[flag] is True for flag in ("capable", "voluntary", "recorded_by_treating"))
        and _authority(case, consent)
    )


def _group_or_field(field: Field, row: Row) -> bool:
    return group_in(field, row) or field.key in row["groups"]


def live(case: Case, field: Field, source: str, kind: str = "toestemming") -> list[Row]:
    """The consents of this kind that open this field of this source, if no refusal counts."""
    return [
        consent
        for consent in case["consents"]
        if consent["kind"] == kind
        and consent["source"] == source
        and sound(case, consent)
        and _group_or_field(field, consent)
    ]


def _refusals(case: Case, source: str) -> list[Row]:
    """Refusals that count for this asker, purpose and source, of whatever group."""
    return [
        refusal
        for refusal in case["consents"]
        if refusal["kind"] == "weigering"
        and refusal["source"] in (source, "*")
        and (case.me in refusal["receivers"] or "*" in refusal["receivers"])
        and purpose_in(case, refusal)
        and case.runs(refusal["given_at"], refusal["withdrawn_at"])
    ]


def refused(case: Case, field: Field, source: str) -> bool:
    return any(_group_or_field(field, refusal) for refusal in _refusals(case, source))


def consented(case: Case, field: Field, source: str) -> list[Row]:
    """Ground `toest`: the consents that open."""
    return [] if refused(case, field, source) else live(case, field, source)


def stands(case: Case, consent: Row) -> bool:
    """Live, whatever its groups: at least one of them is not shut by a refusal that counts."""
    refused_groups = {word for refusal in _refusals(case, consent["source"]) for word in refusal["groups"]}
    return sound(case, consent) and any(
        not {"*", word, FIELDS[word].group if word in FIELDS else word} & refused_groups for word in consent["groups"]
    )


def names_asker(case: Case, field: Field, source: str) -> bool:
    """G21 without a row: a live consent, or a refusal that counts, naming this asker and purpose."""
    if field.key == "weigering":
        rows = [row for row in _refusals(case, source) if case.me in row["receivers"]]
    else:
        rows = [
            row
            for row in case["consents"]
            if row["kind"] != "weigering" and row["source"] == source and stands(case, row)
        ]
    return any(case.purpose in row["purposes"] for row in rows)


def naming_consents(case: Case) -> list[Row]:
    """Live consents that name partner and purpose; `*` is no name."""
    return [
        row
        for row in case["consents"]
        if row["kind"] == "toestemming" and stands(case, row) and case.purpose in row["purposes"]
    ]


# ---- emergencies ----


def _addressed(case: Case) -> Row | None:
    emergency: Row | None = case["emergency"]
    if emergency is None or case.me not in emergency["receivers"] or case.purpose not in emergency["purposes"]:
        return None
    return emergency


def offered(case: Case, field: Field, source: str) -> Row | None:
    """The emergency that names receiver, purpose, field and, of a conflict of duties, source."""
    emergency = _addressed(case)
    if emergency is None or field.key not in emergency["fields"]:
        return None
    if emergency["kind"] == "conflict_van_plichten" and emergency["source"] != source:
        return None
    return emergency


def lacks(case: Case, emergency: Row) -> set[str]:
    """Why an emergency is not fulfilled: E_NOOD, E_VITAAL, both or nothing."""
    codes = set()
    if not case.runs(emergency["started_at"], emergency["ends_at"]) or emergency["reason"] is not True:
        codes.add("E_NOOD")
    if emergency["kind"] == "vitaal_belang":
        if not case.care or emergency["source_kind"] not in CARE_KINDS:
            codes.add("E_NOOD")
        if emergency["unable_to_consent"] is not True:
            codes.add("E_VITAAL")
    return codes


def fulfilled(case: Case, field: Field, source: str) -> str | None:
    """Ground word of the emergency that counts for this field and source."""
    emergency = offered(case, field, source)
    if emergency is None or lacks(case, emergency):
        return None
    return "cvp" if emergency["kind"] == "conflict_van_plichten" else "vitaal"


def counts_at_all(case: Case) -> bool:
    """An emergency counts that names partner and purpose."""
    emergency = _addressed(case)
    return emergency is not None and not lacks(case, emergency)
