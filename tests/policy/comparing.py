"""Changed copies of the repository's policy, and what a comparison says of a few chosen situations."""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

from hub.pdp.bundle import Bundle, default_directory
from hub.policy.compare.deciding import Decider, Task
from hub.policy.compare.merging import Line, lines
from hub.policy.compare.policies import built, read_policy
from hub.policy.compare.situations import Situation
from tests.servers import opa_program

Where = Callable[[Situation], bool]


@cache
def own() -> Bundle:
    """The policy of the repository."""
    return read_policy(default_directory())


def with_cell(path: str, change: Callable[[Any], Any]) -> Bundle:
    """The policy with one cell changed; `path` under `data.hub`, its keys joined by `/`."""
    reference: dict[str, Any] = deepcopy(dict(own().reference))
    *way, last = path.split("/")
    place: Any = reference["hub"]
    for key in way:
        place = place[key]
    place[last] = change(place[last])
    return replace(own(), reference=reference, revision="nieuw")


def with_rule(package: str, old: str, new: str) -> Bundle:
    """The policy with `old` replaced by `new` in one rule file, not yet built."""
    name = f"hub/{package}/{package}.rego"
    text = own().rules[name].decode()
    assert text.count(old) == 1, f"{name}: {text.count(old)} times {old!r}"
    return replace(own(), rules={**own().rules, name: text.replace(old, new).encode()}, revision="nieuw")


def differing(new: Bundle, kind: str, purpose: str, where: Where) -> tuple[Line, ...]:
    """What differs from the repository's policy, in the situations of a kind of partner and a purpose that `where` picks."""
    old, changed, _ = built(own(), new, str(opa_program()))
    decider = Decider(Task(old, changed, frozenset({kind}), frozenset({purpose})))
    chosen = [n for n, situation in enumerate(decider.space.situations) if where(situation)]
    assert chosen, "no such situation"
    return lines(decider.run(chosen).differing, decider.space.situations)


def otherwise(*words: str, regime: str = "wgs_zvh") -> Where:
    """Situations in which exactly this is not in order."""
    return lambda situation: situation.if_words in words and situation.regime == regime


def on(*grounds: str, regime: str = "wgs_zvh") -> Where:
    """Situations in order, on these grounds."""
    return lambda one: not one.otherwise and one.ground.words in grounds and one.regime == regime


def told(found: Iterable[Line], field: str = "") -> list[tuple[str, str, str]]:
    """What differs for a field (or for the decision as a whole): what, old, new."""
    return [
        (line.change.what, line.change.old, line.change.new)
        for line in found
        if field in line.fields or (not field and not line.fields)
    ]
