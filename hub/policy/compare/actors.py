"""Who asks: each kind of partner in each standing, a casusregisseur by his employer, a representative."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hub.model.partner import PartnerKind, Relation
from hub.pdp import codes
from hub.policy.compare.laws import Laws

_EMPLOYERS: Final = ("ggz", "college", "vg_lvb", "wmo_aanbieder", "politie", "woningcorporatie", "zorgverzekeraar")
"""Employers of a casusregisseur. The first two stand for care and for the rest; the others are looked at less often."""
RELATIONS: Final = tuple(sorted(codes.RELATIONS - {Relation.VERTEGENWOORDIGT}))
"""What an actor is to the person: all of it, so that no ground lacks for a relation; deviations take them away."""


@dataclass(frozen=True)
class Actor:
    """One who asks. `light`: looked at on its own grounds only, because it shares most rules with a fuller one."""

    kind: str
    standing: str
    employer: str | None = None
    represents: bool = False
    paired: bool = True
    light: bool = False

    @property
    def words(self) -> str:
        """As a reader would call him."""
        if self.represents:
            return "vertegenwoordiger van de betrokkene"
        name = f"{self.kind} (in dienst van {self.employer})" if self.employer else self.kind
        return name if self.standing in _usual(self.kind) and self.paired else f"{name} als {self.standing}"

    @property
    def care(self) -> bool:
        """Of a care kind, by himself or by his employer."""
        return bool({self.kind, self.employer} & {"ggz", "geneesheer_directeur", "verslavingszorg", "vg_lvb"})


def actors(laws: Laws, kinds: frozenset[str] = frozenset()) -> Iterator[Actor]:
    """All actors of these kinds (of every kind where none is named), those of a sound standing first."""
    chosen = [str(kind) for kind in PartnerKind if not kinds or kind in kinds]
    for kind in chosen:
        for standing in sorted(laws.standings(kind)):
            yield from _in_standing(kind, standing)
    for kind in chosen:
        for standing in sorted(codes.STANDINGS - laws.standings(kind)):
            yield Actor(kind, standing, employer=_employer(kind), paired=False, light=True)


def _in_standing(kind: str, standing: str) -> Iterator[Actor]:
    light = standing not in _usual(kind)
    if kind != "casusregisseur":
        yield Actor(kind, standing, light=light)
        if kind == "betrokkene":
            yield Actor(kind, standing, represents=True, light=True)
        return
    for number, employer in enumerate(_EMPLOYERS if not light else _EMPLOYERS[:1]):
        yield Actor(kind, standing, employer, light=light or number > 1)


def _employer(kind: str) -> str | None:
    return _EMPLOYERS[0] if kind == "casusregisseur" else None


def _usual(kind: str) -> frozenset[str]:
    """The standings in which a kind is called by its name alone."""
    if kind in {"woningcorporatie", "zorgverzekeraar", "zorgkantoor", "naaste", "ander_samenwerkingsverband"}:
        return frozenset({"derde"})
    return frozenset({kind if kind in {"betrokkene", "toezicht"} else "deelnemer"})
