"""What another policy would have done, as lines for a terminal. Of no request more than the number of its entry is told."""

from collections import Counter
from collections.abc import Iterator, Sequence

from hub.cli.shown import printable
from hub.governance.candidate import Version
from hub.governance.effect import CLOSED, ERASED, NO_ANSWER, Asked, Change, Effect
from hub.model.release import AGG, HIT, SAM, VOL

_FEW = 5
"""Entries that are named of a change, at most."""
_RANK = {None: 0, AGG: 1, HIT: 1, SAM: 2, VOL: 3}
_LEVELS = {VOL: "volledig", SAM: "samenvatting", HIT: "alleen dat het er is", AGG: "geteld"}
_WHY = {
    ERASED: "waarvan de casus is vernietigd",
    CLOSED: "waarvan de regel of de feiten niet (meer) opengaan",
    NO_ANSWER: "waarop het nieuwe beleid geen antwoord geeft",
}


def lines(effect: Effect, unmet: Sequence[Version], *, each: bool) -> Iterator[str]:
    """All of an effect; with `each` a line for every request too, by the number of its entry. `unmet`: the tables of the
    other policy that none of the decisions used."""
    yield f"{effect.seen} beslissingen bekeken; {effect.decided} verschillende opnieuw genomen."
    for why, sentence in _WHY.items():
        if count := effect.lost[why]:
            yield f"Niet vergeleken: {_counted(count, 'beslissing', 'beslissingen')} {sentence}."
    if effect.moments:
        yield from map(printable, _unmet(unmet))
    yield ""
    yield f"ANDERS: {len(effect.differences)} van {effect.asked.total()} verzoeken"
    yield from map(printable, _by_field(effect))
    if each and effect.differences:
        yield ""
        yield "PER VERZOEK"
        for one in sorted(effect.differences, key=lambda difference: difference.idx):
            changes = "; ".join(f"{change[0]} {_what(change)}" for change in one.changes)
            yield printable(f"  regel {one.idx}: {', '.join(one.asked)}: {changes}")
    yield ""
    yield "PER PARTNER EN DOEL"
    yield from map(printable, _by_asked(effect))


def _unmet(versions: Sequence[Version]) -> Iterator[str]:
    """What no decision of before can show: silence would read as "does no harm"."""
    named = ", ".join(f"{one.table} (vanaf {one.since})" for one in versions if one.approved)
    if named:
        yield "LET OP: van deze tabellen zegt dit niets. Op het moment van deze beslissingen gelden zij niet:"
        yield f"  {named}."
        yield "  Wat zij veranderen, toont `hub beleid verschil`. Dat kijkt naar de dag waarop alle tabellen gelden."
    never = ", ".join(f"{one.table} (vanaf {one.since or 'geen datum'})" for one in versions if not one.approved)
    if never:
        yield f"LET OP: deze tabellen gelden nooit, want zij zijn niet goedgekeurd: {never}."


def _by_field(effect: Effect) -> Iterator[str]:
    """By partner and purpose each change, how often, and the first entries in which it is found."""
    found: dict[Asked, dict[Change, list[int]]] = {}
    for one in sorted(effect.differences, key=lambda difference: difference.idx):
        for change in one.changes:
            found.setdefault(one.asked, {}).setdefault(change, []).append(one.idx)
    for asked in sorted(found):
        yield f"  {', '.join(asked)}"
        for change in sorted(found[asked], key=lambda each: (each[0], str(each[1]), str(each[2]))):
            entries = found[asked][change]
            named = ", ".join(map(str, entries[:_FEW])) + (", …" if len(entries) > _FEW else "")
            yield f"    {change[0]} {_what(change)}: {_counted(len(entries), 'verzoek', 'verzoeken')} (regel {named})"


def _by_asked(effect: Effect) -> Iterator[str]:
    more, less = Counter[Asked](), Counter[Asked]()
    for one in effect.differences:
        more[one.asked] += any(_RANK[now] > _RANK[then] for _, then, now in one.changes)
        less[one.asked] += any(_RANK[now] < _RANK[then] for _, then, now in one.changes)
    changed = Counter(one.asked for one in effect.differences)
    width = max((len(partner) for partner, _ in effect.asked), default=0)
    width = max(width, len("partner"))
    yield f"  {'partner':<{width}}  doel  verzoeken  anders  meer  minder"
    for asked in sorted(effect.asked):
        partner, purpose = asked
        yield (
            f"  {partner:<{width}}  {purpose:<4}  {effect.asked[asked]:>9}  {changed[asked]:>6}"
            f"  {more[asked]:>4}  {less[asked]:>6}"
        )


def _what(change: Change) -> str:
    _, then, now = change
    if then is None:
        return f"komt erbij, {_level(now)}"
    return f"stopt, was {_level(then)}" if now is None else f"van {_level(then)} naar {_level(now)}"


def _level(level: str | None) -> str:
    return f"{_LEVELS.get(level or '', level)} ({level})"


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
