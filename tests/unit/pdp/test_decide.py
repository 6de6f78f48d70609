"""`hub decide`: exit codes, one line of error, a document a line, and never a value in what it says."""

import argparse
import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from hub.cli import decide
from hub.pdp.bundle import default_directory, read_bundle
from tests.unit.pdp.facts import example


@pytest.fixture
def hub(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Any:
    """`hub *words` with `given` on standard input -> (exit code, lines of output, text of error)."""

    def called(*words: str, given: bytes = b"") -> tuple[int, list[Any], str]:
        monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(given)))
        parser = argparse.ArgumentParser()
        decide.add_parser(parser.add_subparsers())
        code = decide.run(parser.parse_args(["decide", *words]))
        out, err = capsysbinary.readouterr()
        return code, [json.loads(line) for line in out.splitlines()], err.decode()

    return called


def text(**changes: Any) -> bytes:
    return json.dumps({**example(), **changes}).encode()


def test_facts_in_decision_out(hub: Any, tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_bytes(text())
    code, (from_file,), error = hub(str(file))
    assert (code, error) == (0, "")
    assert from_file["policy_revision"] == read_bundle(default_directory()).revision
    assert from_file["allow"] == bool(from_file["released"])
    assert hub("-", given=text()) == (0, [from_file], "")


def test_a_refusal_is_a_decision_too(hub: Any) -> None:
    code, (decision,), _ = hub("-", given=text(purpose="D99"))
    assert code == 0
    assert [(one["field"], one["code"]) for one in decision["refusals"]] == [("*", "E_DOEL")]


@pytest.mark.parametrize("given", [b"", b"{}", b"[1,", text(action="999990019"), text(bsn="999990019")])
def test_a_wrong_shape_is_exit_2_and_one_line_without_a_value(hub: Any, given: bytes) -> None:
    code, lines, error = hub("-", given=given)
    assert (code, lines) == (2, [])
    assert len(error.splitlines()) == 1
    assert "999990019" not in error


def test_a_file_that_is_not_there_is_exit_2_and_is_not_named(hub: Any, tmp_path: Path) -> None:
    for path in (tmp_path / "999990019.json", tmp_path):
        code, lines, error = hub(str(path))
        assert (code, lines, len(error.splitlines())) == (2, [], 1)
        assert "999990019" not in error


def test_without_a_policy_nothing_is_decided(hub: Any, tmp_path: Path) -> None:
    code, lines, error = hub("--policies", str(tmp_path), "-", given=text())
    assert (code, lines, len(error.splitlines())) == (3, [], 1)


def test_the_policy_of_the_deployment_decides(hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_POLICIES", str(tmp_path))
    assert hub("-", given=text())[0] == 3
    monkeypatch.setenv("HUB_POLICIES", str(default_directory()))
    assert hub("-", given=text())[0] == 0


def test_a_document_a_line_in_order(hub: Any, tmp_path: Path) -> None:
    file = tmp_path / "facts.jsonl"
    file.write_bytes(b"\n".join([text(), b"{}", b"", b"\xff", text(purpose="D99")]) + b"\r\n")
    code, lines, error = hub("--lines", str(file))
    assert (code, error, len(lines)) == (0, "", 5)
    assert [set(line) == {"error"} for line in lines] == [False, True, True, True, False]


def test_a_line_that_is_too_long_is_an_error_in_its_place(hub: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide, "LARGEST", 10_000)
    given = b"\n".join([text(), b" " * 50_000, text()])
    code, lines, _ = hub("--lines", "-", given=given)
    assert code == 0
    assert ["error" in line for line in lines] == [False, True, False]
