"""Starts the stand-in, tells where it listens, and ends it."""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from emulator.aws import load
from emulator.copies import copy, end_with
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
        self.server = Server(self.handle, CLOCK.now, port)
        self.control = Control(self.pipeline, lambda: copy(self.server))

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


def serve(port: int, ready_file: str | None, exit_with_parent: bool) -> None:
    """Serves until SIGTERM or SIGINT, or until the parent ends."""
    stand_in = StandIn(port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stand_in.server.close())
    if exit_with_parent:
        end_with(os.getppid(), stand_in.server.close)
    about = stand_in.about()
    print(json.dumps(about), flush=True)
    if ready_file:
        write_ready(ready_file, about)
    stand_in.server.serve_forever()
    print("the stand-in has ended", file=sys.stderr)
