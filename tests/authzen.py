"""A partner's system that asks at the AuthZEN doors: of a hub in process, or of a real server on a real socket."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from hub.api.authzen import BASE
from tests.region import OPEN, Line, World

PATHS = {
    "evaluation": "/evaluation",
    "evaluations": "/evaluations",
    "subjects": "/search/subject",
    "resources": "/search/resource",
    "actions": "/search/action",
}
Body = dict[str, Any]


@dataclass
class Sender:
    """Sends as one partner: `line` over a socket, below the address of a tenant or of the hub itself."""

    line: Line
    tenant: str = ""

    def send(self, door: str, body: Any, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """One call at a door."""
        url = f"{self.line.base}{self.tenant}{BASE}{PATHS[door]}"
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        proven = self.line.proven("POST", url)
        return self.line.http.post(
            url, content=content, headers={"Content-Type": "application/json", **proven, **(headers or {})}
        )

    def answered(self, door: str, body: Any) -> Any:
        """The body of an answer that must be 200."""
        found = self.send(door, body)
        assert (found.status_code, found.headers["content-type"]) == (200, "application/json"), found.text
        return found.json()

    def decision(self, subject: Body, action: Body | str, resource: Body, **more: Any) -> bool:
        """The decision of one evaluation."""
        named = {"name": action} if isinstance(action, str) else action
        body = {"subject": subject, "action": named, "resource": resource, **more}
        decision = self.answered("evaluation", body)["decision"]
        assert isinstance(decision, bool)
        return decision

    def decisions(self, body: Body) -> list[bool]:
        """The decisions of several."""
        found = self.answered("evaluations", body)
        assert set(found) == {"evaluations"}
        return [one["decision"] for one in found["evaluations"]]

    def found(self, door: str, body: Body) -> list[str]:
        """The ids, or the names, of a search."""
        results = self.answered(door, body)["results"]
        return [one["name"] if door == "actions" else one["id"] for one in results]


def thing(kind: str, id_: str, **properties: Any) -> Body:
    """A subject or a resource."""
    return {"type": kind, "id": id_, **({"properties": properties} if properties else {})}


def me(partner: str) -> Body:
    """How the first user of a partner names himself."""
    return thing("gebruiker", f"{partner}/{partner}-1")


def at_door(
    region: World, partner: str, door: str, body: Any, *, headers: Mapping[str, str] | None = None, **more: Any
) -> httpx.Response:
    """One call of a partner at a door of the hub in process."""
    return region.send(partner, "POST", PATHS[door], body, base=f"{region.settings.public_url}{BASE}",
                       headers=headers or {}, **more)  # fmt: skip


def question(
    region: World, partner: str, *fields: str, purpose: str = "D02", action: str = "lezen", **more: Any
) -> Body:
    """Whether the partner may have fields (none: all) of the casus."""
    named: Sequence[str] = fields or ("*",)
    resource = thing("casus", more.pop("casus", None) or region.names[OPEN][partner], velden=list(named))
    context = {"purpose": purpose, **more.pop("context", {})}
    return {"subject": me(partner), "action": {"name": action}, "resource": resource, "context": context, **more}
