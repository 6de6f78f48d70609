"""An error on the command line: where something of the hub itself is away, `hub doctor` is named, once."""

import pytest

from hub.cli import keys
from hub.cli.main import main
from hub.errors import ClockBehind, HubError, KeysUnavailable, NotFound, StoreUnavailable, Unavailable


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (StoreUnavailable(), "Probeer het later opnieuw. `hub doctor` zegt wat er mis is."),
        (KeysUnavailable("Het token antwoordt niet."), "Het token antwoordt niet. `hub doctor` zegt wat er mis is."),
        (ClockBehind(), "Probeer het later opnieuw. `hub doctor` zegt wat er mis is."),
        (StoreUnavailable("Geen database. `hub doctor` zegt welke."), "Geen database. `hub doctor` zegt welke."),
        (Unavailable(), "Er is niets vrijgegeven. Probeer het later opnieuw."),
        (NotFound(place="casus"), "Deze casus is bij ons niet bekend. (casus)"),
    ],
)
def test_what_is_away_of_the_hub_itself_points_to_the_doctor(
    error: HubError, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(_: object) -> int:
        raise error

    monkeypatch.setattr(keys, "run", run)
    assert main(["sleutels", "begin"]) == (3 if isinstance(error, Unavailable) else 2)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.endswith(said)
