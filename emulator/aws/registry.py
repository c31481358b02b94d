"""Which operations are answered here, and which of moto's answers are corrected."""

from collections.abc import Callable
from typing import Any

from emulator.front.call import Call
from emulator.front.http import Response

Handler = Callable[[Call], Any]
Correction = Callable[[Call, Callable[[], Response]], Response]
Check = Callable[[Call], Response | None]

ADDITIONS: dict[tuple[str, str], Handler] = {}
CORRECTIONS: dict[tuple[str, str], Correction] = {}
CHECKS: dict[str, Check] = {}


def handles(service: str, *operations: str) -> Callable[[Handler], Handler]:
    """Marks a function as the one that answers these operations."""

    def mark(handler: Handler) -> Handler:
        for operation in operations:
            assert (service, operation) not in ADDITIONS, f"{service}:{operation} is answered twice"
            ADDITIONS[service, operation] = handler
        return handler

    return mark


def corrects(service: str, *operations: str) -> Callable[[Correction], Correction]:
    """Marks a function as one that stands around moto's answer to these operations; several may."""

    def mark(fix: Correction) -> Correction:
        for operation in operations:
            inner = CORRECTIONS.get((service, operation))
            CORRECTIONS[service, operation] = around(fix, inner) if inner else fix
        return fix

    return mark


def around(outer: Correction, inner: Correction) -> Correction:
    return lambda call, moto: outer(call, lambda: inner(call, moto))


def checks(service: str) -> Callable[[Check], Check]:
    """Marks a function that sees every call of a service first, and may answer it."""

    def mark(check: Check) -> Check:
        assert service not in CHECKS, f"{service} is checked twice"
        CHECKS[service] = check
        return check

    return mark


def addition(service: str, operation: str) -> Handler | None:
    return ADDITIONS.get((service, operation))


def correction(service: str, operation: str) -> Correction | None:
    return CORRECTIONS.get((service, operation))
