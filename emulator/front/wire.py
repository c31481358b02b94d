"""HTTP/1.1 on plain sockets: keep-alive, one thread a connection, and connections that can be cut.

A ready-made server hides the socket; here a fault has to be able to stop in the middle of a body.
"""

import email.utils
import http.client
import logging
import socket
import struct
import threading
import time
from collections.abc import Callable

from emulator.front.http import Request, Response

log = logging.getLogger("emulator.wire")

MAX_HEAD = 256 * 1024
Handler = Callable[[Request], Response]


class BadRequest(Exception):
    """What was read is not an HTTP request that this server takes."""


class Connection:
    """One client's connection, served until either side closes it."""

    def __init__(self, sock: socket.socket, handler: Handler, now: Callable[[], float]):
        self.sock = sock
        self.handler = handler
        self.now = now
        self.buffer = bytearray()

    def serve(self) -> None:
        """Answers request after request. A client that hangs up ends it, which is no error."""
        try:
            while self.serve_one():
                pass
        except (ConnectionError, TimeoutError) as ended:
            log.debug("connection ended: %s", ended)
        except BadRequest as bad:
            self.sock.sendall(self.head(400, {"Connection": "close"}, len(str(bad))) + str(bad).encode())
        finally:
            self.sock.close()

    def serve_one(self) -> bool:
        head = self.read_head()
        if head is None:
            return False
        method, target, version, headers = parse_head(head)
        if headers.get("expect", "").lower() == "100-continue":
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = self.read_body(headers)
        response = self.handler(Request(method, target, headers, body))
        keep = version == "HTTP/1.1" and headers.get("connection", "").lower() != "close"
        return self.send(response, method, keep) and keep

    def read_head(self) -> bytes | None:
        """The head's bytes, or None at the end of the connection."""
        while True:
            end = self.buffer.find(b"\r\n\r\n")
            if end >= 0:
                head = bytes(self.buffer[:end])
                del self.buffer[: end + 4]
                return head
            if len(self.buffer) > MAX_HEAD:
                raise BadRequest("the header is too long")
            if not self.fill():
                return None

    def fill(self) -> bool:
        data = self.sock.recv(256 * 1024)
        self.buffer += data
        return bool(data)

    def take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            if not self.fill():
                raise ConnectionError("the client hung up in the middle of a body")
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    def read_body(self, headers: dict[str, str]) -> bytes:
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return self.read_chunks()
        length = headers.get("content-length", "0")
        if not length.isdigit():
            raise BadRequest("Content-Length is not a number")
        return self.take(int(length))

    def read_line(self) -> bytes:
        while (end := self.buffer.find(b"\r\n")) < 0:
            if not self.fill():
                raise ConnectionError("the client hung up in the middle of a body")
        return self.take(end + 2)[:-2]

    def read_chunks(self) -> bytes:
        parts = []
        while size := int(self.read_line().split(b";")[0], 16):
            parts.append(self.take(size))
            self.take(2)
        while self.read_line():
            pass
        return b"".join(parts)

    def send(self, response: Response, method: str, keep: bool) -> bool:
        """Sends the answer; false when the connection has been cut instead."""
        if response.cut == "before":
            return self.cut()
        headers = dict(response.headers)
        headers["Connection"] = "keep-alive" if keep else "close"
        body = response.body
        length = len(body)
        if method == "HEAD":
            length = int(headers.pop("Content-Length", headers.pop("content-length", length)))
            body = b""
        head = self.head(response.status, headers, length)
        if response.cut == "mid":
            self.sock.sendall(head + body[: len(body) // 2])
            time.sleep(0.01)
            return self.cut()
        if response.drip_seconds:
            self.drip(head, body, response.drip_seconds)
        else:
            self.sock.sendall(head + body)
        return True

    def drip(self, head: bytes, body: bytes, seconds: float) -> None:
        pieces = 20
        size = max(1, -(-len(body) // pieces))
        self.sock.sendall(head)
        for start in range(0, len(body), size):
            time.sleep(seconds / pieces)
            self.sock.sendall(body[start : start + size])

    def cut(self) -> bool:
        """Resets the connection: the client sees it break, not end."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def head(self, status: int, headers: dict[str, str], length: int) -> bytes:
        lines = [f"HTTP/1.1 {status} {http.client.responses.get(status, 'Unknown')}"]
        lines += [f"Date: {email.utils.formatdate(self.now(), usegmt=True)}"]
        skipped = {"content-length", "date", "status", "transfer-encoding"}
        lines += [f"{name}: {value}" for name, value in headers.items() if name.lower() not in skipped]
        if status >= 200 and status not in (204, 304):
            lines.append(f"Content-Length: {length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")


def parse_head(head: bytes) -> tuple[str, str, str, dict[str, str]]:
    """Method, target, version and headers. Repeated headers are joined as RFC 9110 says."""
    lines = head.decode("utf-8", "surrogateescape").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1."):
        raise BadRequest("the request line is not HTTP/1.x")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if not colon:
            raise BadRequest("a header line has no colon")
        name, value = name.strip().lower(), value.strip()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return parts[0], parts[1], parts[2], headers


class Server:
    """Listens on the loopback and gives each connection a thread of its own."""

    def __init__(self, handler: Handler, now: Callable[[], float], port: int = 0):
        self.handler = handler
        self.now = now
        self.listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self.port: int = self.listener.getsockname()[1]
        self.closing = threading.Event()

    def serve_forever(self) -> None:
        while not self.closing.is_set():
            try:
                sock, _ = self.listener.accept()
            except OSError:
                if self.closing.is_set():
                    return
                raise
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(sock, self.handler, self.now)
            threading.Thread(target=connection.serve, daemon=True).start()

    def close(self) -> None:
        self.closing.set()
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
