"""FHIR R4 in XML (`application/fhir+xml`): the element tree to the same JSON form, and then the same path.

The library's models say which element is a list and which a primitive. Its own XML reader is not used: of a repeated
element it keeps the last, and it passes over stray text and unknown attributes, where two readers would then differ.
"""

from typing import Any

from lxml import etree

from connectors import xml_tree
from connectors.context import ParseContext
from connectors.fhir import delivery, library
from hub.errors import ShapeError
from hub.model.delivery import Parsed

FHIR = "http://hl7.org/fhir"
_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_NARRATIVE = "Narrative"


def parse(document: bytes, context: ParseContext) -> Parsed:
    """The resource or Bundle in `document`. Raises `ShapeError` with the place of each fault."""
    root = xml_tree.read(document)
    if _SCHEMA_LOCATION in root.attrib:
        del root.attrib[_SCHEMA_LOCATION]
    return delivery.parsed(_resource(root, _local(root, "$")), context)


def _local(element: etree._Element, place: str) -> str:
    """The element's name; raises `ShapeError` for an element of another namespace."""
    name = etree.QName(element)
    if name.namespace != FHIR:
        raise ShapeError("Dit element hoort niet bij FHIR.", place=place)
    return name.localname


def _resource(element: etree._Element, place: str) -> dict[str, Any]:
    name = _local(element, place)
    if name in library.R4_ONLY:
        return {"resourceType": name}
    try:
        model = library.resource_model(name)
    except ShapeError as fault:
        raise ShapeError(fault.sentence, place="$" if element.getparent() is None else place) from None
    _only(element, set(), place)
    return {"resourceType": name, **_elements(element, model, place)}


def _elements(element: etree._Element, model: Any, place: str) -> dict[str, Any]:
    """The child elements of one element, as members of a JSON object."""
    from fhir_core.utils import determine_version_prefix, get_fhir_type_name, is_list_type, is_primitive_type

    members: dict[str, Any] = {}
    names = model.get_alias_mapping()
    for child in element:
        name = _local(child, place)
        if name not in names or name.endswith("__ext"):
            raise ShapeError("Dit element kent FHIR R4 hier niet.", place=place)
        field = model.model_fields[names[name]]
        many = is_list_type(field)
        if not many and (name in members or f"_{name}" in members):
            raise ShapeError("Dit element mag hier maar één keer.", place=f"{place}.{name}")
        within = f"{place}.{name}" + (f"[{len(members.get(name, ()))}]" if many else "")
        type_name = get_fhir_type_name(field, prefix=determine_version_prefix(model.__module__))
        if type_name == _NARRATIVE:
            continue
        if is_primitive_type(field):
            _add_primitive(members, name, _primitive(child, type_name, within), many)
        elif many:
            members.setdefault(name, []).append(_complex(child, type_name, within))
        else:
            members[name] = _complex(child, type_name, within)
    return _without_empty_twins(members)


def _complex(element: etree._Element, type_name: str, place: str) -> dict[str, Any]:
    from fhir.resources.R4B import get_fhir_model_class

    if type_name == "Resource":
        return _inner_resource(element, place)
    _only(element, {"id", "url"} if type_name == "Extension" else {"id"}, place)
    own = {str(key): str(value) for key, value in element.attrib.items()}
    return {**own, **_elements(element, get_fhir_model_class(type_name), place)}


def _inner_resource(element: etree._Element, place: str) -> dict[str, Any]:
    _only(element, set(), place)
    if len(element) != 1:
        raise ShapeError("Hier hoort één bericht.", place=place)
    return _resource(element[0], place)


def _primitive(element: etree._Element, type_name: str, place: str) -> tuple[Any, dict[str, Any] | None]:
    """The value of a primitive and what is said of it (id, extensions)."""
    from fhir.resources.R4B import get_fhir_model_class

    _only(element, {"id", "value"}, place)
    said = _elements(element, get_fhir_model_class("FHIRPrimitiveExtension"), place)
    if "id" in element.attrib:
        said["id"] = str(element.attrib["id"])
    value: Any = element.get("value")
    if type_name == "boolean" and value is not None:
        if value not in {"true", "false"}:
            raise ShapeError("Hier hoort true of false.", place=place)
        value = value == "true"
    return value, said or None


def _add_primitive(members: dict[str, Any], name: str, read: tuple[Any, dict[str, Any] | None], many: bool) -> None:
    """FHIR JSON keeps a primitive's extensions in a twin member with an underscore; in lists the two run side by
    side."""
    for key, part in zip((name, f"_{name}"), read, strict=True):
        if many:
            members.setdefault(key, []).append(part)
        elif part is not None:
            members[key] = part


def _without_empty_twins(members: dict[str, Any]) -> dict[str, Any]:
    return {key: part for key, part in members.items() if not (isinstance(part, list) and all(x is None for x in part))}


def _only(element: etree._Element, attributes: set[str], place: str) -> None:
    """No other attributes than these, and no text: FHIR keeps its values in attributes."""
    if set(map(str, element.attrib)) - attributes:
        raise ShapeError("Dit attribuut kent FHIR R4 hier niet.", place=place)
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        raise ShapeError("Hier staat losse tekst.", place=place)
