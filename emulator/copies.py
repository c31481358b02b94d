"""Copies of a running stand-in: each a process of its own with the state as it was, at no cost.

Building a mesh takes seconds, and a test changes what it works on. So one stand-in is filled once,
and each test takes a copy of it.
"""

import contextlib
import os
import signal
import threading
from collections.abc import Callable
from typing import Any

from emulator.aws.s3.replicator import REPLICATOR
from emulator.front.pipeline import ONE_AT_A_TIME
from emulator.front.wire import Server


def copy(original: Server) -> dict[str, Any]:
    """Makes a copy that listens already when this returns; says where, and its process to end by SIGTERM.

    It ends by itself when the original does.
    """
    server = Server(original.handler, original.now)
    parent = os.getpid()
    with ONE_AT_A_TIME, REPLICATOR.lock:  # nobody is in the middle of a change
        child = os.fork()
    if child == 0:
        become(server, original, parent)
    server.listener.close()
    threading.Thread(target=os.waitpid, args=(child, 0), daemon=True).start()
    return {"endpoint": f"http://127.0.0.1:{server.port}", "process": child}


def become(server: Server, original: Server, parent: int) -> None:
    """The life of a copy: the threads of the original stayed behind, and its connections are not ours."""
    original.listener.close()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    REPLICATOR.start()
    end_with(parent, lambda: os._exit(0))
    with contextlib.suppress(OSError):
        server.serve_forever()
    os._exit(0)


def end_with(parent: int, end: Callable[[], None]) -> None:
    """Ends a server when the process that started it is gone."""
    def watch() -> None:
        while os.getppid() == parent:
            pause.wait(0.2)
        end()

    pause = threading.Event()
    threading.Thread(target=watch, daemon=True).start()
