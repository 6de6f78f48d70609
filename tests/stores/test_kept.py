"""Every store that a release wrote opens in this one: its receipts verify, its log goes on, what was closed is closed."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from hub.audit.note import VerifierKey
from hub.audit.verify import Proven, verify_receipt
from tests.pushing import fetch, levels
from tests.region import OWN_FORM, Clock, World, opened, settings_of
from tests.stores.kept import FOLDER, Told, file_of, unpack
from tests.stores.write import ADVICE, ASKER, CARE, DERDE, values_of

RELEASES = sorted(path.name.removesuffix(".tar.xz") for path in FOLDER.glob("*.tar.xz"))


@pytest.fixture(params=RELEASES)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[World, Told]]:
    """A hub of today on the store of a release."""
    home, told = unpack(file_of(request.param), tmp_path)
    with opened(settings_of(home), told.names, Clock(datetime.fromisoformat(told.at))) as region:
        yield region, told


def test_this_release_has_kept_its_store() -> None:
    assert file_of().exists(), "python -m tests.stores.write"


def test_its_receipts_verify_and_stand_in_its_log(kept: tuple[World, Told]) -> None:
    region, told = kept
    key = VerifierKey.parse(told.vkey)
    assert str(region.hub.log.key) == told.vkey
    for receipt, (_, _, values) in zip(told.receipts, told.released, strict=True):
        proven = verify_receipt(json.dumps(receipt), key)
        assert isinstance(proven, Proven), proven
        assert {each["veld"] for each in proven.told["gegevens"]} >= set(values)
        with region.hub.store.snapshot() as moment:
            assert region.hub.log.read(moment, proven.index)[0] == proven.told
            assert region.hub.log.check(moment, [told.note], ()) == []


def test_it_answers_as_it_did_and_goes_on(kept: tuple[World, Told]) -> None:
    region, told = kept
    for partner, casus, values in told.released:
        answer = region.ask(partner, casus=casus)
        assert values_of(answer.json()) == values
        assert values
    for partner, casus, field in told.closed:
        assert not region.released(partner, field, casus=casus)
    assert levels(fetch(region, told.sending, DERDE).json())
    document = {"velden": [{"veld": ADVICE, "niveaus": {"sam": "anders"}}]}
    region.recorded(CARE, "leveringen", document, media=OWN_FORM)
    assert values_of(region.ask(ASKER, ADVICE).json()) == {ADVICE: "anders"}
    region.hub.keyring.rewrap_all("3")
    assert region.released(ASKER, "naam")
    with region.hub.store.snapshot() as moment:
        assert region.hub.log.check(moment, [told.note], ()) == []
