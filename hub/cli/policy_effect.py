"""`hub beleid effect`: decisions of before taken again under another policy, and those that come out differently."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from hub.casework.operators import Who
from hub.cli.accounts import FIRST, instant_of
from hub.cli.effect_shown import lines
from hub.cli.ending import INTERRUPTED, NO, NOT_NOW
from hub.cli.opening import opened_hub
from hub.cli.operator import add_operator_options, signer_of
from hub.cli.policy_compare import must_be_there
from hub.cli.progress import Progress
from hub.crypto.keyring import Keyring
from hub.errors import ShapeError, StoreUnavailable
from hub.governance.candidate import candidate, switches, unmet
from hub.governance.effect import NO_ANSWER, Deciding, Effect
from hub.governance.journal import About, Journal
from hub.governance.parts import Part, entered, parts_of
from hub.governance.past import Span
from hub.model.release import Entry
from hub.pdp.bundle import Bundle, read_bundle
from hub.pdp.embedded import Bounds, EmbeddedEngine
from hub.pdp.pdp import PolicyDecisionPoint
from hub.policy.compiling import opa_at_hand
from hub.settings import Settings, from_environment
from hub.store.engine import Added, Connection, Store
from hub.store.wrapped_keys import KeyStore

STATE = "beleid-effect.stand"
"""File below HUB_HOME in which stands how far it has come."""

_PATIENCE = Bounds(seconds=30)
"""Nobody waits for these decisions; a machine that is busy must not make one a refusal."""

_deciding: Deciding | None = None
"""Of a process that decides."""


def add_parser(acts: Any) -> None:
    """The options of `hub beleid effect`."""
    parser = acts.add_parser("effect", help="neem eerdere beslissingen opnieuw onder ander beleid")
    parser.add_argument("nieuw", metavar="NIEUW", type=Path, help="map met het andere beleid, of een bundel daarvan")
    parser.add_argument("--sinds", metavar="DATUM", help="beslissingen vanaf deze datum of dit tijdstip, anders alle")
    parser.add_argument("--per-verzoek", action="store_true", help="noem ook elk verzoek, met de regel in het logboek")
    parser.add_argument("--verder", action="store_true", help="ga verder met de meting die is onderbroken")
    parser.add_argument("--processen", metavar="N", type=int, help="zoveel beslissen er tegelijk (anders 2)", default=2)
    add_operator_options(parser)


def run(options: argparse.Namespace) -> int:
    """0: told. 1: told, but the other policy gave no answer to some. 3: broken off by a fault. 130: interrupted."""
    from hub.wiring import ROOT

    must_be_there(options.nieuw)
    settings = from_environment(os.environ, ROOT)
    policy, notes = candidate(options.nieuw, read_bundle(settings.policies), opa_at_hand())
    revision = policy.revision
    signer, state = signer_of(options), settings.home / STATE
    since = instant_of(options.sinds, FIRST, "--sinds")
    journal = _resumed(state, revision) if options.verder else None
    with opened_hub() as hub:
        since = journal.about.since if journal else since
        end = entered(hub.store, Who(options.operator, signer, hub.now()), revision, since)
        journal = journal or Journal.begin(state, About(revision, since, end))
        parts = parts_of(hub.store, journal.about.span)
    if (status := _measured(journal, parts, (settings, policy), options.processen)) != 0:
        journal.close()
        print(f"Onderbroken. Geef dezelfde opdracht met --verder om verder te gaan (stand: {state}).", file=sys.stderr)
        return status
    effect = Effect()
    for part in journal.parts:
        effect.add(part)
    shown = lines(effect, unmet(policy, effect.moments), each=options.per_verzoek)
    print(f"Beleid: {revision}", *notes, *shown, sep="\n")
    journal.end()
    return NO if effect.lost[NO_ANSWER] else 0


def _resumed(state: Path, revision: str) -> Journal:
    journal = Journal.resumed(state)
    if journal.about.revision != revision:
        journal.close()
        raise ShapeError("De eerdere meting ging over ander beleid. Begin opnieuw, zonder --verder.", place="--verder")
    return journal


def _measured(journal: Journal, parts: Sequence[Part], given: tuple[Settings, Bundle], processes: int) -> int:
    """Add what is found in the parts that are not in `journal` yet: 0, or the status with which it was broken off."""
    done = len(journal.parts)
    bar, total = Progress("beslissingen"), sum(part.count for part in parts)
    counted = sum(part.count for part in parts[:done])
    bar(counted, total)
    # Started anew and not forked: what this process has open is its own.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), _ready, given)
    try:
        found = pool.map(_found, [(part.log_keys, journal.about.span) for part in parts[done:]])
        for part, effect in zip(parts[done:], found, strict=True):
            journal.add(effect)
            counted += part.count
            bar(counted, total)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenProcessPool:
        return NOT_NOW
    finally:
        pool.shutdown(cancel_futures=True)
        if counted < total:
            bar.leave()
    return 0


def _ready(settings: Settings, policy: Bundle) -> None:
    """Make a process ready to decide under `policy`, on what `settings` name."""
    from hub.wiring import keks_of, utc_now

    # An interruption is for who started this process: he ends it. Killed, he ends nobody.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent_process(),), daemon=True).start()
    global _deciding  # noqa: PLW0603 - what a process of a pool works with has no other place
    keyring = Keyring(KeyStore(settings.keys_url, utc_now), keks_of(settings))
    pdp = PolicyDecisionPoint(EmbeddedEngine(policy, _PATIENCE))
    _deciding = Deciding(Store(settings.store_url, _unwritten), keyring, pdp, switches(policy))


def _end_with(parent: Any) -> None:
    """Leave no process behind that holds keys and has nobody to work for."""
    parent.join()
    os._exit(1)


def _found(work: tuple[tuple[str, ...], Span]) -> Effect:
    assert _deciding is not None  # noqa: S101 - each process was made ready
    return _deciding.effect(*work)


def _unwritten(_connection: Connection, _entries: Sequence[Entry]) -> Added:
    """Who decides again writes nothing."""
    raise StoreUnavailable
