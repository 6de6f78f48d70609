"""docs/zichtmatrix.md is what `hub beleid matrix` prints."""

import pytest

from hub.cli.main import main
from tests.repository import ROOT


def test_the_page_in_docs_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["beleid", "matrix"]) == 0
    written = (ROOT / "docs" / "zichtmatrix.md").read_text(encoding="utf-8")
    assert written == capsys.readouterr().out, "make it anew: hub beleid matrix > docs/zichtmatrix.md"
