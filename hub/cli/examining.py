"""What `hub doctor` looks at, one function a part. Each gives its findings, names what to do, and changes nothing."""

import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NoReturn

from hub.audit.log import Log
from hub.audit.recent import newest_revision, recent_faults
from hub.crypto.keyring import Keyring
from hub.crypto.signing import Signer
from hub.errors import EngineUnavailable, HubError, Sealed, WeakConfiguration
from hub.model.instant import from_text, to_text
from hub.pdp.bundle import Bundle
from hub.pdp.pdp import NoPolicy, PolicyDecisionPoint
from hub.policy_wiring import fleet_of, named_key, policy_of, tenant_of
from hub.settings import Settings, must_have_tls, reasons_to_refuse
from hub.store.engine import Store
from hub.store.inspection import Inspected, file_of, inspected
from hub.store.log import entry, head, last_at
from hub.store.notices import open_count
from hub.store.wrapped_keys import KeyStore
from hub.telemetry import reasons_to_refuse as reasons_against_telling
from hub.wiring import keks_of, log_origin, processing_of

LITTLE, TOO_LITTLE = 1 << 30, 100 << 20
"""Bytes of free disk: below the first it is said, below the second it is a fault."""

AHEAD = timedelta(seconds=2)
"""How far the newest entry may lie ahead of this clock: processes on several machines are never quite alike."""


class Grade(StrEnum):
    """How it stands with one thing."""

    WELL = "goed"
    CARE = "let op"
    WRONG = "fout"


@dataclass(frozen=True)
class Finding:
    """One line: of which part, how it stands, what was found, and what to do about it."""

    part: str
    grade: Grade
    what: str
    remedy: str = ""


@dataclass(frozen=True)
class Patient:
    """What is examined."""

    settings: Settings
    environment: Mapping[str, str]
    bundle: Bundle
    now: datetime

    @cached_property
    def policy(self) -> PolicyDecisionPoint | NoPolicy:
        """What decides by these settings, built once. Raises WeakConfiguration."""
        return policy_of(self.settings, self.bundle)


Part = Callable[[Patient], Iterator[Finding]]


def configuration(patient: Patient) -> Iterator[Finding]:
    """Every reason at once why a hub with these settings would not start."""
    settings = patient.settings
    reasons = reasons_to_refuse(settings, patient.bundle.approvals)
    reasons += reasons_against_telling(patient.environment, demo=settings.demo)
    reasons += _reasons_of_files(patient)
    for reason in reasons:
        yield Finding("instellingen", Grade.WRONG, reason, "pas de instelling aan (gids voor beheerders, Settings)")
    for name, path in _named_files(settings):
        if path is not None and not os.access(path, os.R_OK) and not any(name in reason for reason in reasons):
            what = f"{name}: het bestand is niet te lezen"
            yield Finding("instellingen", Grade.WRONG, what, "zet het bestand neer, leesbaar voor de hub")
            reasons.append(what)
    if settings.demo:
        yield Finding("instellingen", Grade.CARE, "dit is het demoprofiel", "gebruik alleen verzonnen personen")
    elif not reasons:
        yield Finding("instellingen", Grade.WELL, "het productieprofiel start met deze instellingen")


def _reasons_of_files(patient: Patient) -> list[str]:
    """Why `hub serve` would refuse what stands in the files that the settings name: opened as it opens them."""
    settings, reasons = patient.settings, list[str]()
    for open_them in (
        lambda: must_have_tls(settings),
        lambda: named_key(settings),
        lambda: fleet_of(settings, patient.bundle, _no_policy_yet),
        lambda: tenant_of(settings),
        lambda: patient.policy,
    ):
        try:
            open_them()
        except WeakConfiguration as refusal:
            reasons += (reason for reason in refusal.reasons if reason not in reasons)
    return reasons


def _no_policy_yet() -> NoReturn:
    raise EngineUnavailable


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
        files += sorted(Path(settings.kek.partition(":")[2]).glob("kek-*.key"))
    bad = 0
    for path in files:
        if path is None or not path.exists():
            continue
        if _open_to_others(path):
            bad += 1
            what = f"{path.name} is leesbaar of schrijfbaar voor anderen"
            yield Finding("rechten", Grade.WRONG, what, "zet de rechten op 0600 en die van de map op 0700")
    if not bad:
        yield Finding("rechten", Grade.WELL, "bestanden met sleutels en gegevens zijn alleen voor de hub")


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
            keyring.check()
            keyring.get("hub/index")
        except WeakConfiguration as refusal:
            for reason in refusal.reasons:
                yield Finding(
                    "sleutels", Grade.WRONG, reason.rstrip("."), "herstel de hoofdsleutel, of `hub sleutels begin`"
                )
        except Sealed:
            what = "de eigen sleutels van de hub zijn er niet of gaan niet open"
            yield Finding("sleutels", Grade.WRONG, what, "zet de sleutelopslag terug die bij deze gegevens hoort")
        except HubError as error:
            yield Finding(
                "sleutels", Grade.WRONG, error.sentence, "kijk of de sleutelmodule en haar database antwoorden"
            )
        else:
            yield Finding("sleutels", Grade.WELL, f"hoofdsleutel {keyring.current} opent de sleutelopslag")


def store(patient: Patient) -> Iterator[Finding]:
    """The data store is there, takes writes, and keeps what it is given."""
    found = inspected(patient.settings.store_url)
    if found.sound:
        yield Finding("opslag", Grade.WELL, "bereikbaar, schrijfbaar en duurzaam ingesteld; alle tabellen zijn er")
    else:
        yield from _of_database("opslag", "HUB_STORE_URL", found)


def _of_database(part: str, setting: str, found: Inspected) -> Iterator[Finding]:
    if not found.reached:
        what = "de database is niet te bereiken, of er is er nog geen"
        yield Finding(part, Grade.WRONG, what, f"kijk naar {setting}; de eerste `hub serve` maakt de tabellen")
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
    if not (inspected(settings.store_url).sound and inspected(settings.keys_url, keys=True).sound):
        yield Finding("logboek", Grade.WRONG, "niet te bekijken zonder opslag en sleutels", "los dat eerst op")
        return
    with closing(KeyStore(settings.keys_url, lambda: patient.now)) as key_store:
        try:
            keyring = Keyring(key_store, keks_of(settings))
            yield from _log_of(patient, keyring)
        except HubError as error:
            yield Finding("logboek", Grade.WRONG, f"niet te bekijken: {error.sentence}", "los eerst de sleutels op")


def _log_of(patient: Patient, keyring: Keyring) -> Iterator[Finding]:
    settings = patient.settings
    signer, processing = Signer(keyring.get("hub/log-signing")), processing_of(settings, keyring, lambda: patient.now)
    own = Log(signer, log_origin(settings), keyring, processing)
    with closing(Store(settings.store_url, own.seal)) as opened, opened.snapshot() as moment:
        faults = recent_faults(moment, own.key, keyring)
        end = head(moment)
        newest = entry(moment, end.size - 1) if end is not None and end.size else None
        signed_at = last_at(moment)
        revision = newest_revision(moment, keyring)
        notices = open_count(moment)
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
    if revision is not None and revision != patient.bundle.revision:
        what = "het beleid is een ander dan dat van de nieuwste beslissing in het logboek"
        yield Finding("beleid", Grade.CARE, what, "goed na een wisseling van beleid; kijk anders naar HUB_POLICIES")


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
        policy = patient.policy
    except WeakConfiguration:
        yield Finding("beleid", Grade.WRONG, "niet te bekijken met deze instellingen", "los die eerst op")
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


def disk(patient: Patient) -> Iterator[Finding]:
    """There is room for what the hub writes on this machine."""
    folders = {patient.settings.home, *(f.parent for f in (file_of(patient.settings.store_url),) if f is not None)}
    free = [shutil.disk_usage(folder).free for folder in folders if folder.is_dir()]
    if not free:
        yield Finding("schijf", Grade.CARE, "de map van HUB_HOME is er nog niet", "de eerste `hub serve` maakt hem")
        return
    least = min(free)
    grade = Grade.WRONG if least < TOO_LITTLE else Grade.CARE if least < LITTLE else Grade.WELL
    remedy = "" if grade is Grade.WELL else "maak ruimte: zonder ruimte geen regel, en zonder regel geen antwoord"
    yield Finding("schijf", grade, f"{least >> 20} MiB vrij", remedy)


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
