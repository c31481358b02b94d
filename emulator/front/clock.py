"""The stand-in's clock, which a test can set wrong."""

import time


class Clock:
    """Seconds since the epoch, shifted by `offset` seconds for every header, check and time stamp."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        return time.time() + self.offset


CLOCK = Clock()


def stamp() -> float:
    """Now, as the JSON protocols write it: seconds with milliseconds."""
    return round(CLOCK.now(), 3)
