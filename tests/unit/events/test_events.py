"""Only what the catalogue has can be told: no other event, no other field, no text; and production never stops on it."""

import ast
import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.events import catalogue, describe, emit, watching
from hub.events.catalogue import (
    ALARM,
    EVENT_REFUSED,
    EVENTS,
    HUB_STARTED,
    METRICS,
    REQUEST_FAILED,
    REQUEST_UNAVAILABLE,
    Event,
)
from hub.events.kinds import Choice, Code, Count, Door, Fault, Flag, Kind, Milliseconds, NotAllowed, TraceId
from hub.settings import ENGINES, PROFILES, STORES
from tests.repository import PACKAGES, ROOT, code, name_of

TRACE = "8d0c2a2f0d4f4a0c9a7b5f1e2c3d4e5f"
BSN = "999990342"
KINDS: tuple[Kind, ...] = (
    Choice(("a", "b")), Code(), Count(), Door(), Fault(), Flag(), Milliseconds(), TraceId(),
)  # fmt: skip


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What a serving hub writes."""
    written, root = io.StringIO(), logging.getLogger()
    kept = (root.handlers[:], root.level, emit._logger.level, logging.raiseExceptions)
    monkeypatch.setattr(emit.sys, "stderr", written)  # type: ignore[attr-defined]
    emit.to_standard_error()
    yield written
    root.handlers[:], root.level, emit._logger.level, logging.raiseExceptions = kept
    logging.captureWarnings(capture=False)


def read(written: io.StringIO) -> list[dict[str, object]]:
    found = [json.loads(line) for line in written.getvalue().splitlines()]
    assert all(line.pop("at") for line in found)
    return found


def test_an_event_is_one_line_of_json(lines: io.StringIO) -> None:
    emit.emit(ALARM, what="veld", count=3, trace=TRACE)
    assert read(lines) == [{"level": "ERROR", "event": "alarm", "what": "veld", "count": 3, "trace": TRACE}]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("store", STORES)
def test_a_start_is_told_whatever_the_settings_say(lines: io.StringIO, profile: str, engine: str, store: str) -> None:
    emit.emit(HUB_STARTED, profile=profile, engine=engine, store=store, caches=True, telemetry=False)
    assert [(line["profile"], line["engine"], line["store"]) for line in read(lines)] == [(profile, engine, store)]


@pytest.mark.parametrize(
    "fields",
    [
        {"what": "veld", "count": 3},
        {"what": "veld", "count": 3, "trace": TRACE, "name": "Jansen"},
        {"what": "Jansen", "count": 3, "trace": TRACE},
        {"what": "veld", "count": int(BSN), "trace": TRACE},
        {"what": "veld", "count": True, "trace": TRACE},
        {"what": "veld", "count": 3, "trace": "a" * 52},
    ],
)
def test_another_field_or_value_is_an_error_here_and_dropped_in_production(
    lines: io.StringIO, monkeypatch: pytest.MonkeyPatch, fields: dict[str, object]
) -> None:
    emit.emit(ALARM, **fields)
    assert read(lines) == [{"level": "ERROR", "event": "event.refused"}]
    monkeypatch.setattr(logging, "raiseExceptions", True)
    with pytest.raises(NotAllowed) as refusal:
        emit.emit(ALARM, **fields)
    assert "Jansen" not in str(refusal.value)


def test_an_unknown_event_is_refused(lines: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    emit.emit(Event("made.up", logging.ERROR, "", {}))
    assert read(lines) == [{"level": "ERROR", "event": "event.refused"}]
    monkeypatch.setattr(logging, "raiseExceptions", True)
    with pytest.raises(NotAllowed):
        emit.emit(Event("made.up", logging.ERROR, "", {}))


def test_what_a_library_says_is_not_repeated(lines: io.StringIO) -> None:
    logging.getLogger("uvicorn.error").error("Jansen, %s", BSN)
    logging.getLogger("someone.else").warning("Jansen")
    logging.getLogger("hub.events").error("Jansen")
    try:
        raise ValueError(f"Jansen {BSN}")  # noqa: TRY301 - to be logged as a library does
    except ValueError:
        logging.getLogger("sqlalchemy.pool").exception("Jansen")
    said = read(lines)
    assert [(line["event"], line["library"]) for line in said] == [
        ("library.spoke", "uvicorn"), ("library.spoke", "other"), ("library.spoke", "other"),
        ("library.failed", "sqlalchemy"),
    ]  # fmt: skip
    assert str(said[-1]["fault"]).startswith("ValueError at test_what_a_library_says_is_not_repeated:")
    assert "Jansen" not in lines.getvalue()
    assert BSN not in lines.getvalue()


def test_a_fault_is_told_without_its_message(lines: io.StringIO) -> None:
    def broken() -> None:
        raise KeyError(BSN)

    with pytest.raises(KeyError) as fault:
        broken()
    emit.emit(REQUEST_FAILED, fault=fault.value, trace=TRACE)
    assert str(read(lines)[0]["fault"]).startswith("KeyError at broken:")
    assert BSN not in lines.getvalue()


@given(text=st.text(min_size=1), number=st.integers() | st.floats(allow_nan=True))
def test_no_kind_takes_text_with_a_space_or_a_number_of_nine_digits(text: str, number: float) -> None:
    for kind in KINDS:
        for value in (f"a {text}", f"{BSN}{text}", b"x", None, [text], {"a": text}, int(BSN)):
            assert kind.shown(value) is None, (kind, value)
        shown = kind.shown(number)
        assert shown is None or (isinstance(kind, Count | Milliseconds) and 0 <= float(shown) <= 10**8)


@pytest.mark.parametrize(
    ("door", "taken"),
    [
        ("/casussen/{}/raadplegingen", True), ("/", True), ("/openapi.json", True), ("/{}", True),
        (f"/casussen/{'a' * 52}/raadplegingen", False), ("/casussen/999990342", False), ("casussen", False), ("", False),
    ],
)  # fmt: skip
def test_a_door_has_no_id_in_it(door: str, *, taken: bool) -> None:
    assert (Door().shown(door) is not None) == taken


def test_codes_are_words_of_the_hub() -> None:
    for word in ("verkeerde-vorm", "E_GRONDSLAG", "E_15A", "facts"):
        assert Code().shown(word) == word
    for word in ("E_999990342", "Jansen 1", "", "é", "x" * 49, "-x"):
        assert Code().shown(word) is None


def test_names_are_told_apart_and_every_event_is_emitted_somewhere() -> None:
    names = [one.name for one in (*EVENTS, *METRICS)]
    assert len(names) == len(set(names))
    used = {
        node.id
        for path in code(*PACKAGES)
        if name_of(path) != "hub/events/catalogue.py"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name)
    }
    constants = {name for name, value in vars(catalogue).items() if value in (*EVENTS, *METRICS)}
    assert len(constants) == len(names)
    assert constants - used == set()


def test_nobody_logs_past_the_catalogue() -> None:
    """No logger of its own, and no `print` outside the command line: there is one way out."""
    for path in code(*PACKAGES):
        if name_of(path).startswith("hub/events/"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.Import | ast.ImportFrom) and "logging" in ast.unparse(node)), name_of(path)
            told = isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "print",
                "warnings.warn",
                "sys.stderr.write",
            )
            assert not told or name_of(path).startswith(("hub/cli/", "hub/run/")), name_of(path)


def test_nothing_is_watched_unless_somebody_does() -> None:
    assert watching.watcher() is None
    with watching.step("facts"):
        watching.add(METRICS[0], door="not looked at", status="either")
    assert REQUEST_UNAVAILABLE in EVENTS
    assert EVENT_REFUSED in EVENTS


def test_the_page_of_the_catalogue_is_current() -> None:
    page = (ROOT / "docs" / "telemetry.md").read_text("utf-8")
    assert page == describe.render(), "run: python -m hub.events.describe docs/telemetry.md"
