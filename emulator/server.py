"""Starts the stand-in, tells where it listens, and ends it."""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from emulator.aws import load
from emulator.front import accounts
from emulator.front.clock import CLOCK
from emulator.front.control import PREFIX, Control
from emulator.front.http import Request, Response
from emulator.front.pipeline import Pipeline
from emulator.front.wire import Server


class StandIn:
    """The server with its state. There is one a process: moto's state is the process's own."""

    def __init__(self, port: int = 0):
        load()
        accounts.reset()
        self.pipeline = Pipeline()
        self.control = Control(self.pipeline)
        self.server = Server(self.handle, CLOCK.now, port)

    def handle(self, request: Request) -> Response:
        if request.raw_path.startswith(PREFIX):
            return self.control.handle(request)
        return self.pipeline.handle(request)

    def about(self) -> dict[str, str]:
        return {
            "endpoint": f"http://127.0.0.1:{self.server.port}",
            "accessKeyId": accounts.BASE.access_key,
            "secretAccessKey": accounts.BASE.secret,
            "account": accounts.MANAGEMENT,
        }


def write_ready(path: str, about: dict[str, Any]) -> None:
    """Writes the ready file whole or not at all."""
    target = Path(path)
    part = target.with_name(f".{target.name}.{os.getpid()}")
    part.write_text(json.dumps(about) + "\n")
    part.replace(target)


def watch_parent(server: Server) -> None:
    """Ends the server when the process that started it is gone."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.2)
        server.close()

    threading.Thread(target=watch, daemon=True).start()


def serve(port: int, ready_file: str | None, exit_with_parent: bool) -> None:
    """Serves until SIGTERM or SIGINT, or until the parent ends."""
    stand_in = StandIn(port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stand_in.server.close())
    if exit_with_parent:
        watch_parent(stand_in.server)
    about = stand_in.about()
    print(json.dumps(about), flush=True)
    if ready_file:
        write_ready(ready_file, about)
    stand_in.server.serve_forever()
    print("the stand-in has ended", file=sys.stderr)
