"""What comes in and goes out at the AuthZEN doors, in the words of that standard.

Unknown keys are ignored, as the standard asks; all that counts is named here. Nothing that is ignored is kept anywhere.
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from hub.casework.asked import MOST


def _printable(value: str) -> str:
    if not value.isprintable():
        raise ValueError("not printable")
    return value


Name = Annotated[str, StringConstraints(min_length=1, max_length=1024), AfterValidator(_printable)]


class Open(BaseModel):
    """Base of what comes in: other keys may be there, and do nothing."""

    MOST_VALUES: ClassVar[int] = 50_000
    model_config = ConfigDict(extra="allow", hide_input_in_errors=True)


class Wanted(Open):
    """Of what kind a subject or resource is that is searched for."""

    type: Name = Field(description="Subject: `gebruiker`. Resource: `casus` of `veld`.")
    properties: dict[str, Any] = {}


class Named(Wanted):
    """A subject or a resource."""

    id: Name = Field(description="Subject: `partner/gebruiker`. Resource: uw naam van de casus, of `casus/veld`.")


class Act(Open):
    """An action."""

    name: Name = Field(description="`lezen`, `export` of `zoeken`; met eigen feiten ook `verstrekken`.")
    properties: dict[str, Any] = {}


Context = Annotated[
    dict[str, Any], Field(description="`purpose`: het doel, D01 tot en met D12. `traceparent`, `facts`.")
]
Page = Annotated[dict[str, Any], Field(description="Wordt aangenomen; alle resultaten komen in één antwoord.")]


class EvaluationIn(Open):
    """One question."""

    subject: Named
    action: Act
    resource: Named
    context: Context = {}


class Options(Open):
    """How several questions are answered."""

    evaluations_semantic: Literal["execute_all", "deny_on_first_deny", "permit_on_first_permit"] = "execute_all"


class EvaluationsIn(Open):
    """Several questions, with what they have in common; without `evaluations` one question."""

    subject: Any = None
    action: Any = None
    resource: Any = None
    context: Any = None
    evaluations: Annotated[list[Any], Field(max_length=MOST)] | None = Field(
        default=None, description="Elk met subject, action, resource, context: wat ontbreekt, komt van boven."
    )
    options: Options = Options()


class SubjectSearchIn(Open):
    """Who may do this."""

    subject: Wanted
    action: Act
    resource: Named
    context: Context = {}
    page: Page = {}


class ResourceSearchIn(Open):
    """With what this may be done."""

    subject: Named
    action: Act
    resource: Wanted
    context: Context = {}
    page: Page = {}


class ActionSearchIn(Open):
    """What may be done."""

    subject: Named
    resource: Named
    context: Context = {}
    page: Page = {}


# --- what goes out ---


class Decision(BaseModel):
    """The answer to one question: what would be released, without a value."""

    decision: bool
    context: dict[str, Any] = Field(
        default={}, description="`released`, `refusals`, `obligations`, `policy_revision`; of `error`."
    )


class Decisions(BaseModel):
    """The answers to several questions, in their order."""

    evaluations: list[Decision]


class Found(BaseModel):
    """What was found."""

    type: str
    id: str


class FoundAction(BaseModel):
    """An action that was found."""

    name: str


class Results(BaseModel):
    """All that was found."""

    results: list[Found]


class ActionResults(BaseModel):
    """All actions that were found."""

    results: list[FoundAction]
