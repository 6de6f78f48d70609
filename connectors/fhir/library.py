"""The one place that meets `fhir.resources`: a resource goes in as FHIR JSON and comes out checked, or with the place
of each fault.

The library knows R4B (4.3.0), which reads R4 (4.0.1) for every resource that the hub uses. Resources that R4 has and
R4B
has not (`R4_ONLY`) hold nothing about persons and are set aside before it.
"""

from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

from connectors.json_text import place as written
from hub.errors import ManyShapeErrors, ShapeError

Document = dict[str, Any]

R4_ONLY = frozenset(
    {
        "EffectEvidenceSynthesis",
        "MedicinalProduct",
        "MedicinalProductAuthorization",
        "MedicinalProductContraindication",
        "MedicinalProductIndication",
        "MedicinalProductIngredient",
        "MedicinalProductInteraction",
        "MedicinalProductManufactured",
        "MedicinalProductPackaged",
        "MedicinalProductPharmaceutical",
        "MedicinalProductUndesirableEffect",
        "RiskEvidenceSynthesis",
        "SubstanceNucleicAcid",
        "SubstancePolymer",
        "SubstanceProtein",
        "SubstanceReferenceInformation",
        "SubstanceSourceMaterial",
        "SubstanceSpecification",
    }
)

_FAULTS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError)
"""What the library raises on content that is out of shape, its own validation error (a ValueError) among them."""

_SENTENCE = "Dit past niet bij FHIR R4."
_MAX_FAULTS = 50


@lru_cache(maxsize=256)
def resource_model(name: str) -> Any:
    """The model class of resource type `name`. Raises `ShapeError` (without place) for what is no resource of FHIR
    R4."""
    from fhir.resources.R4B import get_fhir_model_class

    model = None
    with suppress(*_FAULTS, ImportError):
        model = get_fhir_model_class(name)
    if model is None or not model.has_resource_base() or name in {"Resource", "DomainResource"}:
        raise ShapeError("Dit is geen soort bericht van FHIR R4.")
    return model


def type_of(resource: Any, place: str) -> str:
    """`resourceType` of `resource`. Raises `ShapeError` where there is none that FHIR R4 knows."""
    name = resource.get("resourceType") if isinstance(resource, dict) else None
    if isinstance(name, str) and name in R4_ONLY:
        return name
    if not isinstance(name, str):
        raise ShapeError("Hier ontbreekt het soort bericht (resourceType).", place=f"{place}.resourceType")
    try:
        resource_model(name)
    except ShapeError as fault:
        raise ShapeError(fault.sentence, place=f"{place}.resourceType") from None
    return name


def checked(resource: Document, place: str) -> Document:
    """`resource` as the library reads it, without narrative. Raises `ShapeError` or `ManyShapeErrors`."""
    model = resource_model(type_of(resource, place))
    for index, inner in enumerate(_contained(resource, place)):
        type_of(inner, f"{place}.contained[{index}]")
    try:
        read: Document = model.model_validate(_without_narrative(resource)).model_dump(
            mode="json", exclude_comments=True
        )
    except _FAULTS as fault:
        raise _told(fault, place) from None
    return read


def _contained(resource: Document, place: str) -> list[Any]:
    inner = resource.get("contained", [])
    if not isinstance(inner, list):
        raise ShapeError(_SENTENCE, place=f"{place}.contained")
    return inner


def _without_narrative(resource: Mapping[str, Any]) -> Document:
    """Narrative stands in `text` of a resource and nowhere else."""
    kept = {key: value for key, value in resource.items() if key not in {"text", "_text", "fhir_comments"}}
    if "contained" in kept:
        kept["contained"] = [_without_narrative(inner) for inner in kept["contained"]]
    return kept


def _told(fault: Exception, place: str) -> ShapeError:
    """Places only: the library's messages repeat what stood there. An unknown key is told as its parent."""
    listed = getattr(fault, "errors", None)
    if listed is None:
        return ShapeError(_SENTENCE, place=place)
    faults = set()
    for each in listed(include_url=False, include_context=False, include_input=False):
        steps = list(each["loc"][:-1] if each["type"] == "extra_forbidden" else each["loc"])
        below = written(steps, {step for step in steps if isinstance(step, str)}) if steps else ""
        faults.add((f"{place}.{below}" if below else place, _SENTENCE))
    return ManyShapeErrors(sorted(faults)[:_MAX_FAULTS])


def element_names() -> frozenset[str]:
    """Names of the elements of every model that is loaded, Bundle among them: keys that a place may name."""
    from fhir_core.fhirabstractmodel import FHIRAbstractModel

    resource_model("Bundle")
    names: set[str] = {"resourceType"}
    waiting = [FHIRAbstractModel]
    while waiting:
        model = waiting.pop()
        waiting.extend(model.__subclasses__())
        names.update(str(field.alias) for field in model.model_fields.values() if field.alias)
    return frozenset(names)
