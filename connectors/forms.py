"""What the hub's own forms have in common: the person, the fields and their source conditions."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.person import is_bsn
from hub.crypto.reference import own_reference
from hub.errors import ShapeError
from hub.model.delivery import DeliveredField, PersonClaim, WjsgRecord, WpgRecord
from hub.model.instant import day, instant, to_text
from hub.model.reference import Reference


def persons(document: Mapping[str, Any]) -> tuple[PersonClaim, ...]:
    """The person of a form, if it names one. Raises `ShapeError` for a BSN that cannot be one."""
    told = document.get("betrokkene")
    if told is None:
        return ()
    bsn = told.get("bsn")
    if bsn is not None and not is_bsn(bsn):
        raise ShapeError("Dit is geen geldig burgerservicenummer.", place="betrokkene.bsn")
    return (PersonClaim(bsn, told.get("geslachtsnaam"), told.get("voornamen"), told.get("geboortedatum")),)


def reference(document: Mapping[str, Any]) -> Reference | None:
    """The source's own reference. Raises `ShapeError` where it is a BSN."""
    return own_reference(document.get("kenmerk"), "kenmerk")


def fields(
    document: Mapping[str, Any], wpg: WpgRecord | None = None, wjsg: WjsgRecord | None = None
) -> Iterator[DeliveredField]:
    """The fields of a form that passed its schema. Raises `ShapeError` for a field that stands twice."""
    seen: set[str] = set()
    for index, item in enumerate(document["velden"]):
        place = f"velden[{index}]"
        if item["veld"] in seen:
            raise ShapeError("Dit veld staat er twee keer.", place=f"{place}.veld")
        seen.add(item["veld"])
        yield _field(item, place, wpg, wjsg)


def _field(item: Mapping[str, Any], place: str, wpg: WpgRecord | None, wjsg: WjsgRecord | None) -> DeliveredField:
    return DeliveredField(
        field=item["veld"],
        levels=item["niveaus"],
        person=item.get("persoon", "betrokkene"),
        uavg41=item.get("uavg41", False),
        treating_with=tuple(item.get("medebehandelaars", ())),
        supplier_agreed=item.get("akkoordDerden", False),
        financed_by=tuple(item.get("gefinancierdDoor", ())),
        denied_to=tuple(item.get("nietVoor", ())),
        melding_receiver=item.get("ontvangerMelding"),
        destroy_on=_instant(item.get("vernietigenOp"), f"{place}.vernietigenOp"),
        wpg=wpg,
        wjsg=wjsg,
        place=place,
    )


def _instant(text: str | None, place: str) -> str | None:
    """A day (from its first moment, UTC) or an RFC 3339 instant, as UTC text of fixed width."""
    if text is None:
        return None
    try:
        if len(text) == 10:
            first = day(text)
            return to_text(datetime(first.year, first.month, first.day, tzinfo=UTC))
        return to_text(instant(text))
    except (ValueError, OverflowError):
        raise ShapeError("Dit is geen dag of tijdstip met tijdzone.", place=place) from None
