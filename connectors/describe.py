# ruff: noqa: E501 (a row of a Markdown table is one line)
"""The documentation of the formats, written from the code: `python -m connectors.describe docs/connectors.md`."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from connectors import brp_personen, described
from connectors.context import MAX_BYTES, MAX_DEPTH, MAX_RESOURCES, MAX_VALUES
from connectors.fhir import codes, mapping
from connectors.fhir.rule import Rule
from connectors.reasons import SENTENCES, Reason
from connectors.table import FORMATS, GENERAL, OTHER_KINDS

_INTRODUCTION = f"""# Formats in

Written from the code by `python -m connectors.describe docs/connectors.md`; a test fails when it is not current.

A document is taken in whole or not at all. What is out of shape is refused with the place of each fault and never with a
value. What is in shape is answered item by item: taken as which field, or not taken and why. Whether the source may
deliver a field, and whether the person is the casus's, is judged after this by the catalogue and the casus.

Limits: {MAX_BYTES // 1024 // 1024} MiB, {MAX_DEPTH} levels deep, {MAX_VALUES:,} values or elements, {MAX_RESOURCES:,} FHIR resources. UTF-8 only. JSON: no doubled keys,
no NaN, no NUL, no half signs, no whole numbers over 2^53 - 1. XML: no DTD, no entities, nothing is fetched.

## Formats
"""

_OWN_FORMS = """
A caller names the format in `Content-Type`; `hub leveren FILE` looks into the file, and `--soort` names it there.
`{general}` are looked into. JSON with {keys}. XML whose first element has {roots}.
The shapes of the own forms are `connectors/schemas/levering.schema.json` and `connectors/schemas/politie-justitie.schema.json`.
Police, OM and DJI deliver with a supply record only (Wpg 20(3), 32; Wjsg 39j). What is kept under Wpg 9 or 10 is refused.
The supply record of the police becomes the field `wpg_verstrekking` as well.

## FHIR R4: which resource and element feeds which field

The library `fhir.resources` (R4B 4.3.0) checks the structure of every resource; it reads R4 content. XML becomes FHIR JSON
first, along the library's own models, because its XML reader keeps the last of a repeated element and passes over stray text.
Only the elements of this table are read. Narrative, attachments, nationality, marital status and religion never are.
A resource that feeds a field is its form `vol`: codes with display, dates, status and notes; no ids of persons.
Lists grow with each resource of a document; a single value that differs within one document is not taken.
A resource that another one refers to (Practitioner, Organization, Location, Medication) completes it and is no item of its own.
"""

_CONSENT = f"""
## FHIR Consent

A Consent with scope `patient-privacy` becomes a claim for the registry, which judges who may record it. A care directive
(scope `adr` or `treatment`, a category of directives, or the profile AdvanceDirective or TreatmentDirective2) never does.

| said in | read as |
|---|---|
| `status` | `active`; `inactive` is withdrawn from the delivery on; any other is not taken |
| `provision.type` | `permit` is `toestemming`, `deny` is `weigering`; a root without type is a `weigering` with `policyRule` OPTOUT, else not taken |
| `provision.provision` | each an own claim, one level deep; a root that only says no is the frame; a consent inside a refusal is not taken |
| `provision.actor` with role IRCP or PRCP | receiver: `reference.identifier` with system `{codes.OWN_PARTNER}` |
| `provision.purpose` | system `{codes.OWN_PURPOSE}`, `D01` to `D12` |
| `provision.class` | system `{codes.OWN_GROUP}`, `G01` to `G21` or `*` |
| `provision.code` | system `{codes.OWN_FIELD}`, a field key |
| `dateTime`, `provision.period.end` | given at, valid until |
| `performer` | given by: Patient `betrokkene`, RelatedPerson `vertegenwoordiger`; another makes a consent unreadable |

A consent is read narrowly: an unknown receiver, purpose or group, another action than access or disclose, a condition on data,
a later start or an unprecise date, and it is not taken. A refusal is read widely: what it leaves open counts for all.

No element says whether the person was able to decide and did so freely. So a refusal counts at once, and a consent is on file as
`nog-te-bevestigen`: it counts once who treats corrects it (`correcties` of `toestemmingen`) and says both (`wilsbekwaam`, `vrijwillig`).

## What the source can say in the hub's own words

| where | system or address | meaning |
|---|---|---|
| `meta.tag`, or a coding of `code`, `category` or `type` | `{codes.OWN_FIELD}` | the field that the resource feeds; it must be one of its type in the table |
| extension on a resource | `{codes.OWN_SUMMARY}` | the form `sam`: text that the source wrote for readers. `valueString`, or parts `veld` and `tekst` where the resource feeds more fields |
| `Patient.identifier` | `{codes.OWN_REFERENCE}` | the source's own reference of the person |"""

_REASONS = """
## Why an item is not taken
"""


def render() -> str:
    """The whole page, in Markdown."""
    parts = [
        _INTRODUCTION,
        *_table(("format", "media types", "for"), _formats()),
        _OWN_FORMS.format(general="`, `".join(GENERAL), keys=_by_keys(), roots=_by_root()),
        *_table(("resource", "element", "field", "when"), sorted(map(_rule, mapping.RULES))),
        _CONSENT,
        described.VERA,
        *_table(("list", "element", "field", "when"), described.vera_rows()),
        *_never("code", described.vera_never()),
        described.BRP,
        *_table(("resource", "element", "field", "when"), described.brp_rows()),
        *_never("element", brp_personen.UNREAD.items()),
        described.ZGW,
        *_table(("resource", "element", "field", "when"), described.zgw_rows()),
        described.CORV,
        *_table(("message", "what becomes of it"), described.corv_messages()),
        described.CORV_RECORD,
        *_table(("message", "element", "field", "when"), described.corv_rows()),
        described.IWMO_IWLZ,
        described.example(),
        _REASONS,
        *_table(("code", "sentence"), ((f"`{reason}`", text) for reason, text in SENTENCES.items())),
    ]
    return "\n".join(parts) + "\n"


def _formats() -> Iterator[tuple[str, ...]]:
    for each in FORMATS:
        types = ", ".join(f"`{name}`" for name in each.media_types)
        kinds = "all but politie, om, dji" if each.kinds == OTHER_KINDS else ", ".join(sorted(each.kinds))
        yield each.name, types, kinds


def _by_keys() -> str:
    known = sorted(((keys, each.name) for each in FORMATS for keys in each.keys), key=lambda one: -len(one[0]))
    return ", ".join(f"{_all_of(keys)} is {name}" for keys, name in known)


def _all_of(keys: frozenset[str]) -> str:
    return " and ".join(f"`{key}`" for key in sorted(keys)) or "none of these"


def _by_root() -> str:
    known = sorted(((each.root, each.name) for each in FORMATS if each.root is not None), reverse=True)
    return ", ".join(f"{f'a name that ends in `{root}`' if root else 'any other'} is {name}" for root, name in known)


def _never(what: str, rows: Iterable[tuple[str, Reason]]) -> Iterator[str]:
    yield ""
    yield from _table((f"{what} that is never taken", "why"), ((each, f"`{reason}`") for each, reason in rows))


def _rule(rule: Rule) -> tuple[str, ...]:
    return rule.resource, rule.element, f"`{rule.field}`", rule.when


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(row) + " |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render(), "utf-8")
