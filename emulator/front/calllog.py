"""The log of calls: what was asked by whom, and what was answered."""

import threading
from collections import deque
from typing import Any

#: Older calls are dropped; a benchmark makes millions.
KEPT = 200_000


class CallLog:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self.seq = 0

    def add(self, entry: dict[str, Any]) -> None:
        with self.lock:
            self.seq += 1
            self.entries.append({"seq": self.seq, **entry})

    def clear(self) -> None:
        with self.lock:
            self.entries.clear()

    def read(self, **wanted: str) -> list[dict[str, Any]]:
        """The entries whose members equal what is wanted, oldest first."""
        with self.lock:
            entries = list(self.entries)
        return [e for e in entries if all(str(e.get(name)) == value for name, value in wanted.items())]
