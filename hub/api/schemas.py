"""What goes out, as models for the API description. Answers themselves are made as ready bytes (hub.api.views)."""

from typing import Any

from pydantic import BaseModel, Field


class Gegeven(BaseModel):
    """One field that leaves."""

    veld: str
    waarde: Any = Field(description="Op niveau `hit` alleen `true`: er is een gegeven. Met `viaBron`: leeg.")
    niveau: str = Field(description="hit, sam (samenvatting) of vol (het hele gegeven).")
    bron: str
    sinds: str
    grondslag: str
    grondslagSoort: str  # noqa: N815 - a name on the wire
    geheimUitzondering: str | None = None  # noqa: N815 - a name on the wire
    viaBron: bool = Field(  # noqa: N815 - a name on the wire
        default=False, description="U krijgt de waarde van de bron zelf, en niet van de hub (7:456 BW)."
    )


class Reden(BaseModel):
    """One reason."""

    code: str
    zin: str
    artikelen: list[str]


class Geweigerd(BaseModel):
    """One field that does not leave (`*`: the whole question)."""

    veld: str
    redenen: list[Reden]
    watKan: list[str] = Field(description="Wat dit veld in het algemeen voor u zou openen.")  # noqa: N815


class Verplichting(BaseModel):
    """One duty that comes with what left."""

    soort: str
    uitleg: str
    binnen: str | None = None
    opTijdstip: str | None = None  # noqa: N815 - a name on the wire
    velden: list[str] | None = None


class Ontvangstbewijs(BaseModel):
    """The proof of the entry, for `hub log verify` and any tool for C2SP tlog-proof."""

    volgnummer: int
    bewijs: str
    verteld: str
    zout: str
    intern: str


class Watermerk(BaseModel):
    """To be shown over what is shown: who got it, when, by which entry of the log."""

    partner: str
    gebruiker: str
    tijdstip: str
    volgnummer: int = Field(description="Het volgnummer van het ontvangstbewijs.")


class RaadplegingUit(BaseModel):
    """The answer to a question."""

    tijdstip: str
    gegevens: list[Gegeven]
    geweigerd: list[Geweigerd]
    verplichtingen: list[Verplichting]
    watermerk: Watermerk | None = Field(default=None, description="Leeg: er hoeft geen watermerk bij.")
    beleid: str
    ontvangstbewijs: Ontvangstbewijs | None


class Verstrekt(BaseModel):
    """One field that the receiver may fetch. What it says is not told to the sender."""

    veld: str
    niveau: str = Field(description="hit, sam (samenvatting) of vol (het hele gegeven).")
    bron: str
    grondslag: str
    geheimUitzondering: str | None = None  # noqa: N815 - a name on the wire


class VerstrekkingUit(BaseModel):
    """What the sender hears: names and levels, never a value."""

    zending: str | None = Field(description="Het nummer in het postvak van de ontvanger. Leeg: er is niets gestuurd.")
    tijdstip: str
    gegevens: list[Verstrekt]
    geweigerd: list[Geweigerd]
    verplichtingen: list[Verplichting]
    beleid: str
    ontvangstbewijs: Ontvangstbewijs | None


class Zending(BaseModel):
    """One line of the postvak: nothing of a casus."""

    id: str
    sinds: str = Field(description="Wanneer het is gestuurd.")
    afzender: str = Field(description="De partner die het stuurde.")
    doel: str = Field(description="Waarvoor u het krijgt.")
    verlooptOp: str = Field(description="Tot wanneer u het kunt ophalen.")  # noqa: N815 - a name on the wire


class PostvakUit(BaseModel):
    """A page of what waits."""

    zendingen: list[Zending]
    volgende: str | None = Field(
        description="Geef dit als `cursor` mee voor de volgende bladzijde. Leeg: dit is alles."
    )


class Inhoud(BaseModel):
    """Ties the entry to what was fetched; the salt is yours alone."""

    hash: str = Field(description="SHA-256 over het zout en de velden. Het staat ook in het logboek.")
    zout: str


class OntvangstUit(RaadplegingUit):
    """What was fetched."""

    zending: str
    inhoud: Inhoud | None


class EigenVastlegging(BaseModel):
    """One record of your own."""

    id: str
    soort: str
    vastgelegdOp: str  # noqa: N815 - a name on the wire
    beeindigdOp: str | None = Field(description="Leeg: het geldt nog.")  # noqa: N815 - a name on the wire


class VastleggingenUit(BaseModel):
    """A page of your own records."""

    vastleggingen: list[EigenVastlegging]
    volgende: str | None = Field(
        description="Geef dit als `cursor` mee voor de volgende bladzijde. Leeg: dit is alles."
    )


class OpenVerplichting(BaseModel):
    """One thing that is yours to carry out."""

    id: str
    soort: str
    uitleg: str
    sinds: str
    uiterlijk: str = Field(description="Wanneer het gedaan moet zijn.")
    teLaat: bool  # noqa: N815 - a name on the wire
    casus: str | None = Field(description="Uw pseudoniem van de casus. Leeg bij wat naar u is gestuurd.")
    zending: str | None = Field(description="De zending waar het bij hoort.")
    over: str | None = Field(description="De partner waar het over gaat.")
    doel: str | None
    velden: list[str]
    noodsituatie: str | None = Field(description="Bij een noodsituatie: welke soort.")
    uitkomst: str | None = Field(description="Bij een terugmelding: wat de ontvanger meldt.")
    keuzes: list[str] = Field(description="Wat u bij `uitkomst` kunt zeggen als het gedaan is.")


class VerplichtingenUit(BaseModel):
    """A page of what is yours to carry out."""

    verplichtingen: list[OpenVerplichting]
    volgende: str | None = Field(
        description="Geef dit als `cursor` mee voor de volgende bladzijde. Leeg: dit is alles."
    )


class AfhandelingUit(BaseModel):
    """What became of it, on file."""

    id: str
    soort: str
    uitkomst: str
    vastgelegdOp: str  # noqa: N815 - a name on the wire


class ZoekingUit(BaseModel):
    """The one match, as your own pseudonym of the casus."""

    casus: str
    ontvangstbewijs: Ontvangstbewijs | None


class Opgenomen(BaseModel):
    """One item that was taken in."""

    plaats: str
    veld: str
    niveaus: list[str]
    wijziging: str


class NietOpgenomen(BaseModel):
    """One item that was not, and why."""

    plaats: str
    reden: str
    zin: str


class LeveringUit(BaseModel):
    """What became of a delivery, item by item."""

    opgenomen: list[Opgenomen]
    nietOpgenomen: list[NietOpgenomen]  # noqa: N815 - a name on the wire
    opgenomenOp: str  # noqa: N815 - a name on the wire


class ReeksUit(BaseModel):
    """What became of each line of a series."""

    regels: list[dict[str, Any]]


class AanmeldingUit(BaseModel):
    """A new casus, as your own pseudonym of it."""

    casus: str
    fase: str
    levering: LeveringUit | None
    vastgelegdOp: str  # noqa: N815 - a name on the wire


class VastleggingUit(BaseModel):
    """A record on file."""

    id: str
    soort: str
    vastgelegdOp: str  # noqa: N815 - a name on the wire
    bewijsVoorBetrokkene: dict[str, Any] | None = Field(  # noqa: N815 - a name on the wire
        default=None, description="Bewijs voor de betrokkene, met de velden van ISO/IEC TS 27560."
    )
    pseudoniemVanPartner: str | None = Field(  # noqa: N815 - a name on the wire
        default=None, description="Onder deze naam kent de genoemde partner de casus. Geef dit aan die partner door."
    )


class TerugnameUit(BaseModel):
    """What was taken back."""

    teruggenomen: list[str]
    vastgelegdOp: str  # noqa: N815 - a name on the wire


class VoorwaardeUit(BaseModel):
    """On which fields a condition now stands."""

    velden: list[str]
    vastgelegdOp: str  # noqa: N815 - a name on the wire


class Fout(BaseModel):
    """One fault and its place."""

    plaats: str
    reden: str


class Probleem(BaseModel):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    fouten: list[Fout] | None = None
