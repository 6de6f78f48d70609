"""The supply record that police and justice deliver with, whatever form carries their fields.

Without it nothing is taken in (Wpg 20(3), 32(1)(b); Wjsg 39j; R12, R13). What the police keep under Wpg 9 or 10 never
enters the hub (Wpg 9, 10; Bpg 4:5).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.errors import ShapeError
from hub.model.delivery import DeliveredField, WjsgRecord, WpgRecord
from hub.model.partner import PartnerKind

SUPPLY_FIELD = "wpg_verstrekking"
_PLACE = "verstrekking.wpg"


@dataclass(frozen=True)
class Record:
    """The record of one supply: under the Wpg, or under the Wjsg."""

    wpg: WpgRecord | None
    wjsg: WjsgRecord | None
    told: Mapping[str, Any]

    def fields(self) -> tuple[DeliveredField, ...]:
        """The record of the police is itself a field of the casus (law: `wpg_verstrekking`, mandatory)."""
        if self.wpg is None:
            return ()
        levels = {"vol": self.told["wpg"]}
        return (DeliveredField(field=SUPPLY_FIELD, levels=levels, wpg=self.wpg, place=_PLACE),)


def refuse_category(form: Any) -> None:
    """Before the schema, so that the reason is told and not only that the value is unknown."""
    for step in ("verstrekking", "wpg", "categorie"):
        form = form.get(step) if isinstance(form, Mapping) else None
    if str(form) in {"9", "10"}:
        raise ShapeError("Gegevens van artikel 9 of 10 van de Wpg komen niet in de hub.", place=f"{_PLACE}.categorie")


def record(told: Mapping[str, Any], kind: PartnerKind) -> Record:
    """The record in `told` (`verstrekking` of a form that passed its schema).

    Raises `ShapeError` where it is not under the law of this kind of partner.
    """
    law = "wpg" if kind is PartnerKind.POLITIE else "wjsg"
    if law not in told:
        raise ShapeError("Dit is niet de wet waaronder u verstrekt.", place="verstrekking")
    return Record(_wpg(told.get("wpg")), _wjsg(told.get("wjsg")), told)


def _wpg(told: Mapping[str, Any] | None) -> WpgRecord | None:
    if told is None:
        return None
    return WpgRecord(
        article=told["artikel"],
        category=told["categorie"],
        decision=told["besluit"],
        receivers=tuple(told["ontvangers"]),
        authority_agreed=told["gezagAkkoord"],
    )


def _wjsg(told: Mapping[str, Any] | None) -> WjsgRecord | None:
    return None if told is None else WjsgRecord(told["artikel"], tuple(told["ontvangers"]))
