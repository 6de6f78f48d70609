"""The texts of people: complete in both languages, short, and with the same places to fill in."""

import json
import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

import pytest

from hub.casework.notices import KINDS
from hub.casework.obligations import OUTCOMES
from hub.model.obligations import OBLIGATIONS
from hub.model.purpose import PURPOSES
from hub.pdp import codes
from hub.pdp.bundle import default_directory, read_bundle
from hub.texts.sentences import LANGUAGES, of_receiver, sentences
from tests.repository import ROOT

LONGEST = 20
"""Words of a sentence: plain Dutch (B1)."""
OUTSIDE_THE_ENGINE = {"E_HIT", "E_BELEID", "E_AFZENDER", "E_NIET_BESCHIKBAAR"}
TABLES: Mapping[str, Any] = read_bundle(default_directory()).reference["hub"]["tables"]


def texts(language: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "hub" / "texts" / f"{language}.json").read_text(encoding="utf-8"))
    return found


def leaves(node: Any, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield path, node
        return
    for key, child in node.items():
        yield from leaves(child, f"{path}/{key}")


def laws(node: Any) -> Iterator[str]:
    """Every id that a table gives as the law of something."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    if isinstance(node, dict) and isinstance(node.get("law"), list):
        yield from node["law"]
    for child in children:
        yield from laws(child)


def grounds() -> set[str]:
    cells = [cell for column in TABLES["ceiling"]["columns"].values() for cell in column.values()]
    cells += [part for cell in cells for part in cell.get("fields", {}).values()]
    return {word for cell in cells for way in cell.get("open", ()) for word in way["grounds"]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_is_a_text_for_all_that_is_in_use(language: str) -> None:
    found = texts(language)
    assert found["codes"].keys() == codes.CODES | OUTSIDE_THE_ENGINE
    assert found["duties"].keys() == OBLIGATIONS
    assert found["tasks"].keys() == OUTCOMES.keys()
    assert found["notices"].keys() == set(KINDS)
    assert found["purposes"].keys() == set(PURPOSES)
    assert found["groups"].keys() == set(TABLES["need"]["levels"]["D01"])
    assert found["levels"].keys() == codes.LEVELS_RELEASED
    assert found["secrecy"].keys() == codes.SECRECY_KINDS | {"emergency"}
    articles = set(laws(TABLES)) | TABLES["bases"]["rows"].keys() | TABLES["overrides"]["rows"].keys()
    assert found["articles"].keys() == articles | (codes.BASIS_KINDS - codes.SECRECY_KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_ground_and_basis_that_counts_has_words_of_its_own(language: str) -> None:
    say, found = sentences(language), texts(language)
    general = say.opening("basis", "G01")
    assert {word for word in grounds() if say.opening(word, "G01") == general} == set()
    counting = {kind for row in TABLES["regimes"]["rows"].values() for kind in row["kinds"]}
    counting |= {kind for kinds in TABLES["regimes"]["any"].values() for kind in kinds} | {"wgs"}
    assert {kind for kind in counting if say.basis(kind) == kind} == set()
    assert "E_" not in say.sentence("E_UNHEARD_OF")
    assert found["of_receiver"]["codes"].keys() <= found["codes"].keys()
    assert found["of_receiver"]["grounds"].keys() <= found["grounds"].keys()
    assert found["of_receiver"]["duties"].keys() <= found["duties"].keys()


def test_both_languages_say_the_same_things_with_the_same_places() -> None:
    first, second = (dict(leaves(texts(language))) for language in LANGUAGES)
    assert first.keys() == second.keys()
    for path, text in first.items():
        places = [{name for _, name, _, _ in Formatter().parse(each) if name} for each in (text, second[path])]
        assert places[0] == places[1], path


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short_and_finished(language: str) -> None:
    for path, text in leaves(texts(language)):
        assert text == text.strip() != "", path
        for sentence in re.split(r"(?<=[.!?])\s+", text):
            assert len(sentence.split()) <= LONGEST, path
        if path.split("/")[1] in ("codes", "duties", "tasks", "notices", "articles"):
            assert text.endswith("."), path


def test_what_is_said_of_the_receiver_does_not_speak_to_the_asker() -> None:
    for language, mine in (("nl", r"\b[Uu](w)?\b"), ("en", r"\b[Yy]our?\b")):
        say, found = of_receiver(language), texts(language)
        for code in codes.CODES:
            assert not re.search(mine, say.sentence(code)), code
        for word in found["grounds"].keys() - {"doel"}:
            assert not re.search(mine, say.opening(word, "G01")), word
        for duty in OBLIGATIONS:
            assert not re.search(mine, say.duty(duty)), duty


def test_what_must_hold_together_is_said_together() -> None:
    assert sentences().opening("toest+wgs", "G05") == (
        "de betrokkene geeft toestemming voor uw organisatie, dit doel en de groep diagnose en "
        "de publieke deelnemers betrekken uw organisatie bij de casus (Wgs)"
    )
    assert sentences("en").opening("doel:D02,D03", "G05") == (
        "you ask it for another purpose: case meeting (D02), plan and its lead (D03)"
    )
