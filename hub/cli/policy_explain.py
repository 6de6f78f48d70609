"""`hub beleid uitleg`: a decision as a person would explain it, gate by gate, with the fact and the article of each.

The gates are worked out by the policy itself; here they are only put into words.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from hub.cli.policy import add_policies, chosen_bundle
from hub.cli.shown import printable, wrapped
from hub.errors import ShapeError
from hub.pdp.canonical import read_canonical
from hub.pdp.embedded import EmbeddedEngine
from hub.pdp.explanation import SHUT, Explanation, Gate, Part, explanation
from hub.pdp.strict_json import LARGEST
from hub.pdp.tables import LawTables
from hub.texts.sentences import DUTCH, LANGUAGES, Sentences, of_receiver


def add_parser(acts: Any) -> None:
    """`hub beleid uitleg FILE|- [--veld V] [--taal nl|en]`."""
    parser = acts.add_parser("uitleg", help="leg een beslissing uit, poort voor poort")
    parser.add_argument("file", metavar="FILE", help="bestand met feiten (JSON), of - voor standaardinvoer")
    parser.add_argument("--veld", metavar="V", help="alleen dit veld")
    parser.add_argument("--taal", choices=LANGUAGES, default=DUTCH, help="taal van de uitleg (standaard: nl)")
    add_policies(parser)


def run(options: argparse.Namespace) -> int:
    """0: explained, whatever was decided. Raises ShapeError for what are no facts, or not of this field."""
    say = of_receiver(options.taal)
    facts = read_canonical(_read(options.file))
    bundle = chosen_bundle(options)
    found = explanation(EmbeddedEngine(bundle), facts)
    if options.veld is not None:
        found = found.of_field(options.veld)
        if not found.parts and not found.unknown and not _is_shut(found):
            raise ShapeError(say.text("words", "no_such_field"))
    for line in Told(say, LawTables(bundle)).lines(found):
        print(printable(line))
    return 0


def _read(name: str) -> bytes:
    try:
        if name == "-":
            return sys.stdin.buffer.read(LARGEST + 1)
        with Path(name).open("rb") as source:
            return source.read(LARGEST + 1)
    except OSError as error:
        # The name of the file stays out: it can say whom the facts are about.
        raise ShapeError("Dit bestand kan niet worden gelezen.") from error


def _is_shut(found: Explanation) -> bool:
    return any(gate.state == SHUT for gate in found.whole)


class Told:
    """An explanation as lines for a terminal."""

    def __init__(self, say: Sentences, tables: LawTables) -> None:
        self._say = say
        self._tables = tables
        self._cited: set[str] = set()

    def lines(self, found: Explanation) -> Iterator[str]:
        """The gates of the request, then field by field, then what the articles say."""
        yield self._word("request")
        for gate in found.whole:
            yield from self._gate(gate)
        for part in found.parts:
            yield ""
            yield from self._part(part, _is_shut(found))
        if found.unknown:
            yield from ("", *wrapped(self._word("no_field").format(fields=", ".join(found.unknown)), 0))
        yield from ("", self._word("articles"))
        for id_ in sorted(self._cited):
            yield from wrapped(f"{self._article(id_)}: {self._say.text('articles', id_)}", 2)

    def _part(self, part: Part, request_is_shut: bool) -> Iterator[str]:
        title = self._word("absent" if part.source is None else "record")
        yield from wrapped(title.format(fields=", ".join(part.fields), source=part.source), 0)
        for gate in part.gates:
            yield from self._gate(gate)
        if part.released:
            level, basis = part.released
            told = self._word("released").format(level=self._say.text("levels", level), basis=basis)
        else:
            told = self._word("withheld_by_request" if request_is_shut else "withheld")
        yield from wrapped(told, 2)

    def _gate(self, gate: Gate) -> Iterator[str]:
        texts = self._say.gate(gate.name)
        fact = texts.get(gate.state, "").format_map(_Facts(gate.facts, self._say))
        law = "" if gate.reasons else self._law(gate.law)
        yield from wrapped(f"[{self._word(gate.state)}] {texts['name']}: {fact}{law}".rstrip(": "), 2)
        for code, articles in gate.reasons:
            yield from wrapped(f"{code}: {self._say.sentence(code)}{self._law(articles or gate.law)}", 6)

    def _law(self, ids: tuple[str, ...]) -> str:
        self._cited |= set(ids)
        return f" [{'; '.join(map(self._article, ids))}]" if ids else ""

    def _article(self, id_: str) -> str:
        """A rule of the law reference by its number; an article by its place in the law."""
        words = self._tables.article(id_)
        is_rule = id_[0] == "R" and id_[1:].isdigit()
        return id_ if is_rule else words

    def _word(self, key: str) -> str:
        return self._say.text("words", key)


class _Facts(dict[str, str]):
    """The facts of a gate as words; one that is not there is not known."""

    def __init__(self, facts: Mapping[str, Any], say: Sentences) -> None:
        super().__init__({name: _fact(name, value, say) for name, value in facts.items()})
        self._unknown = say.text("words", "unknown")

    def __missing__(self, key: str) -> str:
        return self._unknown


def _fact(name: str, value: Any, say: Sentences) -> str:
    if isinstance(value, list):
        return ", ".join(_fact(name, each, say) for each in value) or say.text("words", "none")
    if value is None or value == "":
        return say.text("words", "none" if name == "closed_at" else "unknown")
    return _FORMS[name](str(value), say) if name in _FORMS else str(value)


def _minute(instant: str, _say: Sentences) -> str:
    return f"{instant[:16].replace('T', ' ')} UTC"


_FORMS: Mapping[str, Callable[[str, Sentences], str]] = {
    "kinds": lambda kind, say: say.basis(kind),
    "by": lambda id_, say: say.text("secrecy", id_),
    "term_ends_at": _minute,
    "closed_at": _minute,
    "statement": _minute,
    "level": lambda level, say: say.text("levels", level),
    "written": lambda level, say: say.text("levels", level),
    "purpose": lambda purpose, say: say.purposes([purpose]),
    "group": lambda group, say: f"{group} ({say.text('groups', group)})",
    "lacking": lambda attribute, say: say.text("words", attribute),
}
"""How a fact reads, where its word is not plain."""
