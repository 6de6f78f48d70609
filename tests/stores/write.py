"""Write the store of this release: `python -m tests.stores.write`. Of a version that was released, never again."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hub.audit.receipt import parse_proof
from tests.pushing import base, pushed
from tests.region import AT, CLOSED_TABLE, OPEN, OWN_FORM, Clock, World, make, opened, settings_of
from tests.stores.kept import Told, file_of, pack

ADVICE, CRISIS = "bejegeningsadvies", "crisiscontact_24_7"
ASKER, CARE, FILER, COLLEAGUE, SENDER, DERDE = (
    "politie-noord", "ggz-noord", "gemeente-noord", "forfact-noord", "zvh-noord", "wonen-noord",
)  # fmt: skip
QUESTIONS = ((ASKER, OPEN), (CARE, OPEN), (FILER, OPEN), (COLLEAGUE, CLOSED_TABLE))


def write(file: Path) -> None:
    """A region in which was delivered, replaced, withdrawn, pushed and rotated; and what was answered then."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        settings = settings_of(home)
        with opened(settings, make(settings, AT), Clock(AT)) as region:
            told = _lived(region)
        pack(home, told, file)


def _lived(region: World) -> Told:
    document = {"velden": [{"veld": ADVICE, "niveaus": {"sam": "rustig aanspreken"}}]}
    region.recorded(CARE, "leveringen", document, media=OWN_FORM)
    region.recorded(CARE, "bronvoorwaarden", {"velden": [CRISIS], "veto": True})
    region.recorded(FILER, "bronvoorwaarden", {"velden": ["*"], "akkoordDoorgeven": True})
    region.recorded(FILER, "beperkingen", {"velden": ["brp_adres"], "aan": True})
    until = AT.replace(year=AT.year + 1).isoformat()
    region.recorded(SENDER, "geheimhoudingsverklaringen", {"partner": DERDE, "tot": until})
    base(region)
    sending = pushed(region)["zending"]
    region.hub.keyring.rewrap_all("2")
    answers = [region.ask(partner, casus=casus).json() for partner, casus in QUESTIONS]
    receipts = [answer["ontvangstbewijs"] for answer in answers]
    return Told(
        names={casus: dict(names) for casus, names in region.names.items()},
        at=region.clock().isoformat(),
        vkey=str(region.hub.log.key),
        note=parse_proof(receipts[-1]["bewijs"]).checkpoint,
        receipts=receipts,
        released=[
            (partner, casus, values_of(answer)) for (partner, casus), answer in zip(QUESTIONS, answers, strict=True)
        ],
        closed=[(ASKER, OPEN, CRISIS), (ASKER, OPEN, "brp_adres")],
        sending=sending,
    )


def values_of(answer: dict[str, Any]) -> dict[str, Any]:
    """Field -> value of an answer. What the hub makes itself is left out: it may be told in other words later."""
    return {item["veld"]: item["waarde"] for item in answer["gegevens"] if item["bron"] != "hub"}


if __name__ == "__main__":
    write(file_of(sys.argv[1] if len(sys.argv) > 1 else None))
