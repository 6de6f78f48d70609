"""`hub decide`: facts in, decision out, without a server or a database (the decision contract, as a command)."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, Any

from hub.cli.ending import NOT_NOW, WRONG_USE
from hub.cli.policy import add_policies
from hub.errors import EngineUnavailable, HubError, ShapeError
from hub.pdp.bundle import Bundle, default_directory, read_bundle
from hub.pdp.canonical import canonical_bytes, read_canonical
from hub.pdp.contract import Facts
from hub.pdp.document import document_of
from hub.pdp.embedded import EmbeddedEngine
from hub.pdp.pdp import PolicyDecisionPoint
from hub.pdp.strict_json import LARGEST
from hub.policy.compiling import built_bundle
from hub.settings import policies_of


def add_parser(sub: Any) -> None:
    """`hub decide FILE|-` and `hub decide --lines FILE`."""
    parser = sub.add_parser("decide", help="geef de beslissing op een document met feiten, zonder server of database")
    parser.add_argument("file", metavar="FILE", help="bestand met feiten (JSON), of - voor standaardinvoer")
    parser.add_argument("--lines", action="store_true", help="een document per regel in, een beslissing per regel uit")
    add_policies(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0: a decision was given (whatever it says). 2: a document of a wrong shape. 3: there is no policy to ask."""
    try:
        with _opened(args.file) as source:
            if args.lines:
                return _each_line(_pdp(args), source)
            # The shape first: a document that is none is told so before the policy is loaded.
            facts = read_canonical(source.read(LARGEST + 1))
        _write(_decision(_pdp(args), facts))
    except EngineUnavailable as error:
        return _said(error, NOT_NOW)
    except ShapeError as error:
        return _said(error, WRONG_USE)
    return 0


def _pdp(args: argparse.Namespace) -> PolicyDecisionPoint:
    return PolicyDecisionPoint(EmbeddedEngine(_bundle(args)))


def _bundle(args: argparse.Namespace) -> Bundle:
    if args.policies is not None:
        return built_bundle(args.policies)
    # The other settings are not read: there is no server here that they could be for.
    return read_bundle(policies_of(os.environ, default_directory()))


def _each_line(pdp: PolicyDecisionPoint, source: IO[bytes]) -> int:
    for line in _lines(source):
        try:
            answer = _decision(pdp, read_canonical(line))
        except HubError as error:
            answer = canonical_bytes({"error": _sentence(error)})
        _write(answer)
    return 0


def _decision(pdp: PolicyDecisionPoint, facts: Facts) -> bytes:
    return canonical_bytes(document_of(pdp.decide_canonical(facts)))


def _lines(source: IO[bytes]) -> Iterator[bytes]:
    """The lines of `source`, each of at most one byte too many: the rest of a line that is too long is read past."""
    while line := source.readline(LARGEST + 1):
        tail = line
        while len(tail) > LARGEST and not tail.endswith(b"\n"):
            tail = source.readline(LARGEST + 1)
        yield line.rstrip(b"\r\n") if len(line) <= LARGEST else line


def _opened(name: str) -> AbstractContextManager[IO[bytes]]:
    try:
        return nullcontext(sys.stdin.buffer) if name == "-" else Path(name).open("rb")
    except OSError:
        # The name of the file stays out: it can say whom the facts are about.
        raise ShapeError("Dit bestand kan niet worden gelezen.") from None


def _write(answer: bytes) -> None:
    sys.stdout.buffer.write(answer + b"\n")
    sys.stdout.buffer.flush()


def _sentence(error: HubError) -> str:
    return f"{error.place}: {error.sentence}" if error.place else error.sentence


def _said(error: HubError, code: int) -> int:
    print(_sentence(error), file=sys.stderr)
    return code
