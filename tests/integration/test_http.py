"""The edge of the API: problems, headers, shapes and tokens, for every operation that the description names."""

import gc
import json
import weakref
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import func, select

from hub.api.app import api_app, described
from hub.api.problems import MOST_FAULTS
from hub.api.strict import MAX_QUESTION
from hub.broker.search import Search
from hub.errors import HubError, NotFound, TooMany
from hub.identity import jose
from hub.identity.check import Caller
from hub.identity.client import PrivateKey, assertion, dpop_proof, new_key, token_form
from hub.identity.demo import read_demo_client
from hub.model.release import Subject
from hub.run.region.partners import BY_ID
from hub.store import casus as casus_rows
from hub.store.tables import searches
from tests.region import OPEN, World, world

OPERATIONS = sorted(
    (method.upper(), path, operation["security"] == [])
    for path, methods in described(api_app("https://hub.example.nl"))["paths"].items()
    for method, operation in methods.items()
)
PUBLIC = [(method, path) for method, path, public in OPERATIONS if public]
GUARDED = [(method, path) for method, path, public in OPERATIONS if not public]


def _filled(region: World, path: str) -> str:
    names = {"casus": region.names[OPEN]["ggz-noord"], "vastlegging": "x", "zending": "x"}
    for name, value in names.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def _is_problem(answer: Any) -> bool:
    body = answer.json()
    return bool(
        answer.headers["content-type"] == "application/problem+json"
        and body["status"] == answer.status_code
        and {"type", "title", "detail", "code"} <= body.keys()
        and answer.headers["api-version"] == "1.0.0"
        and answer.headers["cache-control"] == "no-store"
        and answer.headers["x-content-type-options"] == "nosniff"
    )


def test_every_operation_refuses_junk_as_a_problem_and_never_breaks(region: World) -> None:
    junk: list[tuple[bytes, str | None]] = [
        (b"{", "application/json"), (b"[]", "application/json"), (b'{"erbij": 1}', "application/json"),
        (b"\xff\xfe", "application/json"), (b"[" * 20_000, "application/json"), (b"1" * 5000, "application/json"),
        (b"a=b", "application/x-www-form-urlencoded"), (b"{}", None),
    ]  # fmt: skip
    for method, path in GUARDED:
        for content, media in junk if method in ("POST", "PUT", "PATCH") else [(b"", None)]:
            answer = region.send("ggz-noord", method, _filled(region, path), content=content, media=media)
            if answer.status_code < 300:
                continue
            assert answer.status_code in (400, 403, 404, 409, 413, 415), (method, path, content[:20], answer.text)
            assert _is_problem(answer), (method, path)


def test_every_operation_asks_who_calls(region: World) -> None:
    bodies: dict[str, Any] = {
        "raadplegingen": {"doel": "D02", "velden": ["*"]}, "zoekingen": {"doel": "D01", "kenmerk": "x"},
        "terugnames": {"velden": ["*"]}, "beperkingen": {"velden": ["*"], "aan": True}, "fasen": {"fase": "triage"},
        "leveringen": {"velden": []}, "leveringsreeksen": {},
    }  # fmt: skip
    asked = 0
    for method, path in GUARDED:
        body = bodies.get(path.rsplit("/", 1)[-1])
        if method == "GET" or body is not None or path.endswith("beeindigingen"):
            answer = region.send(None, method, _filled(region, path), body if body is not None else {})
            assert answer.status_code == 401, (method, path, answer.text)
            assert _is_problem(answer)
            assert answer.headers["www-authenticate"].startswith("DPoP")
            asked += 1
    assert asked > 20


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer x"}, {"Authorization": "DPoP x"}, {"Authorization": "Basic eDp5"}, {"DPoP": "x"},
        {"Authorization": "DPoP a.b.c", "DPoP": "a.b.c"}, {"Authorization": "DPoP " + "x" * 20_000},
    ],
)  # fmt: skip
def test_a_token_or_proof_that_is_none_is_refused(region: World, headers: dict[str, str]) -> None:
    path = f"/casussen/{region.names[OPEN]['ggz-noord']}/raadplegingen"
    answer = region.send(None, "POST", path, {"doel": "D02", "velden": ["*"]}, headers=headers)
    assert answer.status_code == 401
    assert _is_problem(answer)


def test_a_proof_of_another_address_or_method_is_refused(region: World) -> None:
    sent = region.ask("ggz-noord", "naam").request.headers
    key = read_demo_client(region.settings.home, "ggz-noord").key
    token = sent["Authorization"].split()[1]
    for method, url in (("POST", "http://127.0.0.1:8000/v1/zoekingen"), ("GET", str(region.hub.endpoints.resource))):
        proof = dpop_proof(key, method, url, region.clock(), token=token)
        assert region.ask("ggz-noord", "naam", headers={"DPoP": proof}).status_code == 401


@pytest.mark.parametrize("jti", ["\ud800", "a\x00b"], ids=ascii)
def test_a_name_of_a_proof_that_is_no_text_is_a_refusal(region: World, jti: str) -> None:
    """Half a surrogate or a NUL can be written nowhere; a proof really signed can hold one all the same."""
    demo = read_demo_client(region.settings.home, "ggz-noord")
    api = region.hub.endpoints.resource
    token = region.ask("ggz-noord", "naam").request.headers["Authorization"].split()[1]
    for method, url, about in (("GET", f"{api}/postvak", token), ("POST", f"{api}/zoekingen", token)):
        proof = with_claims(demo.key, dpop_proof(demo.key, method, url, region.clock(), token=about), jti=jti)
        body = {"doel": "D02", "kenmerk": "k1"} if method == "POST" else None
        answer = region.send("ggz-noord", method, url.removeprefix(api), body, headers={"DPoP": proof})
        assert answer.status_code == 401, answer.text
        assert _is_problem(answer)
    url = region.hub.endpoints.token
    user = BY_ID["ggz-noord"].user
    good = assertion(demo.key, demo.client, user, url, region.clock())
    proof = dpop_proof(demo.key, "POST", url, region.clock())
    stranger = new_key()
    tried = (
        (401, with_claims(demo.key, good, jti=jti), proof),
        (401, with_claims(stranger, good, iss=jti, sub=jti), proof),
        (400, good, with_claims(demo.key, proof, jti=jti)),
    )
    for status, said, shown in tried:
        form = urlencode(token_form(said)).encode()
        answer = region.send(
            None, "POST", "/oauth/token", content=form, media="application/x-www-form-urlencoded",
            headers={"DPoP": shown}, base=region.settings.public_url,
        )  # fmt: skip
        assert answer.status_code == status, answer.text
        assert answer.json()["error"] == ("invalid_client" if status == 401 else "invalid_dpop_proof")


def with_claims(key: PrivateKey, token: str, **claims: str) -> str:
    """`token` with these claims in the place of its own, signed anew."""
    head, middle, _ = token.split(".")
    return key.jws(head, json.dumps({**jose.json_object(jose.from_base64url(middle)), **claims}).encode())


DECIDING = {"base": "http://127.0.0.1:8000/access/v1"}


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [("GET", "/postvak", {}), ("POST", "/zoekingen", {}), ("POST", "/evaluation", DECIDING)],
)
def test_what_nobody_foresaw_is_one_problem_wherever_it_happens(
    region: World,
    method: str,
    path: str,
    more: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Before the application is asked who calls, or inside of it."""

    def broken(*_args: object, **_more: object) -> Caller:
        raise RuntimeError("999900006")

    monkeypatch.setattr(region.hub.token_check, "check", broken)
    answer = region.send("ggz-noord", method, path, {} if method == "POST" else None, **more)
    assert answer.status_code == 500
    assert _is_problem(answer)
    assert answer.headers["strict-transport-security"]
    assert answer.json() == {
        "type": "urn:hub:probleem:fout",
        "title": "Fout",
        "status": 500,
        "detail": "Er ging iets mis. Er is niets vrijgegeven.",
        "code": "fout",
    }
    events = [record.getMessage() for record in caplog.records if record.name == "hub.events"]
    assert events == ["request.failed", "request.unavailable"]


@pytest.mark.parametrize(
    "path", ["/v1/checkpoint/", "/v1/zoekingen/", "/gereed/", "/v1/", "/v1/niets", "/niets", "/v1"]
)
def test_an_address_that_is_none_is_a_problem(region: World, path: str) -> None:
    answer = region.get(path)
    assert answer.status_code == 404
    assert _is_problem(answer)


def test_another_method_is_a_problem(region: World) -> None:
    answer = region.get("/v1/zoekingen")
    assert answer.status_code == 405
    assert _is_problem(answer)


@pytest.mark.parametrize("path", [path for _, path in PUBLIC if "{" not in path] + ["/openapi.json"])
def test_what_is_public_carries_the_version(region: World, path: str) -> None:
    answer = region.get(f"/v1{path}")
    assert answer.status_code == 200
    assert answer.headers["api-version"] == "1.0.0"


TILES = ["0/000", "0/999", "x/000", "0/0", "63/000", "64/000", "99/000", "0/000.p/0", "0/000.p/257"]


@pytest.mark.parametrize("tile", [*TILES, "0/" + "x000/" * 2000 + "000"])
def test_tiles_that_are_not_there_are_problems(region: World, tile: str) -> None:
    for kind in ("", "entries/"):
        path = f"/v1/tile/{kind}{tile if not kind else tile.split('/', 1)[1]}"
        answer = region.get(path)
        assert answer.status_code == 404
        assert _is_problem(answer)


@pytest.mark.parametrize("reference", ["999900006", "999900006\n", "99990015"])
def test_a_bsn_is_no_reference_at_any_door(region: World, reference: str) -> None:
    """A corporation may not use the number, so neither as a name (UAVG 46)."""
    person = {"naam": "Voorbeeld", "geboortedatum": "1990-05-17"}
    criteria = dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "reden")
    form = {
        "soort": "levering",
        "kenmerk": reference,
        "velden": [{"veld": "bejegeningsadvies", "niveaus": {"vol": "x"}}],
    }
    answers = (
        region.post("wonen-noord", "/casussen", {"persoon": person, "criteria": criteria, "kenmerk": reference}),
        region.on("ggz-noord", "leveringen", form, media="application/vnd.hub.levering+json"),
        region.post("wonen-noord", "/zoekingen", {"doel": "D02", "kenmerk": reference}),
    )
    for answer in answers:
        assert answer.status_code == 400, answer.text
        assert [fault["plaats"] for fault in answer.json()["fouten"]] == ["kenmerk"]


def test_an_address_with_a_line_end_is_another_address(region: World) -> None:
    part = f"000.p/{min(region.size(), 255)}"
    known = ("/gezond", "/v1/checkpoint", "/v1/openapi.json", f"/v1/tile/0/{part}", f"/v1/tile/entries/{part}")
    assert [region.get(path).status_code for path in known] == [200] * len(known)
    for path in (*(f"{path}%0A" for path in known), f"/v1/tile/0%0A/{part}", f"/v1/tile/0/{part.replace('.', '%0A.')}"):
        answer = region.get(path)
        assert answer.status_code == 404, path
        assert _is_problem(answer)


def test_the_faults_of_a_shape_come_together_with_their_places(region: World) -> None:
    answer = region.on("ggz-noord", "raadplegingen", {"doel": "x", "velden": [], "nu": "2020-01-01T00:00:00Z"})
    assert answer.status_code == 400
    assert {fault["plaats"] for fault in answer.json()["fouten"]} == {"doel", "velden", "nu"}
    assert "2020" not in answer.text


def test_a_question_is_no_longer_than_it_can_be(region: World) -> None:
    """What is read while others wait is short; what it takes is known by its bytes."""
    for doors, body in (("raadplegingen", {"doel": "D02", "velden": ["naam"]}), ("fasen", {"fase": "traject"})):
        long = json.dumps(body).encode() + b" " * MAX_QUESTION
        answer = region.on("ggz-noord", doors, None, content=long)
        assert (answer.status_code, answer.json()["code"]) == (413, "te-groot")
    faults = region.on("ggz-noord", "regimes", {"regime": "oov", **dict.fromkeys(map(str, range(900)), 1)})
    assert (faults.status_code, len(faults.json()["fouten"])) == (400, MOST_FAULTS)


@pytest.mark.parametrize("door", ["raadplegingen", "zoekingen", "terugnames", "casussen", "regimes"])
def test_what_has_more_keys_than_any_question_is_not_judged_key_by_key(region: World, door: str) -> None:
    body = dict.fromkeys(map(str, range(50_000)), 1)
    at_root = door in ("zoekingen", "casussen")
    answer = region.post("ggz-noord", f"/{door}", body) if at_root else region.on("ggz-noord", door, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "verkeerde-vorm")
    assert "fouten" not in answer.json()


@pytest.mark.parametrize("key", ["999990019", "Jan Jansen", "x" * 33, "é", "eyJhbGciOiJub25lIn0.e30.", "a\n", ""])
def test_a_key_that_is_no_word_is_not_repeated(region: World, key: str) -> None:
    answer = region.on("ggz-noord", "regimes", {"regime": "oov", key: 1})
    assert (answer.status_code, answer.json()["fouten"][0]["plaats"]) == (400, "?")
    assert not key or key not in answer.text


def test_json_that_is_not_text_is_told_to_be_of_the_wrong_shape(region: World) -> None:
    answer = region.on("ggz-noord", "raadplegingen", None, content=b"\xff\xfe")
    assert (answer.status_code, answer.json()["code"]) == (400, "verkeerde-vorm")


def test_no_door_takes_an_instant_as_now(region: World) -> None:
    for key in ("tijdstip", "at", "nu", "vastgelegdOp"):
        body = {"doel": "D02", "velden": ["naam"], key: "2020-01-01T00:00:00Z"}
        assert region.on("ggz-noord", "raadplegingen", body).status_code == 400
    headers = {"Date": "Wed, 01 Jan 2020 00:00:00 GMT"}
    asked = region.ask("ggz-noord", "naam", headers=headers)
    assert asked.json()["tijdstip"].startswith("2027-01-10")


def test_searches_are_limited_entered_and_a_burst_is_reported(region: World) -> None:
    first = region.size()
    statuses = [
        region.post("politie-noord", "/zoekingen", {"doel": "D02", "kenmerk": f"k{number}"}).status_code
        for number in range(62)
    ]
    assert statuses[:60] == [404] * 60
    assert statuses[60:] == [429] * 2
    kinds = [told["soort"] for told, _ in region.entries(first)]
    assert kinds.count("zoeking") == 60
    assert kinds.count("zoekgrens") == 2
    region.clock.move(hours=1, seconds=1)
    assert region.post("politie-noord", "/zoekingen", {"doel": "D02", "kenmerk": "k"}).status_code == 404
    # What counts no more is not kept either.
    with region.hub.store.snapshot() as moment:
        assert moment.execute(select(func.count()).select_from(searches)).scalar() == 1


def test_searches_at_the_same_time_do_not_get_past_the_limit(region: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Search(Subject("politie-noord", BY_ID["politie-noord"].user, "politie-noord"), "D02", b"k" * 32, False, ())
    answers = [_searched(region, asked) for _ in range(59)]
    found_by = casus_rows.found_by

    def another_first(*arguments: Any) -> Any:
        """While this search is on its way, another one of the same user is answered."""
        monkeypatch.setattr(casus_rows, "found_by", found_by)
        answers.append(_searched(region, asked))
        return found_by(*arguments)

    monkeypatch.setattr(casus_rows, "found_by", another_first)
    assert _searched(region, asked) is TooMany
    assert answers == [NotFound] * 60
    assert [told["soort"] for told, _ in region.entries()][-2:] == ["zoeking", "zoekgrens"]


def _searched(region: World, search: Search) -> type[HubError] | None:
    try:
        region.hub.searching.search(search)
    except HubError as error:
        return type(error)
    return None


def test_a_refused_search_is_entered_and_uses_up_its_proof(region: World) -> None:
    first = region.size()
    sent = region.post("wonen-noord", "/zoekingen", {"doel": "D02", "bsn": "999990019"}).request.headers
    ((told, internal),) = region.entries(first)
    assert (told["soort"], told["aanroep"], told["fout"]) == ("geweigerd", "zoeking", "niet-toegestaan")
    assert told["partner"] == "wonen-noord"
    assert (told.keys() & {"casus", "doel"}, internal) == (set(), {})
    again = {name: sent[name] for name in ("DPoP", "Authorization")}
    for body in ({"bsn": "999990019"}, {"kenmerk": "x"}):
        assert region.post("wonen-noord", "/zoekingen", {"doel": "D02", **body}, headers=again).status_code == 401


def test_a_partner_without_a_right_to_the_bsn_searches_by_its_own_reference_only(region: World) -> None:
    answer = region.post("wonen-noord", "/zoekingen", {"doel": "D02", "bsn": "999990019"})
    assert answer.status_code == 403
    assert region.post("wonen-noord", "/zoekingen", {"doel": "D02", "kenmerk": "x"}).status_code == 404
    found = region.post("gemeente-noord", "/zoekingen", {"doel": "D02", "kenmerk": f"{OPEN}-gemeente-noord"})
    assert found.json()["casus"] == region.names[OPEN]["gemeente-noord"]
    assert (
        region.post("politie-noord", "/zoekingen", {"doel": "D02", "kenmerk": f"{OPEN}-gemeente-noord"}).status_code
        == 404
    )


def test_the_answer_to_a_match_gives_this_partners_own_name_and_a_proof(region: World) -> None:
    person = _person(region)
    by_bsn = region.post("politie-noord", "/zoekingen", {"doel": "D02", "bsn": person["bsn"]})
    by_name = region.post(
        "politie-noord", "/zoekingen",
        {"doel": "D02", "persoon": {"naam": person["family_name"].upper(), "geboortedatum": person["birth_date"]}},
    )  # fmt: skip
    for answer in (by_bsn, by_name):
        assert answer.status_code == 200, answer.text
        assert answer.json()["casus"] == region.names[OPEN]["politie-noord"]
        assert json.loads(answer.json()["ontvangstbewijs"]["verteld"])["soort"] == "zoeking"


def _person(region: World) -> dict[str, Any]:
    with region.hub.store.snapshot() as moment:
        found = region.hub.broker.judging.facts._states.of(moment, region.casus_id(), "ggz-noord").person
    assert found is not None
    return found


def test_a_hub_that_was_closed_is_let_go_with_its_keys_and_engines(tmp_path: Path) -> None:
    with world(tmp_path) as region:
        assert region.get("/v1/openapi.json").status_code == 200
        assert region.ask("ggz-noord", "naam").status_code == 200
        hub, engine = weakref.ref(region.hub), weakref.ref(region.hub.policy)
    del region
    gc.collect()
    assert (hub(), engine()) == (None, None)
