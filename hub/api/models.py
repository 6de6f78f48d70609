"""What comes in, as models at the JSON edge. Unknown keys are refused; bodies of records are made from one table."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    create_model,
)

from hub.casework.kinds import Key, Kind
from hub.model.casus import Regime
from hub.model.instant import instant

_ID = r"^[A-Za-z0-9._:-]{1,64}$"
Id = Annotated[str, StringConstraints(pattern=_ID)]
FieldKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
FieldOrAll = Annotated[str, StringConstraints(pattern=r"^([a-z0-9_]{1,64}|\*)$")]
GroupOrAll = Annotated[str, StringConstraints(pattern=r"^([a-z0-9_]{1,64}|G[0-9]{2}|\*)$")]
Purpose = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{2}$")]
Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
BirthDate = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def _in_words(value: Any) -> Any:
    """An instant that is written as one: the library would also take a number for seconds since 1970, or blanks."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        raise ValueError("not an instant in words")  # noqa: TRY004 - pydantic hears of this one
    # One without an offset is told so by the library.
    instant(value if value[10:].strip("T:.0123456789") else f"{value}Z")
    return value


def _in_utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("outside the years 0001-9999") from None


Instant = Annotated[AwareDatetime, BeforeValidator(_in_words), AfterValidator(_in_utc)]
"""RFC 3339 with an offset, within the years 1 to 9999 in UTC too."""


class Schema(BaseModel):
    """Base of all models: strict about keys, silent about values in its errors."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Raadpleging(Schema):
    """One look at a casus: for which purpose, which fields (`["*"]` is all), and whether to read or to take as a file."""

    doel: Purpose = Field(description="Waarvoor u de gegevens nodig hebt: D01 tot en met D12.", examples=["D02"])
    velden: Annotated[list[FieldOrAll], Field(min_length=1, max_length=256)] = Field(
        description='De velden die u vraagt, of ["*"] voor alle.', examples=[["bejegeningsadvies"]]
    )
    actie: Literal["lezen", "export"] = "lezen"


class Verstrekking(Schema):
    """A push: to which partner, for which purpose, which fields (`["*"]` is all that this receiver may have)."""

    ontvanger: Id = Field(description="De partner die de gegevens krijgt.", examples=["wonen-noord"])
    doel: Purpose = Field(description="Waarvoor de ontvanger de gegevens nodig heeft: D01 tot en met D12.")
    velden: Annotated[list[FieldOrAll], Field(min_length=1, max_length=256)] = Field(
        description='De velden die u stuurt, of ["*"] voor alles wat deze ontvanger voor dit doel mag krijgen.'
    )


class Noodverzoek(Schema):
    """Asking a source to record an emergency: which one, for which purpose and fields."""

    soort: Literal["conflict_van_plichten", "vitaal_belang"]
    bron: Id = Field(description="De partner die erover beslist.", examples=["ggz-noord"])
    doel: Purpose
    velden: Annotated[list[FieldKey], Field(min_length=1, max_length=32)]


class Afhandeling(Schema):
    """What became of an obligation: one of its `keuzes`."""

    uitkomst: Annotated[str, StringConstraints(pattern=r"^[a-z-]{1,40}$")]
    nogInGebruik: bool = Field(  # noqa: N815 - a name on the wire
        default=False, description="Bij een terugmelding: u gebruikt het nog, en meldt volgend jaar weer."
    )


class NaamGeboortedatum(Schema):
    """The exact name and date of birth of a person."""

    naam: Name
    geboortedatum: BirthDate


class Zoeking(Schema):
    """One search: by exactly one of BSN, name with date of birth, or the partner's own reference."""

    doel: Purpose
    bsn: Annotated[str, StringConstraints(pattern=r"^[0-9 ]{8,12}$")] | None = None
    persoon: NaamGeboortedatum | None = None
    kenmerk: Id | None = None


class Persoon(Schema):
    """The person of an aanmelding."""

    naam: Name = Field(description="Geslachtsnaam, zoals in de BRP.")
    voornamen: Name | None = None
    geboortedatum: BirthDate
    bsn: Annotated[str, StringConstraints(pattern=r"^[0-9 ]{8,12}$")] | None = None


class Criteria(Schema):
    """The four of Bgs 2.20(1), each with its reason in words."""

    problemen: Text
    leefgebieden: Text
    overlast: Text
    samenwerking: Text


class AanmeldingIn(Schema):
    """A new casus, with a first delivery in the hub's own form."""

    MOST_VALUES: ClassVar[int] = 10_000
    persoon: Persoon
    criteria: Criteria
    regime: Regime | None = None
    triagegroep: Annotated[list[Id], Field(max_length=64)] = []
    kenmerk: Id | None = Field(
        default=None, description="Uw eigen kenmerk van deze persoon. U kunt er later op zoeken."
    )
    levering: dict[str, Any] | None = Field(default=None, description="Een eerste levering, in het eigen formulier.")


class Terugname(Schema):
    """Fields that a source takes back; `["*"]` is all of its own."""

    velden: Annotated[list[FieldOrAll], Field(min_length=1, max_length=256)]


class Bronvoorwaarde(Schema):
    """Conditions that a source sets on its own fields (Wgs 2.29(3), 1.7)."""

    velden: Annotated[list[FieldOrAll], Field(min_length=1, max_length=256)]
    geweigerdAan: Annotated[list[Id], Field(max_length=64)] | None = None  # noqa: N815 - a name on the wire
    veto: bool | None = None
    akkoordDoorgeven: bool | None = None  # noqa: N815 - a name on the wire
    medebehandelaars: Annotated[list[Id], Field(max_length=64)] | None = None
    gefinancierdDoor: Annotated[list[Id], Field(max_length=64)] | None = None  # noqa: N815 - a name on the wire
    vernietigOp: Instant | None = None  # noqa: N815 - a name on the wire


class Vlag(Schema):
    """A restriction, dispute or objection on fields of a source (AVG 16, 18, 21); `aan` false ends it."""

    velden: Annotated[list[FieldOrAll], Field(min_length=1, max_length=256)]
    bron: Id | None = Field(default=None, description="De bron van de velden. Leeg: uw eigen organisatie.")
    aan: bool


class Gever(Schema):
    """Who gave a consent: the betrokkene, or who acts for him with dated authority (7:450, 7:465 BW)."""

    rol: Literal["betrokkene", "mentor", "curator", "gemachtigde", "partner", "familie"]
    bevoegdVanaf: Instant | None = None  # noqa: N815 - a name on the wire
    bevoegdTot: Instant | None = None  # noqa: N815 - a name on the wire

    def on_file(self) -> dict[str, Any]:
        """The giver by the names on file."""
        return {"role": self.rol, "authority_from": self.bevoegdVanaf, "authority_until": self.bevoegdTot}


_TYPES: dict[str, Any] = {
    "partner": Id,
    "partners": Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9._:-]{1,64}|\*)$")]],
        Field(min_length=1, max_length=64),
    ],
    "purposes": Annotated[list[Purpose], Field(min_length=1, max_length=12)],
    "groups": Annotated[list[GroupOrAll], Field(min_length=1, max_length=200)],
    "fields": Annotated[list[FieldOrAll], Field(min_length=1, max_length=200)],
    "instant": Instant,
    "flag": bool,
    "text": Text,
    "id": Id,
    "code": Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:()/-]{1,64}$")],
    "giver": Gever,
}


def body_model(kind: Kind) -> type[Schema]:
    """The model of a record's body, made from the keys of its kind."""
    fields: dict[str, Any] = {key.wire: _field(key) for key in kind.keys}
    name = "".join(part.capitalize() for part in kind.path.split("-")) + "In"
    return create_model(name, __base__=Schema, __doc__=kind.title, **fields)


def on_file(kind: Kind, body: Schema) -> dict[str, Any]:
    """The body by the names on file."""
    values = {key.name: getattr(body, key.wire) for key in kind.keys}
    return {name: value.on_file() if isinstance(value, Gever) else value for name, value in values.items()}


def _field(key: Key) -> tuple[Any, Any]:
    annotation = Literal[tuple(str(word) for word in key.type)] if isinstance(key.type, tuple) else _TYPES[key.type]
    return (annotation | None, None) if key.optional else (annotation, ...)
