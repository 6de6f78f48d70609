"""Partners that call a hub without end while something goes wrong with it, and what must stand therefore.

A `Topic` is one thing that one partner changes again and again. It has one call under way at most, and what was not
answered it sends again under the same Idempotency-Key. So after a fault it is known what must stand, what may have come
in unanswered, and how many entries the log has of each kind.
"""

import itertools
import json
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import httpx

from hub.audit.receipt import parse_proof
from hub.audit.verify import Proven, verify_receipt
from hub.model.purpose import Action
from hub.model.release import ReleaseRequest, Subject
from hub.run.region.partners import BY_ID
from hub.settings import Settings
from hub.store.engine import Connection
from hub.wiring import Hub, open_hub, utc_now
from tests.region import CLOSED_TABLE, OPEN, OWN_FORM, Line, make
from tests.region_plans import PLANS

ADVICE, CRISIS, PLAN = "bejegeningsadvies", "crisiscontact_24_7", "crisisplan_kort"
ASKER, CARE, FILER, COLLEAGUE = "politie-noord", "ggz-noord", "gemeente-noord", "forfact-noord"
JSON = "application/json"
ANY = object()
"""A field that opens, whatever its value."""
REFUSALS = {"opslag-niet-beschikbaar", "sleutels-niet-beschikbaar", "niet-beschikbaar"}
TRIES = 200
"""How often a call is sent again that was told 503. What is taken back is scrubbed from the files before that is answered,
and that does not wait long for readers: the keys may be changing beside it."""
CRITERIA = dict.fromkeys(("problemen", "leefgebieden", "overlast", "samenwerking"), "op meer terreinen")
CONSENT = {
    "ontvangers": [ASKER], "doelen": ["D02"], "groepen": [PLAN], "gegevenOp": "2026-01-05T09:00:00Z",
    "wilsbekwaam": True, "vrijwillig": True, "gegevenDoor": {"rol": "betrokkene"},
}  # fmt: skip
PARTIAL = (replace(PLANS[0], consents=[(CARE, (ASKER,), (ADVICE, CRISIS))]), *PLANS[1:])
"""The region, without the consent that the load gives and ends."""


@dataclass(frozen=True)
class Place:
    """A region as it stands now in stores of its own."""

    settings: Settings
    names: Mapping[str, Mapping[str, str]]

    @property
    def environment(self) -> dict[str, str]:
        """What a process of this hub is told."""
        told = self.settings
        return {"HUB_HOME": str(told.home), "HUB_STORE_URL": told.store_url, "HUB_KEYS_URL": told.keys_url}


def made_at(settings: Settings) -> Place:
    """The region, made where `settings` say."""
    return Place(settings, make(settings, utc_now(), PARTIAL))


@dataclass(frozen=True)
class Wish:
    """A call that changes something: what is entered of it, and what the asker sees of the field afterwards."""

    path: str
    body: Any
    kind: str
    shows: Any = None
    media: str = JSON


Wishes = Generator[Wish, dict[str, Any], None]


def _delivery(path: str, name: str, text: str) -> Wish:
    body = {"velden": [{"veld": name, "niveaus": {"sam": text}}]}
    return Wish(f"{path}/leveringen", body, "levering", text, OWN_FORM)


def _advice(path: str) -> Wishes:
    for number in itertools.count(1):
        yield _delivery(path, ADVICE, f"advies {number}")
        if number % 3 == 0:
            yield Wish(f"{path}/terugnames", {"velden": [ADVICE]}, "terugname")


def _veto(path: str) -> Wishes:
    for on in itertools.cycle((True, False)):
        yield Wish(f"{path}/bronvoorwaarden", {"velden": [CRISIS], "veto": on}, "voorwaarde", None if on else ANY)


def _restriction(path: str) -> Wishes:
    for on in itertools.cycle((True, False)):
        yield Wish(f"{path}/beperkingen", {"velden": ["naam"], "aan": on}, "voorwaarde", None if on else ANY)


def _consent(path: str) -> Wishes:
    while True:
        given = yield Wish(f"{path}/toestemmingen", CONSENT, "vastlegging", ANY)
        yield Wish(f"{path}/toestemmingen/{given['id']}/beeindigingen", {}, "beeindiging")


def _filing(_path: str) -> Wishes:
    for number in itertools.count(1):
        person = {"naam": f"Toets {number}", "geboortedatum": "1990-01-01"}
        body = {"persoon": person, "criteria": CRITERIA, "regime": "wgs_zvh", "triagegroep": [FILER]}
        filed = yield Wish("/casussen", body, "aanmelding")
        yield _delivery(f"/casussen/{filed['casus']}", "woonvorm", "alleen")


@dataclass
class Topic:
    """One thing that `partner` changes again and again; `shown` is the field in which the asker sees it."""

    partner: str
    shown: str | None
    wishes: Wishes
    stands: Any
    """What the asker sees now, as far as was answered."""
    unsure: bool = False
    """A call was sent, and not answered."""
    answered: Counter[str] = field(default_factory=Counter)
    given: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._wish, self._key = next(self.wishes), secrets.token_hex(8)

    def send(self, line: Line) -> None:
        """Make the next call, or the one that was not answered again."""
        wish, self.unsure = self._wish, True
        answer = line.post(wish.path, wish.body, media=wish.media, key=self._key)
        said = _said(answer, 201)
        self.unsure = False
        self.stands = wish.shows
        self.answered[wish.kind] += 1
        self.given.append(said)
        self._wish, self._key = self.wishes.send(said), secrets.token_hex(8)

    def fits(self, seen: Mapping[str, Any]) -> bool:
        """Whether an asker sees what stands."""
        found = seen.get(self.shown) if self.shown else None
        return self.shown is None or (found is not None if self.stands is ANY else found == self.stands)


class Unanswered(Exception):
    """The hub said that it cannot answer now, as it should say it."""


def _said(answer: httpx.Response, status: int) -> dict[str, Any]:
    """The body of an answer. Raises Unanswered for a refusal that may be repeated; AssertionError for any other."""
    body: dict[str, Any] = answer.json()
    if answer.status_code == 503:
        assert body["code"] in REFUSALS, body
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(body) == {"type", "title", "status", "detail", "code"}
        raise Unanswered(body["code"])
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    return body


class Load:
    """The topics of one region, who looks at them, and what everybody was answered."""

    def __init__(self, place: Place) -> None:
        self.place = place
        own = {partner: f"/casussen/{name}" for partner, name in place.names[OPEN].items()}
        self.topics = (
            Topic(CARE, ADVICE, _advice(own[CARE]), ANY),
            Topic(CARE, CRISIS, _veto(own[CARE]), ANY),
            Topic(FILER, "naam", _restriction(own[FILER]), ANY),
            Topic(CARE, PLAN, _consent(own[CARE]), None),
            Topic(FILER, None, _filing(""), None),
        )
        self.first = sum(_kinds(place).values())
        self.views: list[dict[str, Any]] = []
        self.codes = Counter[str]()
        self.repeated = 0
        self.faults: list[str] = []
        self._turn = threading.Condition()
        self._done = 0

    @property
    def calls(self) -> int:
        """How many calls that change something were answered."""
        return sum(sum(topic.answered.values()) for topic in self.topics)

    @property
    def refused(self) -> int:
        """How often the hub said that it cannot answer now."""
        return self.codes.total()

    # --- calling ---

    def run(self, pool: ThreadPoolExecutor, bases: Sequence[str], ended: threading.Event) -> list[Future[None]]:
        """Call the hubs at `bases` from six threads until `ended`. What one changes, another is asked for at once."""
        turns: list[Turn] = [partial(self._turn_of, topic) for topic in self.topics]
        turns.append(self._look_on)
        return [pool.submit(self._loop, turn, number, bases, ended) for number, turn in enumerate(turns)]

    def _loop(self, turn: "Turn", number: int, bases: Sequence[str], ended: threading.Event) -> None:
        lines, base = Lines(self.place), itertools.cycle(bases)
        for _ in range(number):
            next(base)
        with lines:
            while not ended.is_set():
                try:
                    turn(lines, next(base), bases[number % len(bases)])
                except (Unanswered, httpx.HTTPError) as gone:
                    self.codes.update([str(gone)] if isinstance(gone, Unanswered) else [])
                    ended.wait(0.02)
                except Exception as fault:  # noqa: BLE001 - each of them is what the test looks for
                    self.faults.append(f"{number}: {fault!r}")
                    return

    def _turn_of(self, topic: Topic, lines: "Lines", base: str, other: str) -> None:
        self._send(topic, lines.of(base, topic.partner))
        if topic.shown is not None:
            seen = self.look(lines, other, ASKER, OPEN, topic.shown)
            stands = "open" if topic.stands is ANY else topic.stands
            assert topic.fits(seen), f"{topic.shown} at the next request is {seen}, and should be {stands}"
        with self._turn:
            self._done += 1
            self._turn.notify_all()

    def _send(self, topic: Topic, line: Line) -> None:
        self.repeated += topic.unsure
        topic.send(line)

    def _send_until_answered(self, topic: Topic, line: Line) -> None:
        for _ in range(TRIES):
            try:
                self._send(topic, line)
            except Unanswered as gone:
                self.codes.update([str(gone)])
                threading.Event().wait(0.05)
            else:
                return
        raise AssertionError(f"{topic.shown}: not answered in {TRIES} times")

    def _look_on(self, lines: "Lines", base: str, _other: str) -> None:
        self.look(lines, base, COLLEAGUE, CLOSED_TABLE)

    def look(self, lines: "Lines", base: str, partner: str, casus: str, *fields: str) -> dict[str, Any]:
        """What `partner` sees of a casus: field -> value."""
        path = f"/casussen/{self.place.names[casus][partner]}/raadplegingen"
        answer = lines.of(base, partner).post(path, {"doel": "D02", "velden": list(fields or ["*"])})
        said = _said(answer, 200)
        self.views.append(said)
        return {item["veld"]: item["waarde"] for item in said["gegevens"]}

    def more(self, count: int) -> None:
        """Wait until so many changes more were answered, or something is wrong."""
        with self._turn:
            aim = self._done + count
            assert self._turn.wait_for(lambda: self._done >= aim or bool(self.faults), 120)
        assert not self.faults, self.faults

    def settle(self, base: str) -> None:
        """Send again what was not answered; then everything stands as it was answered, to the word."""
        assert not self.faults, self.faults
        with Lines(self.place) as lines:
            for topic in self.topics:
                if topic.unsure:
                    self._send_until_answered(topic, lines.of(base, topic.partner))
            seen = self.look(lines, base, ASKER, OPEN)
        assert [topic.shown for topic in self.topics if not topic.fits(seen)] == []

    # --- what must stand ---

    def must_stand(self) -> None:
        """Whoever was answered finds it in the log, once; the log and every receipt verify; every casus opens."""
        hub = open_hub(self.place.settings)
        try:
            with hub.store.snapshot() as moment:
                notes = {parse_proof(view["ontvangstbewijs"]["bewijs"]).checkpoint for view in self.views}
                assert hub.log.check(moment, sorted(notes), ()) == []
                self._entries_are_answers(hub, moment)
                for view in self.views:
                    _must_be_entered(hub, moment, view)
            self._every_casus_opens(hub)
        finally:
            hub.close()

    def _entries_are_answers(self, hub: Hub, moment: Connection) -> None:
        size = hub.log.head(moment).size
        found = Counter(str(hub.log.read(moment, index)[0]["soort"]) for index in range(self.first, size))
        expected = sum((topic.answered for topic in self.topics), Counter[str]())
        assert {kind: found[kind] for kind in expected} == dict(expected)
        # A look may be entered and not have reached who looked: never the reverse.
        assert found["raadpleging"] >= len(self.views)
        assert len({view["ontvangstbewijs"]["volgnummer"] for view in self.views}) == len(self.views)

    def _every_casus_opens(self, hub: Hub) -> None:
        filed = [said["casus"] for said in self.topics[-1].given if "casus" in said]
        assert len(filed) == self.topics[-1].answered["aanmelding"]
        places = [(CARE, self.place.names[OPEN][CARE]), (COLLEAGUE, self.place.names[CLOSED_TABLE][COLLEAGUE])]
        for partner, name in [*places, *((FILER, name) for name in filed)]:
            asking = Subject(partner, BY_ID[partner].user, partner)
            release = hub.broker.release(ReleaseRequest(asking, name, "D02", ("*",), Action.LEZEN))
            assert release.failed == ()
            assert not release.concealed
            casus = hub.names.casus_of(partner, name)
            assert casus is not None
            with hub.store.snapshot() as moment:
                assert not hub.compartments.manifests(moment, casus).broken


class Lines:
    """The connections of one thread, by hub and partner."""

    def __init__(self, place: Place) -> None:
        self._home, self._known = place.settings.home, dict[tuple[str, str], Line]()

    def of(self, base: str, partner: str) -> Line:
        """The connection of `partner` to the hub at `base`."""
        if (base, partner) not in self._known:
            self._known[base, partner] = Line(base, self._home, partner)
        return self._known[base, partner]

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *_: object) -> None:
        for line in self._known.values():
            with suppress(httpx.HTTPError):
                line.http.close()


Turn = Callable[[Lines, str, str], None]
"""One call, of lines, a hub, and the hub that is asked next."""


def _kinds(place: Place) -> Counter[str]:
    hub = open_hub(place.settings)
    try:
        with hub.store.snapshot() as moment:
            size = hub.log.head(moment).size
            return Counter(str(hub.log.read(moment, index)[0]["soort"]) for index in range(size))
    finally:
        hub.close()


def _must_be_entered(hub: Hub, moment: Connection, view: Mapping[str, Any]) -> None:
    """The receipt verifies, and what it proves is what was told."""
    proven = verify_receipt(json.dumps(view["ontvangstbewijs"]), hub.log.key)
    assert isinstance(proven, Proven), proven
    told, _ = hub.log.read(moment, proven.index)
    names = [(item["veld"], item["bron"], item["niveau"]) for item in view["gegevens"]]
    assert names == [(item["veld"], item["bron"], item["niveau"]) for item in told["gegevens"]]
    assert told == proven.told
