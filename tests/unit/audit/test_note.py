"""Signed notes and checkpoints: published vectors, and notes that must not open."""

import pytest

from hub.audit.checkpoint import Checkpoint, number, opened_checkpoint, parse_text
from hub.audit.note import NoteError, VerifierKey, opened, signed
from hub.crypto.signing import Signer

# C2SP signed-note and the Go package sumdb/note.
TEXT = "This is an example message.\n"
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
LINE = (
    "\u2014 example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
NOTE = f"{TEXT}\n{LINE}"

# Ed25519 seed 32 times 0x42; the root of the eight leaves of the tree's own vectors.
OURS = "hub.example.nl/audit+4e7660e2+ASFS+NGbeR0kRTJC4V8uq2y3z/p7al7TAJeWDgaYgdsS"
ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
CHECKPOINT = (
    "hub.example.nl/audit\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n\n"
    "\u2014 hub.example.nl/audit "
    "TnZg4vaghavk5I7j7aal0x5iuhMPnzM/adpSSs3yP5rw5zoupR6gtjr13fjGPkMZzSd6k3MhtJzTje5wL2k9m88bSw8=\n"
)
WITNESS = (
    "\u2014 getuige.example.nl Mlr7lwAAAABrAqgIAJFYn6f8aYCjbZyQF4muUADgoo33PNKXbcccog6dQ01mcfRzty1S2TnFpb8AmF08ypc0"
    "imvc9r1/CR2Qp72fAw==\n"
)


def test_the_published_note_opens() -> None:
    key = VerifierKey.parse(VKEY)
    assert opened(NOTE, key) == TEXT
    assert str(key) == VKEY
    assert key.key_id.hex() == "530d903a"


def test_our_checkpoint_is_the_published_one_byte_for_byte() -> None:
    signer = Signer(b"\x42" * 32)
    checkpoint = Checkpoint("hub.example.nl/audit", 8, bytes.fromhex(ROOT))
    assert checkpoint.signed_by(signer) == CHECKPOINT
    assert str(VerifierKey("hub.example.nl/audit", signer.public)) == OURS
    assert opened_checkpoint(CHECKPOINT, VerifierKey.parse(OURS)) == checkpoint


def test_lines_of_witnesses_and_strangers_do_not_disturb() -> None:
    key = VerifierKey.parse(OURS)
    for note in (CHECKPOINT + WITNESS, CHECKPOINT.replace("\n\n", "\n\n" + WITNESS + LINE)):
        assert opened_checkpoint(note, key).size == 8


@pytest.mark.parametrize(
    "note",
    [
        pytest.param(NOTE.replace("example message", "exemplary message"), id="text changed"),
        pytest.param(NOTE.replace("Uw2QOkn8", "Uw2QOkn9"), id="signature changed"),
        pytest.param(NOTE + LINE.replace("n8srV1", "n8srV2"), id="a second line of the key that does not verify"),
        pytest.param(TEXT + "\n", id="no signature line"),
        pytest.param(TEXT + "\n" + WITNESS, id="only a stranger's line"),
        pytest.param(NOTE.replace("example.com/foo", "example.com/bar"), id="other name"),
        pytest.param(NOTE.replace("Uw2QOkn8", "Vw2QOkn8"), id="other key id"),
        pytest.param(NOTE[:-1], id="no newline at the end"),
        pytest.param(NOTE.replace("\n\n", "\n"), id="no empty line"),
        pytest.param(NOTE.replace("\n\n", "\n\r\n"), id="carriage return"),
        pytest.param(NOTE.replace("example m", "example\tm"), id="control character"),
        pytest.param(NOTE.replace("example m", "example\ud800m"), id="half a character"),
        pytest.param(NOTE.replace("\u2014 ", "- "), id="plain dash"),
        pytest.param(NOTE.replace("yaQM=", "yaQN="), id="base64 that is not canonical"),
        pytest.param(NOTE.replace("yaQM=", "yaQM"), id="base64 without padding"),
        pytest.param(NOTE + LINE * 64, id="too many signatures"),
        pytest.param("x" * 1_100_000 + NOTE, id="too long"),
        pytest.param("", id="empty"),
    ],
)
def test_a_note_that_is_not_this_key_s_does_not_open(note: str) -> None:
    with pytest.raises(NoteError):
        opened(note, VerifierKey.parse(VKEY))


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "example.com/foo",
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("example.com/foo", "example.com/fop"),
        VKEY.replace("example.com/foo", ""),
        VKEY.replace("example.com/foo", "example.com foo"),
        VKEY.replace("+Aek", "+Bek"),
        VKEY[:-4],
        VKEY + "!",
    ],
)
def test_a_vkey_out_of_shape_is_refused(vkey: str) -> None:
    with pytest.raises(NoteError):
        VerifierKey.parse(vkey)


@pytest.mark.parametrize(
    "text",
    [
        "hub.example.nl/audit\n8\n",
        "\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
        "hub.example.nl/audit\n08\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
        "hub.example.nl/audit\n-8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
        "hub.example.nl/audit\n\u0668\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\n",
        "hub.example.nl/audit\n8\nXcnaeacGWamtVZy3Ad7Zoqudgjqt\n",
        "hub.example.nl/audit\n8\nXcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=\nextra\n",
    ],
)
def test_a_checkpoint_out_of_shape_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        parse_text(text)


def test_numbers_stop_where_the_database_does() -> None:
    assert number("0") == 0
    assert number(str(2**63 - 1)) == 2**63 - 1
    with pytest.raises(NoteError):
        number(str(2**63))


def test_a_checkpoint_of_another_log_is_refused_even_when_the_key_signed_it() -> None:
    signer = Signer(b"\x42" * 32)
    note = signed(Checkpoint("other.example.nl/log", 8, bytes(32)).text(), "hub.example.nl/audit", signer)
    with pytest.raises(NoteError, match="another log"):
        opened_checkpoint(note, VerifierKey.parse(OURS))


@pytest.mark.parametrize(("text", "name"), [("no newline", "a"), ("x\n", ""), ("x\n", "a b"), ("x\n", "a+b")])
def test_nothing_is_signed_that_could_not_be_read_back(text: str, name: str) -> None:
    with pytest.raises(ValueError, match="newline"):
        signed(text, name, Signer(b"\x42" * 32))
