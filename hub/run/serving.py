"""`hub serve`: one process of the hub. In the demonstration profile it first makes the region, once."""

import argparse
import gc
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import uvicorn

from hub.api.app import create_app
from hub.errors import WeakConfiguration
from hub.events.catalogue import HUB_STARTED, HUB_STOPPED
from hub.events.emit import emit, to_standard_error
from hub.run.region.make import ensure_region, ready_line
from hub.run.tls import CertificateProtocol
from hub.settings import Settings, unknown_names
from hub.starting import bound, refusals
from hub.telemetry import telling
from hub.wiring import ROOT, Hub, open_hub, utc_now

_GARBAGE = 10_000
"""New objects before the collector looks for rings among them; a look makes thousands, and no rings."""


def add_parser(commands: Any) -> None:
    """The options of `hub serve`."""
    parser = commands.add_parser("serve", help="zet de hub aan")
    parser.add_argument("--poort", type=int, help="poort (anders HUB_PORT, anders 8000)")
    parser.add_argument("--demo", action="store_true", help="maak bij de eerste start een demonstratieregio")


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C: 0 when ended so. Raises WeakConfiguration when the port is taken or the hub refuses to start."""
    environment = dict(os.environ)
    if options.poort is not None:
        environment["HUB_PORT"] = str(options.poort)
    if unknown := unknown_names(environment):
        # Names alone: a value may be a secret.
        print(f"Deze instellingen kent de hub niet: {', '.join(unknown)}", file=sys.stderr)
    settings, reasons = refusals(environment, ROOT)
    if options.demo and not settings.demo:
        reasons.append("--demo: alleen in het demoprofiel")
    if reasons:
        raise WeakConfiguration(reasons)
    listening = bound(settings.host, settings.port)
    if listening is None:
        raise WeakConfiguration(["HUB_PORT: deze poort is al in gebruik; kies een andere (make run PORT=8001)"])
    with listening:
        if options.demo:
            ensure_region(settings, utc_now())
        _serve_on(listening, settings, environment, region=options.demo)
    emit(HUB_STOPPED)
    return 0


def _serve_on(listening: socket.socket, settings: Settings, environment: Mapping[str, str], *, region: bool) -> None:
    hub = open_hub(settings)
    to_standard_error()
    try:
        write_key(settings, str(hub.log.key))
        hits = hub.decider.hits
        with telling(environment, version("hub"), lambda: (hits.asked, hits.served), demo=settings.demo) as told:
            print(*_welcome(settings, ready_line(settings) if region else []), sep="\n", flush=True)
            _tell_start(settings, telemetry=told)
            serve(hub, [listening])
    finally:
        hub.close()


def _tell_start(settings: Settings, *, telemetry: bool) -> None:
    emit(
        HUB_STARTED,
        profile=settings.profile,
        engine=settings.engine,
        store=settings.store,
        caches=settings.caches,
        telemetry=telemetry,
    )


def serve(hub: Hub, listening: list[socket.socket] | None = None) -> None:
    """Serve until a signal ends it, on `listening` or else where the settings say."""
    server = uvicorn.Server(_server_config(hub, lambda: server.should_exit))
    # uvicorn raises the signal again when it is done; a clean end is no fault.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: None)
    # What stands at the start stays: the collector of garbage need not walk over it again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE)
    server.run(sockets=listening)


def _server_config(hub: Hub, ending: Callable[[], bool]) -> uvicorn.Config:
    """How the hub is served: no access log (it would hold pseudonyms), no banner, bounded waits (hub.run.patience)."""
    settings = hub.settings
    return uvicorn.Config(
        create_app(hub, ending),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=CertificateProtocol,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=10,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        ssl_ca_certs=str(settings.tls_client_ca) if settings.tls_client_ca else None,
        ssl_cert_reqs=ssl.CERT_OPTIONAL if settings.tls_client_ca else ssl.CERT_NONE,
    )


def write_key(settings: Settings, vkey: str) -> None:
    """Lay the public key of the log where `hub log verify` finds it."""
    path = Path(settings.home) / "log.vkey"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(f"{vkey}\n")


def _welcome(settings: Settings, lines: list[str]) -> list[str]:
    return [
        f"De hub staat aan op {settings.public_url} (stoppen: Ctrl-C)",
        f"Beschrijving van de API: {settings.public_url}/v1/openapi.json",
        *lines,
    ]
