"""One resource of a document, with what it refers to in the same document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.context import ParseContext
from connectors.fhir.codes import OWN_FIELD
from connectors.fhir.library import Document
from connectors.fhir.reading import codings, compact, contacts, human_name, pairs, words


@dataclass
class References:
    """Finds what a Reference means, inside the document only: nothing is ever fetched.

    `used` keeps the resources that were found: they complete another and are no item of their own.
    """

    by_address: dict[str, Document] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def add(self, full_url: str | None, resource: Document) -> None:
        """Makes `resource` findable by its `fullUrl` and by type and id."""
        if full_url:
            self.by_address[full_url] = resource
        if resource.get("id"):
            self.by_address.setdefault(f"{resource['resourceType']}/{resource['id']}", resource)

    def find(self, reference: Mapping[str, Any] | None, within: Document) -> Document | None:
        """The resource that `reference` (standing in `within`) means, or null where the document does not hold it."""
        written = str((reference or {}).get("reference") or "")
        if written.startswith("#"):
            found = next((each for each in within.get("contained", ()) if each.get("id") == written[1:]), None)
        else:
            found = self.by_address.get(written) or self.by_address.get(short(written))
        if found is not None:
            self.used.add(id(found))
        return found


def short(reference: str) -> str:
    """A reference as type and id: without server and version."""
    return "/".join(reference.split("/_history/", maxsplit=1)[0].split("/")[-2:])


@dataclass(frozen=True)
class Item:
    """One resource to map: where it stood, what surrounds it, who delivers it."""

    resource: Document
    place: str
    references: References
    context: ParseContext

    @property
    def kind(self) -> str:
        """The resource type."""
        return str(self.resource["resourceType"])

    def find(self, reference: Mapping[str, Any] | None) -> Document | None:
        """The resource of the document that `reference` means."""
        return self.references.find(reference, self.resource)

    def profiles(self) -> frozenset[str]:
        """Last parts of the claimed profiles, without the prefixes of nl-core, zib and MP9."""
        listed = (self.resource.get("meta") or {}).get("profile", ())
        names = (str(each).split("|", maxsplit=1)[0].rsplit("/", maxsplit=1)[-1] for each in listed)
        return frozenset(name.removeprefix("nl-core-").removeprefix("zib-").removeprefix("mp-") for name in names)

    def concepts(self) -> list[Mapping[str, Any]]:
        """`code`, `category` and `type`, the elements by which a resource says what it is."""
        listed: list[Mapping[str, Any]] = []
        for name in ("code", "category", "type"):
            part = self.resource.get(name)
            listed.extend(part if isinstance(part, list) else [part] if part else [])
        return [each for each in listed if isinstance(each, Mapping)]

    def codes(self) -> frozenset[tuple[str, str]]:
        """(system, code) of all that the resource says it is."""
        return pairs(*self.concepts())

    def declared(self) -> frozenset[str]:
        """Fields that the source says this resource feeds, in the hub's own code system."""
        tags = {"coding": (self.resource.get("meta") or {}).get("tag", ())}
        listed = codings(tags, *self.concepts())
        return frozenset(str(each.get("code")) for each in listed if each.get("system") == OWN_FIELD)


def professional(item: Item, reference: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Name, function and organisation of a professional or organisation that is referred to; no register numbers."""
    found = item.find(reference)
    if found is None:
        name = (reference or {}).get("display")
        return {"naam": str(name)} if name else None
    return professional_resource(item, found)


def professional_resource(item: Item, resource: Document) -> dict[str, Any] | None:
    """The same of a Practitioner, PractitionerRole, Organization or Location itself."""
    container = resource if resource.get("contained") else item.resource
    person = item.references.find(resource.get("practitioner"), container) or {}
    body = resource.get("organization") or resource.get("managingOrganization")
    organisation = item.references.find(body, container) or {}
    return compact(
        naam=_name(resource) or human_name(person.get("name")) or (resource.get("practitioner") or {}).get("display"),
        functie=_functions(resource),
        organisatie=_name(organisation) or (body or {}).get("display"),
        contact=contacts(resource.get("telecom")) or contacts(person.get("telecom")),
    )


def _name(resource: Mapping[str, Any]) -> str | None:
    name = resource.get("name")
    return human_name(name) if isinstance(name, list) else name


def _functions(resource: Mapping[str, Any]) -> list[str]:
    listed: Sequence[Any] = [*resource.get("code", ()), *resource.get("specialty", ())]
    if resource["resourceType"] != "PractitionerRole":
        listed = []
    return [name for name in map(words, listed) if name]
