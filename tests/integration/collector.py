"""A collector of OpenTelemetry on loopback: takes OTLP over HTTP, keeps what it was sent, and can be slow or say no."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


class Collector:
    """What was sent: raw bodies, and the same decoded."""

    def __init__(self) -> None:
        self.raw: list[tuple[str, bytes]] = []
        self.status = 200
        self.location: str | None = None
        self.hold = threading.Event()
        self.hold.set()
        self.base = ""

    def spans(self) -> list[Any]:
        """Every span."""
        return [
            span
            for path, body in self.raw if path == "/v1/traces"
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]  # fmt: skip

    def metrics(self) -> dict[str, Any]:
        """Every metric by its name, as last sent."""
        return {
            metric.name: metric
            for path, body in self.raw if path == "/v1/metrics"
            for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }  # fmt: skip


def attributes(of: Any) -> dict[str, Any]:
    """The attributes of a span or a point."""
    return {one.key: getattr(one.value, one.value.WhichOneof("value")) for one in of.attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector that listens."""
    found = Collector()

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.hold.wait(60)
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            found.raw.append((self.path, body))
            self.send_response(found.status)
            if found.location is not None:
                self.send_header("Location", found.location + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        server.daemon_threads = True
        found.base = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield found
        finally:
            found.hold.set()
            server.shutdown()
