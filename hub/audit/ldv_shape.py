"""The shape of a record of Logboek Dataverwerkingen, by the table of LDV 1.0.0 (where its printed example differs from
that table, the table counts): what is wrong with a document that says it is one."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_TEXTS = {"trace_id": re.compile(r"[0-9a-f]{32}"), "span_id": re.compile(r"[0-9a-f]{16}")}
_STATUS = ("Unset", "Ok", "Error")
_KNOWN = frozenset(
    {"trace_id", "span_id", "parent_span_id", "status", "name", "start_time", "end_time", "resource", "attributes"}
)
_OWN_OF_THE_STANDARD = re.compile(
    r"dpl\.(core\.(processing_activity_id|data_subject_id|data_subject_id_type|foreign_operation\.processor)"
    r"|read\.externalReadAPI_id|nen7513\.[A-Za-z]+)"
)
_ACTIVITY, _SUBJECT, _SUBJECT_TYPE = (
    f"dpl.core.{name}" for name in ("processing_activity_id", "data_subject_id", "data_subject_id_type")
)
_PROCESSOR = "dpl.core.foreign_operation.processor"
_MOST = 1 << 64


def faults_of_record(document: object) -> list[str]:
    """Every way in which `document` is no record, as `key: what is wrong`; empty when it is one."""
    if not isinstance(document, Mapping):
        return ["record: geen object"]
    faults = [f"{key}: onbekend" for key in sorted(map(str, set(document) - _KNOWN))]
    for key, form in _TEXTS.items():
        if not _is_id(document.get(key), form):
            faults.append(f"{key}: geen id van deze lengte")
    if "parent_span_id" in document and not _is_id(document["parent_span_id"], _TEXTS["span_id"]):
        faults.append("parent_span_id: geen id van deze lengte")
    if document.get("status") not in _STATUS:
        faults.append(f"status: kies uit {', '.join(_STATUS)}")
    if not (isinstance(document.get("name"), str) and document["name"]):
        faults.append("name: ontbreekt")
    faults += _times(document.get("start_time"), document.get("end_time"))
    if not isinstance(document.get("resource", {}), Mapping):
        faults.append("resource: geen object")
    attributes = document.get("attributes")
    return faults + (_attributes(attributes) if isinstance(attributes, Mapping) else ["attributes: ontbreekt"])


def _is_id(found: object, form: re.Pattern[str]) -> bool:
    return isinstance(found, str) and form.fullmatch(found) is not None and found.strip("0") != ""


def _times(start: object, end: object) -> list[str]:
    faults = [
        f"{key}: geen milliseconden"
        for key, found in (("start_time", start), ("end_time", end))
        if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found < _MOST
    ]
    if not faults and isinstance(start, int) and isinstance(end, int) and end < start:
        faults.append("end_time: voor start_time")
    return faults


def _attributes(found: Mapping[str, Any]) -> list[str]:
    faults = [
        f"{key}: geen adres"
        for key in (_ACTIVITY, _PROCESSOR)
        if (key == _ACTIVITY or key in found) and not _is_uri(found.get(key))
    ]
    if (_SUBJECT in found) != (_SUBJECT_TYPE in found):
        faults.append(f"{_SUBJECT}: hoort samen met het type")
    faults += [
        f"{key}: één tekst per regel"
        for key in (_SUBJECT, _SUBJECT_TYPE)
        if key in found and not (isinstance(found[key], str) and found[key])
    ]
    own = (key for key in found if key.startswith("dpl.") and not _OWN_OF_THE_STANDARD.fullmatch(key))
    return faults + [f"{key}: eigen kenmerken beginnen niet met dpl." for key in sorted(own)]


def _is_uri(found: object) -> bool:
    if not isinstance(found, str):
        return False
    try:
        parts = urlsplit(found)
    except ValueError:
        return False
    return bool(parts.scheme and (parts.netloc or parts.path)) and found.isprintable() and " " not in found
