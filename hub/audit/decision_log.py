"""What a policy decision point accounts for: one record of the Authorization Decision Log (ADL 1.0.0, Logius) a call.

A record refers and repeats nothing: question, answer and facts stand in the entries of this log that it names, under
their own keys. So it holds no name and no id of anybody, also of a search, and ends with what it refers to.
"""

import re
from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from hub.errors import NotFound
from hub.model.release import DECISION_EVENT, Entry

EVALUATION, EVALUATIONS = "adl.access_evaluation", "adl.access_evaluations"
SUBJECTS, RESOURCES, ACTIONS = "adl.search_subject", "adl.search_resource", "adl.search_action"
EVENTS = (EVALUATION, EVALUATIONS, SUBJECTS, RESOURCES, ACTIONS)
"""One for each door of AuthZEN."""

ENTRIES = "entries"
"""Key of the internal part of the entry of a call of several evaluations: the numbers of their entries."""

_LOG = "hub-log"
_STATUS = ("Unset", "Ok", "Error")
_KNOWN = frozenset(
    {"trace_id", "span_id", "parent_span_id", "event_name", "timestamp", "status", "attributes", "resource", "body"}
)
_CORE = frozenset(f"adl.core.{name}" for name in ("request", "response", "policies", "information", "configuration"))
_IDS = {"trace_id": re.compile(r"[0-9a-f]{32}"), "span_id": re.compile(r"[0-9a-f]{16}")}


def decision_record(entry: Entry, idx: int, version: str, site: str) -> dict[str, Any] | None:
    """The record that goes in with the entry that gets the index `idx`; None where that is none of a decision.

    A refusal is an outcome: `Unset`, as the standard has it. `Error` is a policy or a store that could not answer.
    """
    event = entry.internal.get(DECISION_EVENT)
    if event is None:
        return None
    code = entry.told.get("fout")
    numbers = entry.internal.get(ENTRIES, [idx])
    revision = entry.internal.get("policy_revision")
    attributes: dict[str, Any] = {
        "adl.core.request": {_LOG: numbers},
        "adl.core.response": {_LOG: numbers},
        "adl.core.information": {_LOG: numbers},
        "adl.core.configuration": {"hub": version},
    }
    if revision is not None:
        attributes["adl.core.policies"] = {"hub": revision}
    if entry.trace.transaction is not None:
        attributes["adl.fsc.transaction_id"] = entry.trace.transaction
    record = {
        "trace_id": entry.trace.id,
        "span_id": token_hex(8),
        "event_name": event,
        "timestamp": int(entry.at.timestamp() * 1000),
        "status": "Unset" if code in (None, NotFound.code) else "Error",
        "attributes": attributes,
        "resource": {"service.name": "hub", "service.version": version, "hub.log": site},
    }
    return record if entry.trace.parent is None else {**record, "parent_span_id": entry.trace.parent}


def faults_of_decision(document: object) -> list[str]:
    """Every way in which `document` is no record of the decision log, as `key: what is wrong`; empty when it is one."""
    if not isinstance(document, Mapping):
        return ["record: geen object"]
    faults = [f"{key}: onbekend" for key in sorted(map(str, set(document) - _KNOWN))]
    forms = {**_IDS, **({"parent_span_id": _IDS["span_id"]} if "parent_span_id" in document else {})}
    for key, form in forms.items():
        if not _is_id(document.get(key), form):
            faults.append(f"{key}: geen id van deze lengte")
    if document.get("event_name") not in EVENTS:
        faults.append(f"event_name: kies uit {', '.join(EVENTS)}")
    if document.get("status") not in _STATUS:
        faults.append(f"status: kies uit {', '.join(_STATUS)}")
    moment = document.get("timestamp")
    if not isinstance(moment, int) or isinstance(moment, bool) or not 0 <= moment < 1 << 64:
        faults.append("timestamp: geen milliseconden")
    return faults + _faults_of_parts(document)


def _faults_of_parts(document: Mapping[str, Any]) -> list[str]:
    parts = {name: document.get(name, {}) for name in ("attributes", "resource", "body")}
    faults = [f"{name}: geen object" for name, part in parts.items() if not isinstance(part, Mapping)]
    if faults:
        return faults
    attributes, body = parts["attributes"], parts["body"]
    faults = [f"{key}: hier én in body" for key in sorted(_CORE & set(attributes) & set(body))]
    faults += [f"body: {key} onbekend" for key in sorted(map(str, set(body) - _CORE))]
    told = "adl.core.response" in {*attributes, *body} or document.get("status") == "Error"
    return faults + ([] if told else ["adl.core.response: ontbreekt"])


def _is_id(found: object, form: re.Pattern[str]) -> bool:
    return isinstance(found, str) and form.fullmatch(found) is not None and found.strip("0") != ""
