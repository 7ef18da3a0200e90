"""A provider's end of the wire, byte by byte: for faults that no well-behaved HTTP server can make."""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    connection: int  # the number of the connection it came by, from 1


@dataclass
class Wire:
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


Script = Callable[[socket.socket, Asked, threading.Event], None]


@contextmanager
def fake_wire(script: Script, tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """Listen on a free port of 127.0.0.1; ``script`` writes the answer to each request, and closes if it means to."""
    listener = socket.create_server(("127.0.0.1", 0))
    wire = Wire(f"{'https' if tls else 'http'}://127.0.0.1:{listener.getsockname()[1]}")
    threading.Thread(target=_accept, args=(listener, script, wire, tls), daemon=True).start()
    try:
        yield wire
    finally:
        wire.over.set()
        listener.shutdown(socket.SHUT_RDWR)  # a thread that waits in accept() keeps a merely closed one open
        listener.close()


def _accept(listener: socket.socket, script: Script, wire: Wire, tls: ssl.SSLContext | None) -> None:
    number = 0
    while True:
        try:
            connection, _address = listener.accept()
            number += 1
            connection = tls.wrap_socket(connection, server_side=True) if tls else connection
        except ssl.SSLError:
            continue
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection, script, wire, number), daemon=True).start()


def _serve(connection: socket.socket, script: Script, wire: Wire, number: int) -> None:
    with suppress(OSError), connection, connection.makefile("rb") as reader:
        while line := reader.readline():
            method, path, _version = line.decode("ascii").split()
            headers = {}
            while (header := reader.readline().strip()) != b"":
                name, _, value = header.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            body = reader.read(int(headers.get("content-length", 0)))
            asked = Asked(method, path, headers, body, number)
            wire.asked.append(asked)
            script(connection, asked, wire.over)


def head(length: int, *extra: str, status: str = "200 OK", content_type: str = "application/json") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {length}", *extra, "", ""]
    return "\r\n".join(lines).encode("ascii")


def answer(body: bytes, *extra: str, status: str = "200 OK", content_type: str = "application/json") -> Script:
    """A proper answer."""

    def script(connection: socket.socket, _asked: Asked, _over: threading.Event) -> None:
        connection.sendall(head(len(body), *extra, status=status, content_type=content_type) + body)

    return script


def drip(data: bytes) -> Script:
    """One byte every 20 ms, for as long as somebody listens."""

    def script(connection: socket.socket, _asked: Asked, over: threading.Event) -> None:
        for byte in data:
            connection.sendall(bytes([byte]))
            if over.wait(0.02):
                break
        connection.close()

    return script


def silence(connection: socket.socket, _asked: Asked, over: threading.Event) -> None:
    """A black hole: the request goes in, and nothing comes out."""
    over.wait(30)


def cut(body: bytes, sent: int) -> Script:
    """Promise the whole body, send the beginning of it, hang up."""

    def script(connection: socket.socket, _asked: Asked, _over: threading.Event) -> None:
        connection.sendall(head(len(body)) + body[:sent])
        connection.shutdown(socket.SHUT_RDWR)

    return script


def reset(connection: socket.socket, _asked: Asked, _over: threading.Event) -> None:
    """RST in place of an answer."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RD)
    connection.close()
    raise ConnectionError


def gzipped(body: bytes, *, keep: int | None = None) -> Script:
    """A gzip body with a right Content-Length, whole or cut after ``keep`` bytes."""
    packed = gzip.compress(body)[:keep]
    return answer(packed, "Content-Encoding: gzip")
