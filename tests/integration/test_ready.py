"""`/gezond` says that the process lives, `/gereed` that it can answer; else which part cannot, as a problem."""

import logging

import pytest

from hub.pdp.pdp import NoPolicy
from hub.pdp.policy import Policy
from hub.store.units import Tx
from tests.region import World
from tests.region import region as region  # noqa: PLC0414 - the fixture


def break_store(region: World) -> None:
    region.hub.store.commit(lambda tx: tx.connection.exec_driver_sql("ALTER TABLE log_checkpoints RENAME TO gone"))


def break_keys(region: World) -> None:
    region.hub.keyring.destroy("hub/index")


def break_policy(region: World) -> None:
    region.hub.in_force._own = Policy(region.hub.bundle, NoPolicy())


@pytest.mark.parametrize("part", ["opslag", "sleutels", "beleid"])
def test_the_part_that_cannot_answer_is_named(region: World, caplog: pytest.LogCaptureFixture, part: str) -> None:
    assert (region.get("/gereed").status_code, region.get("/gereed").json()) == (200, {"status": "gereed"})
    {"opslag": break_store, "sleutels": break_keys, "beleid": break_policy}[part](region)
    caplog.set_level(logging.INFO)
    answer = region.get("/gereed")
    assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
    assert answer.headers["Retry-After"] == "5"
    body = answer.json()
    assert (body["code"], body["onderdeel"], body["status"]) == ("niet-gereed", part, 503)
    assert "request.unavailable" in caplog.messages
    assert (region.get("/gezond").status_code, region.get("/gezond").json()) == (200, {"status": "gezond"})


@pytest.mark.parametrize("emptied", [("log_head",), ("log_head", "log_entries"), ("log_head", "log_checkpoints")])
def test_a_log_that_lost_its_end_is_not_ready(region: World, emptied: tuple[str, ...]) -> None:
    assert region.released("politie-noord")

    def empty(tx: Tx) -> None:
        for table in emptied:
            tx.connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - a table of the list above

    region.hub.store.commit(empty)
    answer = region.get("/gereed")
    assert (answer.status_code, answer.json()["onderdeel"]) == (503, "opslag")
    assert "logboek" in answer.json()["detail"]
