"""One HTTP request and one HTTP response, as the rest of the stand-in sees them."""

import json
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote


@dataclass
class Request:
    """A request as it came over the wire; header names are lower-cased, nothing is decoded."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def raw_path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def raw_query(self) -> str:
        return self.target.partition("?")[2]

    @property
    def path(self) -> str:
        return unquote(self.raw_path)

    def query(self) -> dict[str, str]:
        """The query's parameters; of a repeated one, the last."""
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))

    def header(self, name: str, default: str = "") -> str:
        return self.headers.get(name, default)


@dataclass
class Response:
    """An answer, and how the connection is to misbehave while it is sent."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    #: None, "before" (no byte is sent) or "mid" (half of the body is sent), then the connection is cut.
    cut: str | None = None
    #: Seconds over which the body is spread.
    drip_seconds: float = 0.0

    @classmethod
    def of_json(cls, document: object, status: int = 200) -> "Response":
        body = json.dumps(document).encode()
        return cls(status, body, {"Content-Type": "application/json"})
