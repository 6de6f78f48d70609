"""Receipts verified without the hub: what holds, and every way in which one does not."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from hub.audit.checkpoint import Checkpoint
from hub.audit.growth import parse_growth
from hub.audit.note import NoteError, VerifierKey
from hub.audit.receipt import parse_proof, parse_receipt
from hub.audit.verify import SENTENCES, Failure, Proven, verify_against, verify_receipt
from hub.crypto.signing import Signer
from tests.unit.audit.world import ORIGIN, SEED, World, entry, receipt_file

KEY = VerifierKey(ORIGIN, Signer(SEED).public)


@pytest.fixture
def receipt(world: World) -> dict[str, str]:
    receipts = world.add(*(entry(number, fields=3) for number in range(6)))
    document: dict[str, str] = json.loads(receipt_file(receipts[4]))
    return document


def failed(document: object, key: VerifierKey = KEY) -> str:
    found = verify_receipt(document if isinstance(document, str) else json.dumps(document), key)
    assert isinstance(found, Failure), found
    assert found.sentence == SENTENCES[found.code]
    return found.code


def held(document: dict[str, str]) -> Proven:
    found = verify_receipt(json.dumps(document), KEY)
    assert isinstance(found, Proven), found
    return found


def test_a_receipt_holds_and_names_what_left(receipt: dict[str, str]) -> None:
    found = held(receipt)
    assert (found.index, found.checkpoint.size) == (4, 6)
    assert [each["veld"] for each in found.told["gegevens"]] == [f"veld_{each}" for each in range(3)]


def test_a_receipt_without_the_extra_leaf_holds_too(receipt: dict[str, str]) -> None:
    lines = receipt["bewijs"].split("\n")
    assert lines.pop(1).startswith("extra ")
    assert held({**receipt, "bewijs": "\n".join(lines)}).index == 4


def test_a_witness_may_sign_too(receipt: dict[str, str]) -> None:
    line = "\u2014 getuige.example.nl " + b64encode(bytes(76)).decode() + "\n"
    assert held({**receipt, "bewijs": receipt["bewijs"] + line}).index == 4


def with_told(receipt: dict[str, str], **change: object) -> dict[str, str]:
    told = {**json.loads(receipt["verteld"]), **change}
    return {**receipt, "verteld": json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)}


def test_another_content_is_not_proven(receipt: dict[str, str]) -> None:
    assert held(with_told(receipt)).index == 4
    assert failed(with_told(receipt, doel="D03")) == "inhoud"
    assert failed(with_told(receipt, gegevens=[])) == "inhoud"
    assert failed({**receipt, "zout": "00" * 32}) == "inhoud"
    assert failed({**receipt, "intern": "00" * 32}) == "inhoud"
    bare = "\n".join(line for line in receipt["bewijs"].split("\n") if not line.startswith("extra "))
    assert failed({**with_told(receipt, doel="D03"), "bewijs": bare}) == "plaats"


def bent_proofs(proof: str) -> Iterator[str]:
    head, checkpoint = proof.split("\n\n", 1)
    lines = head.split("\n")
    yield proof.replace("index 4", "index 3")
    yield proof.replace("index 4", "index 7")
    for at in range(3, len(lines)):
        raw = b64decode(lines[at])
        bent = b64encode(bytes([raw[0] ^ 1]) + raw[1:]).decode()
        yield "\n".join([*lines[:at], bent, *lines[at + 1 :]]) + "\n\n" + checkpoint
        yield "\n".join(lines[:at] + lines[at + 1 :]) + "\n\n" + checkpoint
    yield "\n".join([*lines, lines[3]]) + "\n\n" + checkpoint


def test_another_place_is_not_proven(receipt: dict[str, str]) -> None:
    codes = [failed({**receipt, "bewijs": proof}) for proof in bent_proofs(receipt["bewijs"])]
    assert len(codes) > 5
    assert set(codes) == {"plaats"}


def test_another_signature_is_not_proven(receipt: dict[str, str]) -> None:
    assert failed(receipt, VerifierKey(ORIGIN, Signer(b"\x43" * 32).public)) == "handtekening"
    assert failed(receipt, VerifierKey("elders.example.nl", KEY.public)) == "handtekening"
    assert failed({**receipt, "bewijs": receipt["bewijs"].replace("\n6\n", "\n7\n")}) == "handtekening"
    proof = parse_proof(receipt["bewijs"])
    forged = Checkpoint(ORIGIN, 6, bytes(32)).signed_by(Signer(b"\x43" * 32))
    assert failed({**receipt, "bewijs": receipt["bewijs"].replace(proof.checkpoint, forged)}) == "handtekening"


def out_of_shape(receipt: dict[str, Any]) -> Iterator[object]:
    yield from ("", "[]", "{}", "null", "{" * 100_000, '"' + "x" * 1000, "[" * 100_000)
    for key in receipt:
        yield {each: value for each, value in receipt.items() if each != key}
        yield {**receipt, key: 1}
        yield {**receipt, key: None}
        yield {**receipt, key: ""}
    yield {**receipt, "meer": ""}
    yield '{"zout": "00", ' + json.dumps(receipt)[1:]
    yield {**receipt, "verteld": receipt["verteld"] + " "}
    yield {**receipt, "verteld": receipt["verteld"][:-1] + ',"doel":"D03"}'}
    yield {**receipt, "verteld": "[]"}
    yield {**receipt, "verteld": '{"a":1}'}
    yield {**receipt, "verteld": '{"soort":"\\ud800","tijdstip":""}'}
    yield {**receipt, "verteld": "[" * 5_000 + "]" * 5_000}
    yield {**receipt, "verteld": '{"soort":NaN,"tijdstip":""}'}
    yield {**receipt, "zout": receipt["zout"][2:]}
    yield {**receipt, "zout": "zz" * 32}
    yield {**receipt, "intern": receipt["intern"] + "00"}
    proof = receipt["bewijs"]
    for old, new in (
        ("@v1", "@v2"),
        ("index 4", "index 04"),
        ("index 4", "index -4"),
        ("index 4\n", ""),
        ("extra ", "extra  "),
        ("\n\n", "\n"),
        ("index 4\n", "index 4\nAAAA\n"),
        ("index 4\n", "index 4\n" + (b64encode(bytes(32)).decode() + "\n") * 64),
    ):
        assert proof.replace(old, new) != proof
        yield {**receipt, "bewijs": proof.replace(old, new)}


def test_what_is_no_receipt_is_said_to_be_none(receipt: dict[str, str]) -> None:
    for document in out_of_shape(receipt):
        assert failed(document) == "geen-bewijs", str(document)[:200]


def test_a_receipt_file_is_read_as_it_was_written(receipt: dict[str, str]) -> None:
    assert json.loads(receipt_file(parse_receipt(json.dumps(receipt)))) == receipt


# --- against checkpoints from elsewhere ---


def growth(world: World, old: int) -> str:
    with world.store.snapshot() as conn:
        return world.log.growth(conn, old)


def test_a_checkpoint_of_the_same_size_settles_it(world: World, receipt: dict[str, str]) -> None:
    found, forged = held(receipt), Checkpoint(ORIGIN, 6, bytes(32)).signed_by(Signer(SEED))
    assert verify_against(found, world.checkpoint(), None, KEY) == found.checkpoint
    split = verify_against(found, forged, None, KEY)
    assert isinstance(split, Failure)
    assert split.code == "groei"


def test_growth_joins_the_receipt_to_a_later_and_an_earlier_checkpoint(world: World, receipt: dict[str, str]) -> None:
    early = held(receipt)
    before = world.checkpoint()
    late = held(json.loads(receipt_file(world.fill(300)[-1])))
    for found, known in ((early, world.checkpoint()), (late, before)):
        checkpoint = verify_against(found, known, growth(world, 6), KEY)
        assert isinstance(checkpoint, Checkpoint)
        for proof, code in ((None, "geen-groei"), (growth(world, 64 + 6), "groei"), ("", "stand")):
            failure = verify_against(found, known, proof, KEY)
            assert isinstance(failure, Failure)
            assert failure.code == code
    mislabelled = verify_against(early, world.checkpoint(), growth(world, 6).replace("old 6", "old 7"), KEY)
    assert isinstance(mislabelled, Failure)
    assert mislabelled.code == "groei"
    stranger = verify_against(early, "x", None, KEY)
    assert isinstance(stranger, Failure)
    assert stranger.code == "stand"


def test_a_log_that_was_rewritten_does_not_join(world: World, receipt: dict[str, str]) -> None:
    world.fill(300)
    forged = Checkpoint(ORIGIN, 300, bytes(32)).signed_by(Signer(SEED))
    failure = verify_against(held(receipt), forged, growth(world, 6), KEY)
    assert isinstance(failure, Failure)
    assert failure.code == "groei"


def test_growth_from_nothing_is_an_empty_proof(world: World, receipt: dict[str, str]) -> None:
    assert parse_growth(growth(world, 0)).hashes == ()
    for text in ("", "old 6", "new 6\n\nx", "old 06\n\nx", "old 6\nAAAA\n\nx"):
        with pytest.raises(NoteError):
            parse_growth(text)
