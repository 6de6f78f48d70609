"""What `hub doctor` looks at, one function a part. Each gives its findings, names what to do, and changes nothing."""

import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from hub.audit.log import Log
from hub.audit.recent import newest_revision, recent_faults
from hub.cli.examining_revisions import revisions
from hub.cli.finding import (
    AS_HUB,
    AT_SERVER,
    DEEDS_FOR_SERVER,
    OF_STATE,
    PROFILE_NAMES,
    Finding,
    Grade,
    Part,
    Patient,
    deed_for_key,
    refusal_of,
    unknown,
)
from hub.crypto.keyring import Keyring
from hub.crypto.signing import Signer
from hub.errors import EngineUnavailable, HubError, Sealed, StoreUnavailable, WeakConfiguration
from hub.model.instant import from_text, to_text
from hub.pdp.opa_fleet import SENTENCES, WELL, FleetDecisionPoint, trouble
from hub.settings import Settings, unknown_names
from hub.starting import reasons_not_to_start
from hub.store.engine import Store
from hub.store.inspection import Inspected, State, file_of, inspected, reach
from hub.store.log import entry, head, last_at
from hub.store.notices import open_count
from hub.store.wrapped_keys import KeyStore
from hub.wiring import keks_of, log_origin, processing_of

LITTLE, TOO_LITTLE = 1 << 30, 100 << 20
"""Bytes of free disk: below the first it is said, below the second it is a fault."""

AHEAD = timedelta(seconds=2)
"""How far the newest entry may lie ahead of this clock: processes on several machines are never quite alike."""


def configuration(patient: Patient) -> Iterator[Finding]:
    """Every reason at once why a hub with these settings would not start."""
    settings = patient.settings
    reasons = reasons_not_to_start(settings, patient.environment, patient.bundle)
    yield from map(refusal_of, reasons)
    for name, path in _named_files(settings):
        if path is None or reach(path) is State.OPENED or any(name in reason for reason in reasons):
            continue
        what = f"{name}: het bestand is niet te lezen"
        yield Finding("instellingen", Grade.WRONG, what, "zet het bestand neer, leesbaar voor de hub")
        reasons.append(what)
    yield from map(unknown, unknown_names(patient.environment))
    if settings.demo:
        what = f"dit is het {PROFILE_NAMES[settings.profile]}"
        yield Finding("instellingen", Grade.CARE, what, "gebruik alleen verzonnen personen")
    elif not reasons:
        yield Finding("instellingen", Grade.WELL, "het productieprofiel start met deze instellingen")


def _named_files(settings: Settings) -> list[tuple[str, Path | None]]:
    return [
        ("HUB_TLS_CERTIFICATE", settings.tls_certificate), ("HUB_TLS_KEY", settings.tls_key),
        ("HUB_TLS_CLIENT_CA", settings.tls_client_ca), ("HUB_OPA_TOKEN_FILE", settings.opa_token_file),
        ("HUB_OPA_CA_FILE", settings.opa_ca_file), ("HUB_POLICY_KEY_FILE", settings.policy_key_file),
        ("HUB_FLEET_TOKEN_FILE", settings.fleet_token_file),
    ]  # fmt: skip


def key_files(patient: Patient) -> Iterator[Finding]:
    """Nobody but the hub may read or replace a file with keys or sealed values."""
    settings = patient.settings
    files = [file_of(settings.keys_url), file_of(settings.store_url), settings.tls_key, settings.opa_token_file]
    files += [settings.policy_key_file, settings.fleet_token_file]
    if settings.kek.startswith("file:"):
        files += _keks_in(Path(settings.kek.partition(":")[2]))
    found = {path: _rights(path) for path in files if path is not None}
    for path in [path for path, rights in found.items() if rights is Rights.OTHERS]:
        what = f"{path.name} is leesbaar of schrijfbaar voor anderen"
        yield Finding("rechten", Grade.WRONG, what, "zet de rechten op 0600 en die van de map op 0700")
    if shut := sorted(path.name for path, rights in found.items() if rights is Rights.UNSEEN):
        yield Finding("rechten", Grade.WRONG, f"deze gebruiker mag niet bij {', '.join(shut)}", AS_HUB)
    if not {Rights.OTHERS, Rights.UNSEEN} & set(found.values()):
        yield Finding("rechten", Grade.WELL, "bestanden met sleutels en gegevens zijn alleen voor de hub")


def _keks_in(folder: Path) -> list[Path]:
    try:
        return sorted(folder.glob("kek-*.key"))
    except PermissionError:
        # Of a folder that cannot be entered its own rights are all that there is to tell of.
        return [folder]


class Rights(StrEnum):
    """For whom a file is."""

    OWN = "own"
    OTHERS = "others"
    ABSENT = "absent"
    UNSEEN = "unseen"


def _rights(path: Path) -> Rights:
    try:
        return Rights.OTHERS if _open_to_others(path) else Rights.OWN
    except PermissionError:
        return Rights.UNSEEN
    except OSError:
        return Rights.ABSENT


def _open_to_others(path: Path) -> bool:
    folder = path.parent.stat()
    replaceable = folder.st_mode & 0o022 and not folder.st_mode & stat.S_ISVTX
    return bool(path.stat().st_mode & 0o077 or replaceable)


def keys(patient: Patient) -> Iterator[Finding]:
    """The key-encryption key opens the key store."""
    found = inspected(patient.settings.keys_url, keys=True)
    if not found.sound:
        yield from _of_database("sleutels", "HUB_KEYS_URL", found)
        return
    with closing(KeyStore(patient.settings.keys_url, lambda: patient.now)) as store:
        try:
            store.check_erasing()
            keyring = Keyring(store, keks_of(patient.settings))
            if not keyring.begun:
                yield Finding("sleutels", Grade.WRONG, "er is nog geen hoofdsleutel", _first_key(patient.settings))
                return
            keyring.check()
            keyring.get("hub/index")
        except WeakConfiguration as refusal:
            for reason in refusal.reasons:
                yield Finding("sleutels", Grade.WRONG, reason.rstrip("."), deed_for_key(reason))
        except Sealed:
            what = "de eigen sleutels van de hub zijn er niet of gaan niet open"
            yield Finding("sleutels", Grade.WRONG, what, "zet de sleutelopslag terug die bij deze gegevens hoort")
        except HubError as error:
            remedy = "kijk of de sleutelmodule antwoordt, en naar module, token en pincode in HUB_KEK"
            yield Finding("sleutels", Grade.WRONG, error.sentence, remedy)
        else:
            yield Finding("sleutels", Grade.WELL, f"hoofdsleutel {keyring.current} opent de sleutelopslag")


def _first_key(settings: Settings) -> str:
    return "de eerste `hub serve` maakt hem" if settings.demo else "maak hem met `hub sleutels begin`"


def store(patient: Patient) -> Iterator[Finding]:
    """The data store is there, takes writes, and keeps what it is given."""
    found = inspected(patient.settings.store_url)
    if found.sound:
        yield Finding("opslag", Grade.WELL, "bereikbaar, schrijfbaar en duurzaam ingesteld; alle tabellen zijn er")
    else:
        yield from _of_database("opslag", "HUB_STORE_URL", found)


def _of_database(part: str, setting: str, found: Inspected) -> Iterator[Finding]:
    if found.state is not State.OPENED:
        what, remedy = OF_STATE[found.state]
        yield Finding(part, Grade.WRONG, what, remedy.format(setting))
        return
    for name, value in found.settings.items():
        yield Finding(
            part, Grade.WRONG, f"{name} staat op {value}", "stel de database in als deploy/postgresql/hub.conf"
        )
    if found.missing:
        what = f"er ontbreken tabellen of kolommen: {', '.join(found.missing[:5])}"
        yield Finding(part, Grade.WRONG, what, "start de hub van deze versie, of zet een hele kopie terug")
    if found.unwritable:
        yield Finding(
            part, Grade.WRONG, "de database neemt niets aan", "geef de hub schrijfrecht, en kijk naar de schijf"
        )


def log(patient: Patient) -> Iterator[Finding]:
    """The log holds together at its end, and its clock did not run ahead of this one."""
    settings = patient.settings
    if not inspected(settings.store_url).sound:
        yield _no_log("opslag")
        return
    if not inspected(settings.keys_url, keys=True).sound:
        yield _no_log("sleutels")
        return
    with closing(KeyStore(settings.keys_url, lambda: patient.now)) as key_store:
        try:
            yield from _log_of(patient, Keyring(key_store, keks_of(settings)))
        except StoreUnavailable:
            yield _no_log("opslag")
        except HubError:
            yield _no_log("sleutels")


def _no_log(part: str) -> Finding:
    return Finding("logboek", Grade.WRONG, f"niet te bekijken zonder {part}", f"los eerst de {part} op")


def _log_of(patient: Patient, keyring: Keyring) -> Iterator[Finding]:
    settings = patient.settings
    signer, processing = Signer(keyring.get("hub/log-signing")), processing_of(settings, keyring, lambda: patient.now)
    own = Log(signer, log_origin(settings), keyring, processing)
    with closing(Store(settings.store_url, own.seal)) as opened, opened.snapshot() as moment:
        faults = recent_faults(moment, own.key, keyring)
        end = head(moment)
        newest = entry(moment, end.size - 1) if end is not None and end.size else None
        signed_at = last_at(moment)
        notices = open_count(moment)
        policy = list(revisions(patient, opened, newest_revision(moment, keyring)))
    remedy = "zet niets terug; bewaar de opslag en draai `hub log check --tegen` met een stand van elders"
    yield from (Finding("logboek", Grade.WRONG, fault, remedy) for fault in faults)
    published = settings.home / "log.vkey"
    if published.is_file() and published.read_bytes().strip() != str(own.key).encode():
        what = "de openbare sleutel in log.vkey is niet die van dit logboek"
        yield Finding("logboek", Grade.WRONG, what, "kijk of opslag, sleutels en HUB_PUBLIC_URL bij elkaar horen")
    elif not faults:
        yield Finding(
            "logboek", Grade.WELL, f"{end.size if end else 0} regels; stand, handtekening en nieuwste regels kloppen"
        )
    if times := [at for at in (newest.at if newest else None, signed_at) if at is not None]:
        yield _clock(times, patient.now)
    grade = Grade.CARE if notices else Grade.WELL
    yield Finding("meldingen", grade, f"open: {notices}", "`hub meldingen` toont wat de hub zelf heeft gemeld")
    yield from policy


def _clock(times: list[str], now: datetime) -> Finding:
    try:
        newest = max(map(from_text, times))
    except ValueError:
        what = "de nieuwste regel of stand van het logboek heeft geen tijdstip dat een tijdstip is"
        return Finding("klok", Grade.WRONG, what, "zet niets terug; bewaar de opslag en draai `hub log check`")
    if newest <= now + AHEAD:
        return Finding("klok", Grade.WELL, "loopt niet achter op de nieuwste regel van het logboek")
    behind = int((newest - now).total_seconds())
    what = f"de klok loopt {behind} seconden achter op de nieuwste regel van het logboek"
    return Finding("klok", Grade.WRONG, what, "zet de klok gelijk (NTP) voordat de hub verder schrijft")


def engine(patient: Patient) -> Iterator[Finding]:
    """The policy loads, and decides a known yes and a known no as it should."""
    try:
        policy, served = patient.policy, patient.served()
    except WeakConfiguration:
        yield Finding("beleid", Grade.WRONG, "niet te bekijken met deze instellingen", "los die eerst op")
        return
    if isinstance(served, FleetDecisionPoint):
        states = served.states(to_text(patient.now))
        yield from _servers(states)
        if trouble(states) is not None or served is not policy:
            # What the servers decide by is not what stands beside the hub; it was asked in process already.
            return
    remedy = "kijk naar HUB_POLICIES en HUB_POLICY_ENGINE; `hub beleid revision` toont wat er staat"
    if (reason := policy.ready(to_text(patient.now))) is not None:
        yield Finding("beleid", Grade.WRONG, reason, remedy)
        return
    try:
        decision = policy.decide({**KNOWN, "at": to_text(patient.now)})
    except (EngineUnavailable, HubError) as error:
        yield Finding("beleid", Grade.WRONG, error.sentence, remedy)
        return
    released = [(line.field, line.level) for line in decision.released]
    if released != [("naam", "vol")] or decision.policy_revision != patient.bundle.revision:
        yield Finding("beleid", Grade.WRONG, "een bekende vraag krijgt een ander antwoord dan zij moet", remedy)
    else:
        yield Finding("beleid", Grade.WELL, f"beslist een bekende vraag goed; revisie {decision.policy_revision[:19]}…")


def _servers(states: Mapping[str, str]) -> Iterator[Finding]:
    """What is wrong with each OPA server. As long as one is well the hub decides."""
    grade = Grade.CARE if trouble(states) is None else Grade.WRONG
    for name, code in states.items():
        if code != WELL:
            what = f"OPA-server {name} {SENTENCES[code].rstrip('.')}"
            yield Finding("beleid", grade, what, DEEDS_FOR_SERVER.get(code, AT_SERVER))


def disk(patient: Patient) -> Iterator[Finding]:
    """There is room for what the hub writes on this machine."""
    folders = {patient.settings.home, *(f.parent for f in (file_of(patient.settings.store_url),) if f is not None)}
    reached = {folder: reach(folder) for folder in folders}
    free = [shutil.disk_usage(folder).free for folder in folders if os.path.isdir(folder)]  # noqa: PTH112 - never raises
    if not free:
        yield _no_room_seen(set(reached.values()))
        return
    least = min(free)
    grade = Grade.WRONG if least < TOO_LITTLE else Grade.CARE if least < LITTLE else Grade.WELL
    remedy = "" if grade is Grade.WELL else "maak ruimte: zonder ruimte geen regel, en zonder regel geen antwoord"
    yield Finding("schijf", grade, f"{least >> 20} MiB vrij", remedy)


def _no_room_seen(found: set[State]) -> Finding:
    if State.FORBIDDEN in found:
        return Finding("schijf", Grade.CARE, "deze gebruiker mag niet zien hoeveel ruimte er is", AS_HUB)
    if found == {State.ABSENT}:
        remedy = "de eerste `hub serve` maakt hem"
        return Finding("schijf", Grade.CARE, "de map van HUB_HOME is er nog niet", remedy)
    return Finding("schijf", Grade.CARE, "HUB_HOME is geen map, dus de ruimte is niet te zien", "noem er een map")


PARTS: Final[tuple[Part, ...]] = (configuration, key_files, keys, store, log, engine, disk)

_RECORD: Final[dict[str, Any]] = {
    "field": "naam", "source": "probe", "source_kind": "college", "regime": "wgs_zvh", "levels": ["vol"],
    "person": "betrokkene", "restricted": False, "disputed": False, "objected": False, "vetoed": False,
    "uavg41": False, "supplier_agreed": False,
}  # fmt: skip

KNOWN: Final[dict[str, Any]] = {
    "at": "2026-01-01T00:00:00Z",
    "action": "lezen",
    "purpose": "D02",
    "requested": ["naam"],
    "user": {"id": "probe", "role": "regiebehandelaar", "designated": True, "screened": True, "trained": True,
             "bound_to_secrecy": True},
    "partner": {"id": "probe", "kind": "college", "standing": "deelnemer", "authority_until": None, "fulfils": ["*"]},
    "casus": {
        "id": "probe", "regime": "wgs_zvh", "phase": "traject", "aanmelder": "probe", "involved": ["probe"],
        "first_processed_at": "2025-01-01T00:00:00Z", "term_ends_at": "9999-01-01T00:00:00Z", "closed_at": None,
        "subject_age": 34, "informed_of": ["probe"],
    },
    "records": [_RECORD],
    "legal_bases": [{"id": "lb-1", "kind": "wgs", "partner": "probe", "purposes": ["D02"], "groups": ["*"],
                     "valid_from": "2025-01-01T00:00:00Z", "valid_until": None, "reason": True}],
    "secrecy_exceptions": [],
    "consents": [],
}  # fmt: skip
"""A partner that asks for its own field, with a basis: that has to be released in full. Of nobody."""
