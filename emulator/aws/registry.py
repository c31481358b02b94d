"""Which operations are answered here, and which of moto's answers are corrected."""

from collections.abc import Callable
from typing import Any

from emulator.front.call import Call
from emulator.front.http import Response

Handler = Callable[[Call], Any]
Correction = Callable[[Call, Callable[[], Response]], Response]

ADDITIONS: dict[tuple[str, str], Handler] = {}
CORRECTIONS: dict[tuple[str, str], Correction] = {}


def handles(service: str, *operations: str) -> Callable[[Handler], Handler]:
    """Marks a function as the one that answers these operations."""

    def mark(handler: Handler) -> Handler:
        for operation in operations:
            assert (service, operation) not in ADDITIONS, f"{service}:{operation} is answered twice"
            ADDITIONS[service, operation] = handler
        return handler

    return mark


def corrects(service: str, *operations: str) -> Callable[[Correction], Correction]:
    """Marks a function as the one that stands around moto's answer to these operations."""

    def mark(fix: Correction) -> Correction:
        for operation in operations:
            CORRECTIONS[service, operation] = fix
        return fix

    return mark


def addition(service: str, operation: str) -> Handler | None:
    return ADDITIONS.get((service, operation))


def correction(service: str, operation: str) -> Correction | None:
    return CORRECTIONS.get((service, operation))
