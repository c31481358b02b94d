"""AWS errors and the form that each wire protocol gives them."""

import json
from uuid import uuid4
from xml.sax.saxutils import escape

from emulator.front.http import Response


class AWSError(Exception):
    """An error answer: its code as in the service model, its message and its HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


class ConnectionCut(Exception):
    """The connection is to be cut without an answer."""


def invalid(message: str) -> AWSError:
    return AWSError("InvalidInputException", message)


def not_found(message: str) -> AWSError:
    return AWSError("EntityNotFoundException", message)


def denied(message: str) -> AWSError:
    return AWSError("AccessDeniedException", message)


def render(error: AWSError, protocol: str) -> Response:
    """The error as a client of that protocol expects to read it."""
    if protocol in ("query", "ec2"):
        return query_error(error)
    if protocol == "rest-xml":
        return s3_error(error)
    body = {"__type": error.code, "message": error.message, "Message": error.message}
    if protocol == "rest-json":
        del body["__type"]
    headers = {
        "Content-Type": "application/x-amz-json-1.1" if protocol == "json" else "application/json",
        "X-Amzn-ErrorType": error.code,
        "x-amzn-RequestId": str(uuid4()),
    }
    return Response(error.status, json.dumps(body).encode(), headers)


def query_error(error: AWSError) -> Response:
    sender = "Sender" if error.status < 500 else "Receiver"
    text = (
        "<ErrorResponse><Error>"
        f"<Type>{sender}</Type><Code>{escape(error.code)}</Code>"
        f"<Message>{escape(error.message)}</Message>"
        f"</Error><RequestId>{uuid4()}</RequestId></ErrorResponse>"
    )
    return Response(error.status, text.encode(), {"Content-Type": "text/xml"})


def s3_error(error: AWSError) -> Response:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error>'
        f"<Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>"
        f"<RequestId>{uuid4().hex[:16].upper()}</RequestId><HostId>stand-in</HostId></Error>"
    )
    return Response(error.status, text.encode(), {"Content-Type": "application/xml"})
