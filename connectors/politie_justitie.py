"""The form of police and justice: fields with the supply record that the law asks of them.

Without that record nothing is taken in (Wpg 20(3), 32(1)(b); Wjsg 39j; R12, R13). What the police keep under Wpg 9 or
10
never enters the hub (Wpg 9, 10; Bpg 4:5). The shape is `schemas/politie-justitie.schema.json`.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from connectors import forms, json_text, shapes
from connectors.context import ParseContext
from hub.errors import ShapeError
from hub.model.delivery import DeliveredField, Parsed, WjsgRecord, WpgRecord
from hub.model.partner import PartnerKind

SUPPLY_FIELD = "wpg_verstrekking"


def parse(document: bytes, context: ParseContext) -> Parsed:
    """The form in `document`. Raises `ShapeError` with the place of each fault."""
    shape = shapes.shape("politie-justitie")
    form = json_text.read(document, shape.known)
    _refuse_category(form)
    shape.check(form)
    supply = form["verstrekking"]
    _right_law(supply, context.source_kind)
    wpg, wjsg = _wpg(supply.get("wpg")), _wjsg(supply.get("wjsg"))
    fields = (*forms.fields(form, wpg, wjsg), *_supply_field(form, wpg))
    return Parsed(forms.persons(form), fields, (), reference=forms.reference(form))


def _refuse_category(form: Any) -> None:
    """Before the schema, so that the reason is told and not only that the value is unknown."""
    steps = ("verstrekking", "wpg", "categorie")
    for step in steps:
        form = form.get(step) if isinstance(form, Mapping) else None
    if str(form) in {"9", "10"}:
        raise ShapeError("Gegevens van artikel 9 of 10 van de Wpg komen niet in de hub.", place=".".join(steps))


def _right_law(supply: Mapping[str, Any], kind: PartnerKind) -> None:
    law = "wpg" if kind is PartnerKind.POLITIE else "wjsg"
    if law not in supply:
        raise ShapeError("Dit is niet de wet waaronder u verstrekt.", place="verstrekking")


def _wpg(record: Mapping[str, Any] | None) -> WpgRecord | None:
    if record is None:
        return None
    return WpgRecord(
        article=record["artikel"],
        category=record["categorie"],
        decision=record["besluit"],
        receivers=tuple(record["ontvangers"]),
        authority_agreed=record["gezagAkkoord"],
    )


def _wjsg(record: Mapping[str, Any] | None) -> WjsgRecord | None:
    return None if record is None else WjsgRecord(record["artikel"], tuple(record["ontvangers"]))


def _supply_field(form: Mapping[str, Any], wpg: WpgRecord | None) -> Iterator[DeliveredField]:
    """The supply record is itself a field of the casus (law: `wpg_verstrekking`, mandatory)."""
    if wpg is None:
        return
    if any(item["veld"] == SUPPLY_FIELD for item in form["velden"]):
        raise ShapeError("De hub vult dit veld zelf uit de verstrekking.", place="velden")
    place = "verstrekking.wpg"
    yield DeliveredField(field=SUPPLY_FIELD, levels={"vol": form["verstrekking"]["wpg"]}, wpg=wpg, place=place)
