"""A hub that has been at work, and what `hub doctor` says of it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hub.cli import doctor
from hub.cli.main import main
from tests.region import AT, opened, settings_of, template


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The home of a hub that has been at work, looked at as of today in that region."""
    home = tmp_path / "home"
    shutil.copytree(template().home, home)
    os.chmod(home, 0o700)  # noqa: PTH101 - a copy has the rights of the folder it came in
    with opened(settings_of(home), template().names) as region:
        assert region.released("ggz-noord")
        (home / "log.vkey").write_text(f"{region.hub.log.key}\n")
    monkeypatch.setenv("HUB_HOME", str(home))
    monkeypatch.setattr(doctor, "utc_now", lambda: AT)
    return home


Examined = Callable[[], tuple[int, list[str]]]


@pytest.fixture
def examined(capsys: pytest.CaptureFixture[str]) -> Examined:
    def run() -> tuple[int, list[str]]:
        capsys.readouterr()
        status = main(["doctor"])
        return status, capsys.readouterr().out.splitlines()

    return run
