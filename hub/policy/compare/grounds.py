"""On what a partner may ask: each ground word of the ceilings made true alone, as far as the law lets it stand alone.

A ground that needs no basis of its own (a consent, a treatment, an emergency) stands beside a basis that counts in the
regime and, where there is such a one, opens no cell: so it alone opens.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from hub.policy.compare.actors import Actor
from hub.policy.compare.laws import Laws

_WORDS: Final = ("wgs", "derde", "huur", "wmo", "zv01")
"""Bases that are a ground word themselves."""
_SUPPLY: Final = ("wpg", "wjsg")
_CARRIERS: Final = {
    "wvggz": "wv01",
    "wzd": "wz02",
    "zorgteam": "avg6c",
    "wmo_lokaal": "uavg30.1",
    "oov": "avg6e",
    "toestemming": "avg6a",
}
"""Of each regime a basis that is no ground word."""
_ARTICLES: Final = {"wvggz": "wv", "wzd": "wz"}
"""Regimes in which only articles count: there it is one that names the partner, while no procedure runs."""
_STANDING: Final = {"betrokkene": "avg15", "toezicht": "toezicht"}
_CVP_SOURCES: Final = ("ggz", "politie", "college", "woningcorporatie")


@dataclass(frozen=True)
class Ground:
    """Which facts make the ground hold.

    `bases`: kinds of legal basis. `status`: the procedure that has to run. `consent`, `treated`, `own`: of every record
    there is a consent, or the asker treats with its source, or he is its source. `emergency`: its kind and its source.
    """

    words: str
    bases: tuple[str, ...] = ()
    status: str | None = None
    consent: bool = False
    treated: bool = False
    own: bool = False
    emergency: tuple[str, str] | None = None

    @property
    def every_source(self) -> bool:
        """An article names its sources one by one: then each kind of source has its record."""
        return self.status is not None


NOTHING: Final = Ground("geen enkele grondslag")


def grounds(laws: Laws, actor: Actor, regime: str, purpose: str) -> tuple[Ground, ...]:
    """The grounds on which something can open: words of the partner's own cells, in either revision."""
    carrier = _carrier(laws, actor, regime, purpose)
    words = laws.opening(actor.kind)
    found = [one for one in _bases(laws, actor, regime) if _is_word(one.words, words)]
    found += [*_articles(laws, actor, regime), *_of_record(actor, carrier, regime == "wgs_zvh")]
    return tuple(dict.fromkeys(found))


def other_grounds(laws: Laws, actor: Actor, regime: str) -> tuple[Ground, ...]:
    """Bases that count in the regime, and are no word of the partner's cells."""
    words = laws.opening(actor.kind)
    return tuple(one for one in _bases(laws, actor, regime) if not _is_word(one.words, words))


def _is_word(kind: str, words: set[str]) -> bool:
    return kind in words or (kind.startswith("wjsg") and "wjsg" in words)


def poor(laws: Laws, actor: Actor, regime: str | None, purpose: str) -> Ground:
    """The plain ground of this partner here: a basis, and nothing of the records."""
    basis = _carrier(laws, actor, regime, purpose)
    return Ground(basis, (basis,))


def rich(laws: Laws, actor: Actor, regime: str | None, purpose: str) -> Ground:
    """The same with all that a record can add: consent, and treatment."""
    plain = poor(laws, actor, regime, purpose)
    words = "toest en 457.2" if actor.care else "toest"
    return replace(plain, words=words, consent=True, treated=actor.care)


def _standing_bases(actor: Actor, purpose: str) -> tuple[str, ...]:
    if actor.standing in _STANDING:
        return (_STANDING[actor.standing],)
    return ("wg27",) if purpose == "D10" else ()


def _carrier(laws: Laws, actor: Actor, regime: str | None, purpose: str) -> str:
    """The basis that stands beside what needs none of its own."""
    for word in _standing_bases(actor, purpose):
        return word
    if regime in {None, "wgs_zvh"}:
        return "derde" if actor.standing == "derde" else "wgs"
    for name in laws.addressed(actor.kind):
        if name.startswith(_ARTICLES.get(regime, "-")):
            return name
    # R23: in this regime a public body has its own task alone.
    if regime == "toestemming" and any(rows.get(actor.kind, {}).get("public") for rows in laws.rows("partners")):
        return "avg6e"
    return _CARRIERS[regime]


def _bases(laws: Laws, actor: Actor, regime: str) -> Iterator[Ground]:
    """Each basis that is a ground, or that counts here without being one; of the plain numbers one stands for all."""
    listed = laws.listed(regime)
    plain: set[str] = set()
    for kind in sorted(listed):
        if kind in laws.articles or not laws.fits(kind, actor.kind):
            continue
        if kind in _WORDS or kind.startswith(_SUPPLY):
            yield Ground(kind, (kind,))
        elif kind[:2] not in plain or not kind.startswith(("wv", "wz")):
            plain.add(kind[:2])
            yield Ground(kind, (kind,))


def _articles(laws: Laws, actor: Actor, regime: str) -> Iterator[Ground]:
    listed = laws.listed(regime)
    for name, status in laws.addressed(actor.kind).items():
        if name in listed:
            yield Ground(name, (name,), status=status)


def _of_record(actor: Actor, carrier: str, usual: bool) -> Iterator[Ground]:
    yield Ground("eigen", (carrier,), own=True)
    if actor.care:
        yield Ground("toest", (carrier,), consent=True)
        yield Ground("457.2", (carrier,), treated=True)
        yield Ground("vitaal", (carrier,), emergency=("vitaal_belang", "ggz"))
    for source in _CVP_SOURCES if usual else _CVP_SOURCES[:1]:
        yield Ground(f"cvp van {source}", (carrier,), emergency=("conflict_van_plichten", source))
