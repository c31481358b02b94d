"""Pages and their tokens. A token is opaque, bound to its listing, and refused when it is garbage."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from typing import Any, TypeVar

from emulator.front.call import Call
from emulator.front.errors import AWSError

SECRET = secrets.token_bytes(16)
#: Members that may change from page to page of one listing.
LOOSE = {"NextToken", "MaxResults", "nextToken", "maxResults"}
Item = TypeVar("Item")


def listing_id(call: Call) -> str:
    asked = {name: value for name, value in call.params.items() if name not in LOOSE}
    text = json.dumps([call.service, call.operation, call.account, call.region, asked], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def make_token(call: Call, start: int) -> str:
    body = json.dumps([listing_id(call), start]).encode()
    seal = hmac.new(SECRET, body, hashlib.sha256).digest()[:12]
    return base64.b64encode(seal + body).decode()


def read_token(call: Call) -> int:
    """Where the page begins."""
    token = call.get("NextToken") or call.get("nextToken")
    if not token:
        return 0
    try:
        raw = base64.b64decode(token, validate=True)
    except ValueError:
        raise refused(call) from None
    seal, body = raw[:12], raw[12:]
    if not hmac.compare_digest(seal, hmac.new(SECRET, body, hashlib.sha256).digest()[:12]):
        raise refused(call)
    listing, start = json.loads(body)
    if listing != listing_id(call):
        raise refused(call)
    return int(start)


def refused(call: Call) -> AWSError:
    codes = {"ram": "InvalidNextTokenException", "athena": "InvalidRequestException"}
    return AWSError(codes.get(call.service, "InvalidInputException"), "The pagination token is not valid for this request.")


def page(call: Call, items: Sequence[Item], most: int) -> tuple[Sequence[Item], dict[str, Any]]:
    """The items of the page asked for, and the members that lead to the next."""
    start = read_token(call)
    size = min(int(call.get("MaxResults") or call.get("maxResults") or most), most)
    end = start + size
    member = "nextToken" if call.service == "ram" else "NextToken"
    return items[start:end], ({member: make_token(call, end)} if end < len(items) else {})
