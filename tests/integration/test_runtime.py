"""Rules decide the same with our functions in a module and with OPA's own: over texts, numbers and what is made of them."""

import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wasmtime import Config, Engine, Module, Store

from hub.errors import EngineUnavailable
from hub.pdp.embedded import Bounds, EmbeddedEngine, Instance
from hub.pdp.runtime import quicker
from hub.pdp.stopping import Clock
from tests.compiling import bundle_of, module_of

RULES = """package hub.release

gathered := {
	"order": order,
	"above": above,
	"distinct": count(distinct),
	"within": [(x in distinct) | some x in input.asked],
	"places": [found | some value in order; found := [n | some n, x in input.values; x == value]],
	"named": named,
	"under": [object.get(named, x, null) | some x in input.asked; is_string(x)],
	"common": sort(distinct & wanted),
	"less": sort(distinct - wanted),
	"grouped": {text: count(all) | some text, all in grouped},
	"joined": joined,
	"found": found,
	"inside": sort([[n, key, member] | some n, x in input.values; some key, member in x]),
	"under_asked": [[n, key] | some n, x in input.values; some key in input.asked; x[key]],
	"other": other,
	"turned": turned,
	"endless": endless,
}

# So many steps that nobody waits for them, and no memory.
endless if {
	turns := numbers.range(1, object.get(input, "endless", 0))
	some a in turns
	some b in turns
	some c in turns
	a == b
	b == c
	c < a
} else := false

# Texts that rules make, and texts that the question says: each is found under the other.
joined := [[object.get(named, text, null), object.get(made, x, null), text in distinct, x in texts] |
	some x in input.asked
	is_string(x)
	text := concat("", [x, ""])
]

made := {concat("", [text, "~"]): n | some text, n in named}

texts := {concat("", [x, "~"]) | some x in distinct; is_string(x)}

found := [value | some key in input.asked; value := input.values[key]]

above := [compared |
	some a in input.values
	some b in input.values
	compared := [a > b, a == b, a < b]
]

wanted := {x | some x in input.asked}

order := sort(input.values)

distinct := {x | some x in input.values}

named := {x: n | some n, x in order; is_string(x); not x in array.slice(order, n + 1, count(order))}

grouped := {text: all |
	some value in input.values
	text := type_name(value)
	all := [n | some n, x in input.values; type_name(x) == text]
}

# What rules gave in here is forgotten outside of it, and given anew.
other := [inside, counts] if inside := counts with input.values as input.asked

counts := [count(distinct) | some n in [1, 2]; count(order) >= n]

turned := sum([found | some n in numbers.range(1, object.get(input, "turns", 0)); found := _turn with input.turn as n])

_turn := input.turn
"""
_FUEL = 10**10
PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)
ALPHABET = st.sampled_from(["a", "b", "~", "\x01", "\u007f", "\u0080", "é", "\U0001f600", '"'])
TEXTS = st.text(ALPHABET, max_size=20) | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
VALUES = st.recursive(
    PLAIN | TEXTS | st.floats(allow_nan=False, allow_infinity=False, width=32),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What OPA makes of the rules."""
    return _compiled(tmp_path_factory.mktemp("rules"), RULES)


def _compiled(folder: Path, *sources: str) -> bytes:
    (folder / "policy").mkdir()
    for number, source in enumerate(sources):
        (folder / "policy" / f"{number}.rego").write_text(source)
    return module_of(folder / "policy")


@pytest.fixture(scope="module")
def engines(module: bytes) -> tuple[EmbeddedEngine, EmbeddedEngine]:
    """One over the module with our functions, and one over the module as OPA made it."""
    assert quicker(module) != module
    bundle = bundle_of(module)
    with pytest.MonkeyPatch.context() as patched:
        ours = EmbeddedEngine(bundle)
        patched.setattr("hub.pdp.embedded.quicker", lambda module: module)
        theirs = EmbeddedEngine(bundle)
    assert ours._module is not theirs._module
    return ours, theirs


@given(values=st.lists(VALUES, max_size=12), asked=st.lists(VALUES | TEXTS, max_size=6))
@example(values=["a" * n for n in range(40)], asked=["a" * n for n in range(0, 50, 3)])
@example(values=["x" * n + c for n in range(18) for c in "ab"], asked=["x" * 7 + "b", "x" * 8 + "a", ""])
@example(values=["a" * n for n in range(48, 56)], asked=["a" * n + "~" for n in range(46, 56)])
@example(
    values=[[1, "a"], {"a": [], "b": 1}, "a", "a", "b"], asked=[-1, 0, 1.0, 1.5, 4, 5, 2**31, 2**63, "0", "a", [1, "a"]]
)
@example(values=[1, 1.0, "1", True, [1], {"1": 1}, 2**53, 2**53 + 1, -0.0, 0], asked=[1.0, 2**53 + 1, 0])
def test_rules_decide_the_same(
    engines: tuple[EmbeddedEngine, EmbeddedEngine], values: list[Any], asked: list[Any]
) -> None:
    question = orjson.dumps({"at": "2026-01-01T00:00:00.000000Z", "values": values, "asked": asked})
    ours, theirs = (engine.answer(question) for engine in engines)
    assert ours == theirs


@given(values=st.lists(TEXTS, min_size=1, max_size=30), asked=st.lists(TEXTS, max_size=6))
def test_texts_are_found_and_ordered_by_their_bytes(
    engines: tuple[EmbeddedEngine, EmbeddedEngine], values: list[str], asked: list[str]
) -> None:
    question = orjson.dumps({"at": "2026-01-01T00:00:00.000000Z", "values": values, "asked": asked})
    answer: Any = engines[0].answer(question)
    assert answer["order"] == sorted(values, key=str.encode)
    assert answer["distinct"] == len(set(values))
    assert answer["within"] == [text in values for text in asked]
    assert answer["common"] == sorted(set(values) & set(asked), key=str.encode)
    assert answer["less"] == sorted(set(values) - set(asked), key=str.encode)
    assert answer["other"] == [[len(set(some))] * min(2, len(some)) for some in (asked, values)]


@pytest.mark.parametrize("place", [0, 1, 6, 7, 8, 9, 16])
def test_what_is_no_text_of_json_is_none_with_ours_either(
    engines: tuple[EmbeddedEngine, EmbeddedEngine], place: int
) -> None:
    """Every byte at a place of a text: as it is, before a quote that may end the text or stand in it."""
    for byte in range(256):
        text = b"abcdefghijklmnopqrstuvw"
        for end in (b"", b'"', b"\\"):
            spoiled = text[:place] + bytes([byte]) + end + text[place:]
            question = b'{"at": "2026-01-01T00:00:00.000000Z", "values": ["%s"], "asked": []}' % spoiled
            ours, theirs = (_said(engine, question) for engine in engines)
            assert ours == theirs, (byte, place, end)


def _said(engine: EmbeddedEngine, question: bytes) -> object:
    try:
        return engine.answer(question)
    except EngineUnavailable:
        return None


@pytest.mark.parametrize(
    "form", ["rec%05d", "id%05d", "ab%04d", "0363%04d", "2026%04d", "abcd%04dzzzzzzzz", "%09d", "urn:nl:zaak:%06d"]
)
def test_texts_that_look_alike_take_no_more_steps(module: bytes, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hash that keeps them together makes each be compared with all of them."""
    monkeypatch.setattr("hub.pdp.embedded.Store", _fuelled)
    question = orjson.dumps({"values": [], "asked": [form % number for number in range(2000)]})
    ours, theirs = (_steps(code, question) for code in (quicker(module), module))
    assert ours < theirs


def _fuelled(engine: Engine) -> Store:
    store = Store(engine)
    store.set_fuel(_FUEL)
    return store


def _steps(code: bytes, question: bytes) -> int:
    """Instructions that it takes to answer."""
    config = Config()
    config.consume_fuel = True
    engine = Engine(config)
    instance = Instance(engine, Module(engine, code), b"{}", Bounds(), Clock(60))
    before = instance._store.get_fuel()
    instance.eval(question)
    return before - instance._store.get_fuel()


def test_rules_without_end_are_stopped_and_the_next_question_is_answered(
    engines: tuple[EmbeddedEngine, EmbeddedEngine], module: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = b'{"at": "2026-01-01T00:00:00.000000Z", "values": [], "asked": [], "endless": %d}'
    for made in (quicker, lambda module: module):
        monkeypatch.setattr("hub.pdp.embedded.quicker", made)
        engine = EmbeddedEngine(bundle_of(module), Bounds(seconds=0.2))
        started = time.monotonic()
        assert _said(engine, question % 20_000) is None
        assert time.monotonic() - started < 5
        assert _said(engine, question % 0) == engines[0].answer(question % 0)


def test_with_in_a_loop_takes_no_more_memory(engines: tuple[EmbeddedEngine, EmbeddedEngine]) -> None:
    question = orjson.dumps({"at": "2026-01-01T00:00:00.000000Z", "values": [], "asked": [], "turns": 40_000})
    answers: list[Any] = [engine.answer(question) for engine in engines]
    assert [answer["turned"] for answer in answers] == [40_000 * 40_001 // 2] * 2
    ours, theirs = (engine.pool("2026").idle[-1].size for engine in engines)
    assert ours <= theirs


@pytest.mark.parametrize("name", ["x-y", "a b", "a;;b", "a(;b", "a)b", "é", 'a\\"b', "a\\nb"])
def test_what_rules_are_called_is_no_matter(name: str, tmp_path: Path) -> None:
    """A function of a rule bears the name of its package, in which all may stand that a text may."""
    asks = f'package hub.release\n\ngathered := found if found := data.odd["{name}"].given with input.values as []'
    made = _compiled(tmp_path, asks, f'package odd["{name}"]\n\ngiven := count(input.values)')
    assert quicker(made) != made


def test_what_a_rule_reads_and_gives_back_is_nobody_elses(tmp_path: Path) -> None:
    """`json.is_valid` gives back what it read: were that a word of the question, who asks would say what becomes of it."""
    rules = """package hub.release

gathered := {"role": input.role, "allowed": allowed, "other": other}

default allowed := false

allowed if {
	json.is_valid(input.note)
	word := lower(input.word)
	word != "zz"
	input.role == "arts"
}

other := found if found := n with input.role as "x"

n := 1 if input.role
"""
    made = _compiled(tmp_path, rules)
    assert quicker(made) != made
    engine = EmbeddedEngine(bundle_of(made))
    question = b'{"at": "2026-01-01T00:00:00.000000Z", "role": "baas", "word": "ARTS", "note": "\\"baas\\""}'
    for _ in range(3):
        assert engine.answer(question) == {"role": "baas", "allowed": False, "other": 1}


def test_all_that_opa_brings_can_be_read_and_stopped(tmp_path: Path) -> None:
    """Its C++ (`regex`, `glob`) and its decimal numbers, too: in such a module its own functions stay."""
    rules = """package hub.release

gathered := [
	regex.match("^a+b$", input.text),
	glob.match("a*b", [], input.text),
	round(input.number * 1.5),
	json.unmarshal(json.marshal({"a": [input.text]})),
	base64.encode(input.text),
]
"""
    made = _compiled(tmp_path, rules)
    assert quicker(made) == made
    answer = EmbeddedEngine(bundle_of(made)).answer(
        b'{"at": "2026-01-01T00:00:00.000000Z", "text": "aab", "number": 3}'
    )
    assert answer == [True, True, 5, {"a": ["aab"]}, "YWFi"]
