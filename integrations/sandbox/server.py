"""The HTTP server: one mount point a provider, the control API under ``/_control/``, a page at ``/``."""

from __future__ import annotations

import http.server
import os
import socket
import sys
import threading
import time
from typing import Any
from urllib.parse import parse_qsl, unquote

from integrations.sandbox.clock import Clock
from integrations.sandbox.control import Control, Stand
from integrations.sandbox.http import Request, Response, html_response, json_response
from integrations.sandbox.kombo.sandbox import KomboSandbox
from integrations.sandbox.linkup.sandbox import LinkUpSandbox
from integrations.sandbox.pages import front_page
from integrations.sandbox.recruspace.sandbox import RecruspaceSandbox
from integrations.sandbox.talynce.sandbox import TalynceSandbox

MAX_BODY = 32 * 1024 * 1024


class Sandbox:
    """All stand-ins behind one port. Use as a context manager in tests; ``port=0`` takes a free one."""

    def __init__(
        self,
        port: int = 0,
        *,
        host: str = "127.0.0.1",
        people: int = 320,
        seed: int = 1,
        read_delay: float = 20,
        state: str | os.PathLike[str] | None = None,
        lift_limits: bool = False,
    ) -> None:
        self.clock = Clock()
        self.kombo = KomboSandbox(
            people=people, seed=seed, read_delay=read_delay, state=state, clock=self.clock, lift_limits=lift_limits
        )
        self.linkup = LinkUpSandbox(
            people=max(40, people // 2), seed=seed, state=state, clock=self.clock, lift_limits=lift_limits
        )
        self.recruspace = RecruspaceSandbox(
            people=max(40, people // 3), seed=seed, state=state, clock=self.clock, lift_limits=lift_limits
        )
        self.talynce = TalynceSandbox(
            people=max(40, people // 4), seed=seed, state=state, clock=self.clock, lift_limits=lift_limits
        )
        self.providers: dict[str, Stand] = {
            "kombo": self.kombo,
            "linkup": self.linkup,
            "recruspace": self.recruspace,
            "talynce": self.talynce,
        }
        self.control = Control(self)
        self.httpd = _Server((host, port), self)
        self.url = f"http://{host}:{self.httpd.server_address[1]}"
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Sandbox:
        self._thread = threading.Thread(target=self.serve, name="sandbox", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.httpd.shutdown()
        if self._thread:
            self._thread.join()
        self.close()

    def serve(self) -> None:
        self.httpd.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self.httpd.server_close()
        self.httpd.hang_up()
        for provider in self.providers.values():
            provider.close()

    def handle(self, request: Request) -> Response:
        """Send a request to its mount point. A provider sees paths without its own name."""
        first, _, rest = request.path.lstrip("/").partition("/")
        if first == "":
            return html_response(front_page(self))
        if first == "_control":
            request.path = "/" + rest
            return self.control.handle(request)
        if first in self.providers:
            request.path = "/" + rest
            return self.providers[first].handle(request)
        return json_response({"error": "Nothing lives at this address."}, 404)


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self._open: set[socket.socket] = set()
        super().__init__(address, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no news; anything else is."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        """End connections kept alive, so that a stopped sandbox answers nobody."""
        for connection in list(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > MAX_BODY:
            self.close_connection = True
            return self._deliver(json_response({"error": "The body is too large."}, 413))
        path, _, query = self.path.partition("?")
        pairs = dict(parse_qsl(query, keep_blank_values=True))
        body = self.rfile.read(length) if length else b""
        request = Request(self.command, unquote(path), pairs, self.headers, body)
        return self._deliver(self.server.sandbox.handle(request))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = _serve

    def _deliver(self, response: Response) -> None:
        wire = response.wire
        if wire and wire.hold_seconds:
            time.sleep(wire.hold_seconds)
        if wire and not wire.answer:
            self.close_connection = True
            return
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self._write(response)
        self.wfile.flush()

    def _write(self, response: Response) -> None:
        body, wire = response.body, response.wire
        if wire is None:
            self.wfile.write(body)
        elif wire.send is not None:
            self.wfile.write(body[: wire.send])
            self.close_connection = True
        else:
            step = max(1, len(body) // 20)
            for start in range(0, len(body), step):
                self.wfile.write(body[start : start + step])
                self.wfile.flush()
                time.sleep(wire.drip_seconds / 20)

    def version_string(self) -> str:
        return "sandbox"

    def log_message(self, *_args: Any) -> None:
        """Stay quiet: the page shows what was received."""
