"""The way of every AWS call: log, faults, signature, validation, guard, additions, moto."""

import json
import logging
import re
import threading
import time
from collections.abc import Callable
from typing import Any

from emulator.aws.registry import CHECKS, addition, correction
from emulator.front import faults, motoside
from emulator.front.call import Call, answer
from emulator.front.calllog import CallLog
from emulator.front.errors import AWSError, ConnectionCut, render
from emulator.front.http import Request, Response
from emulator.front.identity import IDENTITIES
from emulator.front.models import (
    SERVED,
    error_status,
    operation_model,
    operation_of,
    protocol_of,
    service_of,
)
from emulator.front.params import read
from emulator.front.signatures import scope_of, verify
from emulator.front.validation import validate

log = logging.getLogger("emulator")
#: Additions change dictionaries without locks of their own.
ONE_AT_A_TIME = threading.RLock()
VALIDATED = ("json", "rest-json", "query")


class Pipeline:
    def __init__(self) -> None:
        self.calls = CallLog()
        self.faults = faults.Faults()

    def handle(self, request: Request) -> Response:
        """Answers one AWS request and logs it. A failure of the stand-in itself is a logged 500."""
        started = time.monotonic()
        call = self.classify(request)
        try:
            response = self.respond(call)
        except ConnectionCut:
            response = Response(0, cut="before")
        except AWSError as error:
            if call.protocol == "rest-json" and error.status == 400:
                error.status = error_status(call.service, error.code)
            response = render(error, call.protocol)
        except Exception:
            log.exception("%s:%s failed", call.service, call.operation)
            response = render(AWSError("InternalFailure", "The stand-in failed; see its log", 500), call.protocol)
        for rule in call.faults:
            response = faults.after(rule, call, response)
        self.note(call, response, time.monotonic() - started)
        return response

    def classify(self, request: Request) -> Call:
        """Finds out what is asked for, from the signature's scope and the request itself."""
        scope = scope_of(request)
        if scope is None:
            service, region = guess_service(request), "us-east-1"
        else:
            service, region = service_of(scope.service), scope.region
        if service not in SERVED:
            return Call(request, service, "json", None, region, "")
        protocol = protocol_of(service, request)
        identity = IDENTITIES.find(scope.key) if scope else None
        account = identity.account if identity else ""
        operation = operation_of(service, protocol, request)
        return Call(request, service, protocol, operation, region, account, identity)

    def respond(self, call: Call) -> Response:
        if call.region in self.faults.lost:
            raise ConnectionCut(f"{call.region} is lost")
        hits = self.faults.hits(call)
        call.faults = [rule for rule in hits if rule.action in faults.AFTER]
        for rule in hits:
            replaced = faults.before(rule, call)
            if replaced is not None:
                return replaced
        call.identity = verify(call.request, scope_of(call.request), call.protocol)
        if call.operation is None or call.service not in SERVED:
            raise motoside.missing(call)
        if call.protocol == "cbor":
            raise AWSError("NotImplementedByStandIn", "CloudWatch is served in JSON and query form only", 501)
        call.params = read(call.service, call.protocol, call.operation, call.request)
        if call.protocol in VALIDATED:
            validate(call.service, operation_model(call.service, call.operation).input_shape, call.params)
        return carry_out(call)

    def note(self, call: Call, response: Response, seconds: float) -> None:
        self.calls.add({
            "account": call.account,
            "caller": call.identity.arn if call.identity else None,
            "region": call.region,
            "service": call.service,
            "operation": call.operation,
            "status": response.status,
            "error": error_code(response),
            "cut": response.cut,
            "milliseconds": round(seconds * 1000, 1),
        })


def carry_out(call: Call) -> Response:
    """An addition of ours where there is one, else moto, corrected where it has to be."""
    assert call.operation is not None
    check = CHECKS.get(call.service)
    refusal = check(call) if check else None
    if refusal is not None:
        return refusal
    handler = addition(call.service, call.operation)
    if handler is not None:
        with ONE_AT_A_TIME:
            result = handler(call)
        return result if isinstance(result, Response) else answer(call, result)
    fix: Callable[[Call, Callable[[], Response]], Response] | None = correction(call.service, call.operation)
    return fix(call, lambda: motoside.serve(call)) if fix else motoside.serve(call)


def guess_service(request: Request) -> str:
    """The service of an unsigned request, good enough to refuse it in the right form."""
    target = request.header("x-amz-target")
    if target.startswith("AWSGlue"):
        return "glue"
    if "x-www-form-urlencoded" in request.header("content-type") or "Action=" in request.raw_query:
        return "sts"
    return "s3"


def error_code(response: Response) -> str | None:
    """The error's code, read back from the answer as a client would."""
    if response.status < 400:
        return None
    header = next((v for k, v in response.headers.items() if k.lower() == "x-amzn-errortype"), None)
    if header:
        return header
    match = re.search(rb"<Code>([^<]+)</Code>", response.body)
    if match:
        return match[1].decode()
    try:
        document: Any = json.loads(response.body)
    except ValueError:
        return None
    return document.get("__type") if isinstance(document, dict) else None
