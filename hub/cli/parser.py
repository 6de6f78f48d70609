"""The one parser of the command line: the standard library's, with its own words in Dutch."""

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Final, NoReturn

from hub.cli.ending import WRONG_USE
from hub.model.address import port_of

SENTENCES: Final[Mapping[str, str]] = {
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "unrecognized arguments: %s": "dit kent de opdracht niet: %s",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s kan meer betekenen: %(matches)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)s kan hier niet; kies uit %(choices)s",
    "unknown parser %(parser_name)r (choices: %(choices)s)": "%(parser_name)s kan hier niet; kies uit %(choices)s",
    "invalid %(type)s value: %(value)r": "hier hoort %(type)s, en niet %(value)s",
    "expected one argument": "hier hoort een waarde bij",
    "expected at most one argument": "hier hoort ten hoogste een waarde bij",
    "expected at least one argument": "hier hoort minstens een waarde bij",
    "expected %s argument": "hier hoort %s waarde bij",
    "expected %s arguments": "hier horen %s waarden bij",
    "the following arguments are required: %s": "dit moet erbij: %s",
    "one of the arguments %s is required": "een van deze moet erbij: %s",
    "not allowed with argument %s": "dit kan niet samen met %s",
    "unexpected option string: %s": "dit kan hier niet: %s",
    "ignored explicit argument %r": "hier hoort geen waarde bij: %s",
}
"""What the standard library says of what was typed -> the same in Dutch."""

_PLACE = re.compile(r"%(?:\(\w+\))?[rs]")
_TYPES: Final = {"int": "een geheel getal"}
_HEADS: Final = {"positional arguments": "wat u noemt", "options": "opties"}


class _Help(argparse.HelpFormatter):
    """Help with its heads in Dutch."""

    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "gebruik: " if prefix is None else prefix)

    def start_section(self, heading: str | None) -> None:
        super().start_section(_HEADS.get(heading or "", heading))


class Parser(argparse.ArgumentParser):
    """A parser whose help and faults are Dutch; so are those of its commands, which are made of the same class."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _Help, "add_help": False, **options})
        self.add_argument("-h", "--help", action="help", help="toon deze uitleg")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with what was typed, and end with 2."""
        self.print_usage(sys.stderr)
        self.exit(WRONG_USE, f"{self.prog}: {in_dutch(message)}\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        """As the library does, but help that cannot be printed is a fault here."""
        if file is sys.stdout:
            file.write(message)
        else:
            super()._print_message(message, file)


def add_port(parser: argparse.ArgumentParser) -> None:
    """`--poort`, of what asks a hub on this machine."""
    parser.add_argument("--poort", type=_port, help="poort van de hub (anders HUB_PORT, anders 8000)")


def _port(text: str) -> int:
    if (found := port_of(text)) is None:
        raise argparse.ArgumentTypeError(f"hier hoort het nummer van een poort, en niet {text!r}")
    return found


def in_dutch(message: str) -> str:
    """What the standard library says, in Dutch; what an option of our own says is Dutch already."""
    for english, dutch in SENTENCES.items():
        if found := re.fullmatch(_pattern(english), message, re.DOTALL):
            return _filled(dutch, map(_told, found.groups()))
    return message


def _filled(dutch: str, parts: Iterator[str]) -> str:
    return _PLACE.sub(lambda _: next(parts), dutch)


def _pattern(english: str) -> str:
    return "(.+?)".join(map(re.escape, _PLACE.split(english)))


def _told(text: str) -> str:
    """A part of a message: a message of its own, the name of a type, or what was typed."""
    return _TYPES.get(text) or in_dutch(text)
