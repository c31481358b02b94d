"""One AWS call on its way through the stand-in."""

import json
from dataclasses import dataclass, field
from typing import Any

from emulator.front.errors import AWSError
from emulator.front.http import Request, Response
from emulator.front.identity import Identity


@dataclass
class Call:
    """A request with everything that is known about it; `params` are its members, by model name."""

    request: Request
    service: str
    protocol: str
    operation: str | None
    region: str
    account: str
    identity: Identity | None = None
    params: dict[str, Any] = field(default_factory=dict)
    #: Entries of a batch that a fault makes fail: {index: (code, message)}.
    failing_entries: dict[int, tuple[str, str]] = field(default_factory=dict)

    #: The fault rules that are to spoil this call's answer.
    faults: list[Any] = field(default_factory=list)

    @property
    def principal(self) -> str:
        assert self.identity is not None
        return self.identity.principal

    def get(self, name: str, default: Any = None) -> Any:
        return self.params.get(name, default)

    def entry_fault(self, index: int) -> None:
        """Raises the error that a fault wants for this entry of a batch, if any."""
        if index in self.failing_entries:
            code, message = self.failing_entries[index]
            raise AWSError(code, message)


def answer(call: Call, members: dict[str, Any] | bytes | None) -> Response:
    """A handler's result as the protocol's 200 answer. Bytes are JSON that is already rendered."""
    body = members if isinstance(members, bytes) else json.dumps(members or {}).encode()
    kind = "application/x-amz-json-1.1" if call.protocol == "json" else "application/json"
    return Response(200, body, {"Content-Type": kind})
