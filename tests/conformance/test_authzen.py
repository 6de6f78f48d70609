"""The messages that AuthZEN NL GOV and the decision log print, against what the hub takes and accounts for."""

import json
from pathlib import Path
from typing import Any

import pytest

from hub.api import authzen_models as models
from hub.audit.decision_log import faults_of_decision


def _printed(samples: Path, name: str) -> list[Any]:
    found = json.loads((samples / "authzen" / name).read_text())
    return [one["body"] if isinstance(one, dict) and "http" in one else one for one in found]


def test_the_records_that_the_standard_prints_are_such_records(samples: Path) -> None:
    printed = _printed(samples, "adl-1.0.0.examples.json")
    records = [one for one in printed if isinstance(one, dict) and "event_name" in one]
    assert len(records) > 3
    assert [fault for one in records for fault in faults_of_decision(one)] == []


@pytest.mark.parametrize(
    ("model", "least"),
    [
        (models.EvaluationIn, 2), (models.EvaluationsIn, 6), (models.SubjectSearchIn, 2), (models.ResourceSearchIn, 4),
        (models.ActionSearchIn, 2),
    ],
)  # fmt: skip
def test_every_question_that_the_profile_prints_is_of_its_shape(samples: Path, model: Any, least: int) -> None:
    questions = [
        one
        for one in _printed(samples, "authzen-nlgov-1.0.0.examples.json")
        if isinstance(one, dict) and _door(one) is model
    ]
    assert len(questions) >= least
    for question in questions:
        model.model_validate(question)


def _door(message: dict[str, Any]) -> Any:
    """Of which door a printed question is, by what it leaves out."""
    if "evaluations" in message:
        asked = all("decision" not in one for one in message["evaluations"])
        return models.EvaluationsIn if asked else None
    if not {"subject", "resource"} <= set(message):
        return None
    if "action" not in message:
        return models.ActionSearchIn
    if "id" not in message["subject"]:
        return models.SubjectSearchIn
    return models.EvaluationIn if "id" in message["resource"] else models.ResourceSearchIn
