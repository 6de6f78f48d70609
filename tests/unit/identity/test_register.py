"""The register: who may change it, from when a change counts, and that it is entered."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from hub.errors import Conflict, NotAuthenticated, NotPermitted, ShapeError
from hub.identity import client, register
from hub.identity.register import UserChange, operator
from hub.model.instant import to_text
from hub.model.partner import PartnerKind, Standing
from hub.model.registry import Recorder
from hub.store.partners import Admissions, Admitted, UserFacts, admitted, partner_row, partner_version, user_facts
from hub.store.tables import operators
from hub.store.units import Tx
from tests.unit.identity.world import OPERATOR, START, Region, full_user, new_partner

KEEPER = Recorder("ggz-noord", "ggz", "beheer")
DAY = timedelta(days=1)


def facts(region: Region, at: datetime = START, user: str = "u1") -> UserFacts:
    """What is on record of a user."""
    with region.store.snapshot() as conn:
        return user_facts(conn, "ggz-noord", user, to_text(at))


def may_call(region: Region, at: datetime = START, memory: Admissions | None = None) -> Admitted:
    """Whether `u1` counts through the client of the region."""
    with region.store.snapshot() as conn:
        about = ("ggz-noord", "ggz-noord-epd", "u1", to_text(at))
        return memory.admitted(conn, *about) if memory else admitted(conn, *about)


def version(region: Region) -> int:
    """The version of the partner."""
    with region.store.snapshot() as conn:
        found = partner_version(conn, "ggz-noord")
    assert found is not None
    return found


def record(
    region: Region, change: UserChange, *, by: Recorder = OPERATOR, user: str = "u1", at: datetime = START
) -> Any:
    """Record something of a user; gives the receipts."""
    unit: Callable[[Tx], None] = lambda tx: register.record_user(tx, "ggz-noord", user, change, by=by, at=at)  # noqa: E731
    return region.store.commit(unit).receipts


def test_what_is_on_record_of_a_user(region: Region) -> None:
    assert facts(region).document() == {
        "id": "u1",
        "role": "regiebehandelaar",
        "designated": True,
        "screened": True,
        "trained": True,
        "bound_to_secrecy": True,
    }


def test_what_is_not_on_record_is_unknown(region: Region) -> None:
    assert facts(region, user="u2") == UserFacts("u2", None, None, None, None, None)
    assert facts(region, START - DAY) == UserFacts("u1", None, None, None, None, None)
    with region.store.snapshot() as conn:
        assert user_facts(conn, "ggz-zuid", "u1", to_text(START)).designated is None


def test_a_term_counts_from_its_start_until_just_before_its_end(region: Region) -> None:
    record(region, UserChange({"trained": "false"}, START + DAY, START + 2 * DAY))
    moments = [START + DAY - timedelta(microseconds=1), START + DAY, START + 2 * DAY - timedelta(microseconds=1)]
    assert [facts(region, at).trained for at in moments] == [True, False, False]
    assert facts(region, START + 2 * DAY).trained is True


def test_the_last_recorded_term_counts_and_nothing_is_lost(region: Region) -> None:
    record(region, UserChange({"screened": "false", "role": "wijkagent"}))
    assert (facts(region).screened, facts(region).role) == (False, "wijkagent")
    record(region, UserChange({"screened": None, "role": None}))
    assert (facts(region).screened, facts(region).role) == (None, None)


def test_an_ended_user_counts_no_more_and_nothing_is_known_of_him(region: Region) -> None:
    record(region, UserChange({"ended": "true"}, START + DAY))
    assert facts(region).designated is True
    assert may_call(region)
    assert facts(region, START + DAY).designated is None
    with pytest.raises(NotAuthenticated):
        may_call(region, START + DAY)


def test_suspended_and_resumed_counts_at_the_next_call(region: Region) -> None:
    memory = Admissions()
    acts: list[tuple[Any, Any, str]] = [
        (register.suspend_partner, register.resume_partner, "ggz-noord"),
        (register.suspend_client, register.resume_client, "ggz-noord-epd"),
    ]
    for suspend, resume, name in acts:
        assert may_call(region, memory=memory)
        region.store.commit(lambda tx, act=suspend, name=name: act(tx, name, OPERATOR, START))  # type: ignore[misc]
        for remembered in (memory, None):
            with pytest.raises(NotAuthenticated):
                may_call(region, memory=remembered)
        region.store.commit(lambda tx, act=resume, name=name: act(tx, name, OPERATOR, START))  # type: ignore[misc]
        assert may_call(region, memory=memory)


def test_a_stranger_does_not_count(region: Region) -> None:
    region.store.commit(lambda tx: register.add_partner(tx, new_partner("gem-1"), OPERATOR, START))
    for partner, system in (("ggz-noord", "gem-epd"), ("gem-1", "ggz-noord-epd"), ("x", "x"), ("", "")):
        with region.store.snapshot() as conn, pytest.raises(NotAuthenticated):
            admitted(conn, partner, system, "u1", to_text(START))


def test_the_memory_is_used_and_ends_with_a_change_or_a_date(region: Region) -> None:
    memory = Admissions()
    first = may_call(region, memory=memory)
    assert may_call(region, memory=memory) is first
    record(region, UserChange({"trained": "false"}))
    second = may_call(region, memory=memory)
    assert second.user.trained is False
    record(region, UserChange({"trained": "true"}, START + DAY))
    third = may_call(region, memory=memory)
    assert third.changes_at == to_text(START + DAY)
    assert third.user.trained is False
    assert may_call(region, START + DAY, memory).user.trained is True
    # A clock that is behind gets what held then.
    assert may_call(region, START, memory).user.trained is False


def test_the_memory_has_an_end(region: Region) -> None:
    memory = Admissions(size=2)
    for user in ("a", "b", "c", "d"):
        with region.store.snapshot() as conn:
            assert memory.admitted(conn, "ggz-noord", "ggz-noord-epd", user, to_text(START)).user.id == user
    assert len(memory._known) <= 2


def test_a_memory_of_size_0_remembers_nothing(region: Region) -> None:
    memory = Admissions(0)
    assert may_call(region, memory=memory) is not may_call(region, memory=memory)
    assert not memory._known


def test_every_change_moves_the_version_and_is_entered(region: Region) -> None:
    jwks = client.public_jwks(client.new_key())
    changes: list[Callable[[Tx], None]] = [
        lambda tx: register.suspend_partner(tx, "ggz-noord", OPERATOR, START),
        lambda tx: register.resume_partner(tx, "ggz-noord", OPERATOR, START),
        lambda tx: register.suspend_client(tx, "ggz-noord-epd", OPERATOR, START),
        lambda tx: register.resume_client(tx, "ggz-noord-epd", OPERATOR, START),
        lambda tx: register.pin_client(tx, "ggz-noord-epd", "x" * 43, OPERATOR, START),
        lambda tx: register.rotate_client(tx, "ggz-noord-epd", jwks, OPERATOR, START),
        lambda tx: register.add_client(tx, "ggz-noord", "ggz-noord-ris", jwks, by=OPERATOR, at=START),
        lambda tx: register.record_user(tx, "ggz-noord", "u9", full_user(), by=OPERATOR, at=START),
    ]
    for change in changes:
        before = version(region)
        (receipt,) = region.store.commit(change).receipts
        assert version(region) == before + 1
        assert '"beheer-1"' in receipt.told
        assert '"ggz-noord"' in receipt.told


def test_only_an_operator_on_record_keeps_the_register(region: Region) -> None:
    jwks = client.public_jwks(client.new_key())
    record(region, full_user(role="applicatiebeheerder"), user="beheer")
    for by in (operator("beheer-2"), KEEPER, Recorder("hub", "hub", "beheer-2", "operator")):
        changes: list[Callable[[Tx], None]] = [
            lambda tx, by=by: register.add_partner(tx, new_partner("gem-1"), by, START),  # type: ignore[misc]
            lambda tx, by=by: register.suspend_partner(tx, "ggz-noord", by, START),  # type: ignore[misc]
            lambda tx, by=by: register.resume_partner(tx, "ggz-noord", by, START),  # type: ignore[misc]
            lambda tx, by=by: register.add_client(tx, "ggz-noord", "x1", jwks, by=by, at=START),  # type: ignore[misc]
            lambda tx, by=by: register.rotate_client(tx, "ggz-noord-epd", jwks, by, START),  # type: ignore[misc]
            lambda tx, by=by: register.pin_client(tx, "ggz-noord-epd", None, by, START),  # type: ignore[misc]
            lambda tx, by=by: register.suspend_client(tx, "ggz-noord-epd", by, START),  # type: ignore[misc]
            lambda tx, by=by: register.resume_client(tx, "ggz-noord-epd", by, START),  # type: ignore[misc]
        ]
        for change in changes:
            with pytest.raises(NotPermitted):
                region.store.commit(change)


def test_an_operator_who_has_ended_changes_nothing(region: Region) -> None:
    region.store.commit(lambda tx: tx.connection.execute(update(operators).values(ended_at=to_text(START))))
    with pytest.raises(NotPermitted):
        record(region, full_user())


def test_a_partner_keeps_its_own_users_by_one_who_keeps_authorisations(region: Region) -> None:
    with pytest.raises(NotPermitted):
        record(region, full_user(), by=KEEPER, user="u2")
    record(region, full_user(role="applicatiebeheerder"), user="beheer")
    record(region, full_user(), by=KEEPER, user="u2")
    assert facts(region, user="u2").designated is True
    # Not about himself, not for another partner, and the role is asked of the register.
    with pytest.raises(NotPermitted):
        record(region, full_user(), by=KEEPER, user="beheer")
    keeper = full_user(role="applicatiebeheerder")
    region.store.commit(lambda tx: register.add_partner(tx, new_partner("ggz-zuid"), OPERATOR, START))
    region.store.commit(lambda tx: register.record_user(tx, "ggz-zuid", "beheer", keeper, by=OPERATOR, at=START))
    with pytest.raises(NotPermitted):
        record(region, full_user(), by=Recorder("ggz-zuid", "ggz", "beheer"), user="u2")
    with pytest.raises(NotPermitted):
        record(region, full_user(), by=Recorder("ggz-noord", "ggz", "u1", "applicatiebeheerder"), user="u2")
    record(region, UserChange({"ended": "true"}), user="beheer")
    with pytest.raises(NotPermitted):
        record(region, full_user(), by=KEEPER, user="u2")


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"name": "x"},
        {"designated": "ja"},
        {"designated": "True"},
        {"ended": "2027-01-01"},
        {"role": ""},
        {"role": "Regiebehandelaar"},
        {"role": "rol 999990019"},
    ],
)
def test_a_statement_of_another_shape_is_refused(region: Region, values: dict[str, str | None]) -> None:
    with pytest.raises(ShapeError):
        record(region, UserChange(values))


def test_an_end_before_the_start_is_refused(region: Region) -> None:
    with pytest.raises(ShapeError):
        record(region, UserChange({"trained": "true"}, START, START))


@pytest.mark.parametrize("user", ["", "u 1", "999990019", "u-999990019", "a" * 65, "../x", "u1\n", "ü", "'; --"])
def test_a_user_has_an_id_that_is_no_number_of_a_person(region: Region, user: str) -> None:
    with pytest.raises(ShapeError):
        record(region, full_user(), user=user)


def test_an_oin_in_a_user_id_is_no_number_of_a_person(region: Region) -> None:
    assert record(region, full_user(), user="00000001123456789000.u1")


@pytest.mark.parametrize(
    "other",
    [
        {"id": "hub"},
        {"id": "politie"},
        {"id": "betrokkene"},
        {"id": "ander"},
        {"id": "GGZ"},
        {"id": "-x"},
        {"id": "x-999990019"},
        {"id": "a" * 65},
        {"name": " "},
        {"name": "a\nb"},
        {"kind": PartnerKind.BETROKKENE, "name": "J. Jansen"},
        {"kind": PartnerKind.NAASTE, "name": "x"},
        {"kind": PartnerKind.CASUSREGISSEUR},
        {"employer_kind": PartnerKind.COLLEGE},
        {"fulfils": ("log_dataverwerking", "alles")},
    ],
)
def test_a_partner_of_another_shape_is_refused(region: Region, other: dict[str, Any]) -> None:
    new = new_partner(other.get("id", "ggz-zuid"), **{name: value for name, value in other.items() if name != "id"})
    with pytest.raises(ShapeError):
        region.store.commit(lambda tx: register.add_partner(tx, new, OPERATOR, START))


def test_a_partner_is_read_back_as_it_was_registered(region: Region) -> None:
    new = new_partner(
        "reg-1", kind=PartnerKind.CASUSREGISSEUR, employer_kind=PartnerKind.COLLEGE, fulfils=("watermark", "no_export")
    )
    region.store.commit(lambda tx: register.add_partner(tx, new, OPERATOR, START))
    with region.store.snapshot() as conn:
        row = partner_row(conn, "reg-1")
    assert row is not None
    assert (row.kind, row.employer_kind, row.standing) == ("casusregisseur", "college", Standing.DEELNEMER)
    assert row.fulfils == ("no_export", "watermark")
    person = new_partner("betrokkene-1", kind=PartnerKind.BETROKKENE, name="")
    assert region.store.commit(lambda tx: register.add_partner(tx, person, OPERATOR, START)).receipts


def test_an_id_is_used_once(region: Region) -> None:
    jwks = client.public_jwks(client.new_key())
    with pytest.raises(Conflict):
        region.store.commit(lambda tx: register.add_partner(tx, new_partner(), OPERATOR, START))
    with pytest.raises(Conflict):
        region.store.commit(
            lambda tx: register.add_client(tx, "ggz-noord", "ggz-noord-epd", jwks, by=OPERATOR, at=START)
        )


def test_nothing_is_recorded_of_a_partner_or_client_that_is_not_there(region: Region) -> None:
    jwks = client.public_jwks(client.new_key())
    changes: list[Callable[[Tx], None]] = [
        lambda tx: register.suspend_partner(tx, "gem-1", OPERATOR, START),
        lambda tx: register.add_client(tx, "gem-1", "gem-1-zaak", jwks, by=OPERATOR, at=START),
        lambda tx: register.rotate_client(tx, "gem-1-zaak", jwks, OPERATOR, START),
        lambda tx: register.record_user(tx, "gem-1", "u1", full_user(), by=OPERATOR, at=START),
    ]
    for change in changes:
        with pytest.raises(ShapeError):
            region.store.commit(change)
