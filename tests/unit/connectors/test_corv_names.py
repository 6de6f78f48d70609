"""CORV: names of organisations that are of police or justice, whose data come with a supply record alone."""

import pytest

from connectors import table
from hub.errors import ShapeError
from hub.model.delivery import Parsed
from hub.model.partner import PartnerKind
from tests.unit.connectors import samples
from tests.unit.connectors import samples_corv_zgw as own


def _read(name: str) -> Parsed:
    office = own.office(name.replace("&", "&amp;"), "heeftAlsInitiator", "ZAKBTRINI")
    return table.parse(own.CORV, own.melding(initiator=office).encode(), samples.context(PartnerKind.GGD))


SUPPLIERS = [
    "OM", "O.M. Oost", "Het OM", "het om", "Openbaar  Ministerie", "Functioneel Parket", "DJI", "d.j.i.",
    "Dienst Justitie\u0308le Inrichtingen", "Ministerie van Justitie en Veiligheid", "PI Vught", "P.I. Vught",
    "Penitentiaire Inrichting", "Huis van Bewaring", "JJI De Sluis", "Koninklijke Marechaussee", "KMar", "FIOD",
    "Bijzondere opsporingsdienst", "Rijksrecherche", "p o l i t i e", "POLITIE\u00a0Oost", "Poli\u00adtie",
    "\uff30\uff4f\uff4c\uff49\uff54\uff49\uff45", "Pol\u00edtie",
]  # fmt: skip


@pytest.mark.parametrize("name", SUPPLIERS)
def test_names_of_police_and_justice_however_written_need_the_record(name: str) -> None:
    with pytest.raises(ShapeError) as fault:
        _read(name)
    assert "verstrekkingsbesluit" in fault.value.sentence
    assert fault.value.place == "stuurgegevens.StUF:zender"


@pytest.mark.parametrize("name", ["Pol\u0456tie", "Polit\u0131e", "\u03a0olitie", "O\u041c"])
def test_a_name_in_letters_that_only_look_latin_is_refused(name: str) -> None:
    with pytest.raises(ShapeError) as fault:
        _read(name)
    assert "letters" in fault.value.sentence


@pytest.mark.parametrize(
    "name", ["Organisatie A", "Stichting Zorg om Mensen", "Wijkpark Etten", "Pi\u00ebta", "Co\u00f6peratie Zorg & Co"]
)
def test_names_of_others_are_read(name: str) -> None:
    assert _read(name).fields
