"""What the sources of the demonstration region write: made up by a seed, about nobody.

The texts stand in `values.json`: a field, its variants, and of each the two forms that a source writes. In them `{-30}`
is the date thirty days before the delivery, and `{bsn}`, `{naam}` and `{geboortedatum}` are the casus's person.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from hub.model.bsn import elfproef

_FAMILY = ("Aardema", "Boskamp", "Dijkhuis", "Elzinga", "Feringa", "Groothuis", "Hazenberg", "Ijsbrandy", "Jonkvorst",
           "Kuiperij", "Lindeboom", "Meerstra", "Noordhof", "Oosterveen")  # fmt: skip
_PLACE = re.compile(r"\{(-?\d+|[a-z]+)\}")


@dataclass(frozen=True)
class Story:
    """Whom a casus is about, and which variants of the texts tell of it. `birth_date` is `YYYY-MM-DD`."""

    family_name: str
    birth_date: str
    bsn: str
    variant: int

    def forms(self, field: str, at: datetime) -> dict[str, Any]:
        """Both forms of a field, as its source delivers it at `at`. Raises KeyError where there are no texts."""
        variants = texts()[field]
        filled: dict[str, Any] = self._filled(variants[self.variant % len(variants)], at)
        return filled

    def _filled(self, value: Any, at: datetime) -> Any:
        if isinstance(value, str):
            return _PLACE.sub(lambda found: self._word(found[1], at), value)
        if isinstance(value, Mapping):
            return {key: self._filled(each, at) for key, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each, at) for each in value]
        return value

    def _word(self, name: str, at: datetime) -> str:
        known = {"bsn": self.bsn, "naam": self.family_name, "geboortedatum": self.birth_date}
        return known[name] if name in known else (at + timedelta(days=int(name))).date().isoformat()


def story(chance: random.Random) -> Story:
    """Somebody who does not exist: between 22 and 61 years old in 2026."""
    birth_date = f"{chance.randrange(1966, 2004)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}"
    return Story(chance.choice(_FAMILY), birth_date, next(_numbers(chance)), chance.randrange(2))


def _numbers(chance: random.Random) -> Iterator[str]:
    """Numbers of the test range 9999… that pass the elfproef."""
    while True:
        number = f"9999{chance.randrange(100_000):05d}"
        if elfproef(number):
            yield number


@cache
def texts() -> Mapping[str, list[dict[str, Any]]]:
    """Field -> its variants, each with `vol` and `sam`."""
    found: Mapping[str, list[dict[str, Any]]] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    return found
