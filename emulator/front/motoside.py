"""Hands a call to moto's response classes directly, without a web framework in between.

moto lists its methods by reflection and walks its service folder on every request; both are cached
here, which is most of the difference in speed to its own server.
"""

import functools
import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import moto.core.responses
import moto.core.utils
from botocore.exceptions import ClientError
from moto.backends import get_backend
from moto.core.exceptions import ServiceException
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request as WerkzeugRequest

from emulator.front.call import Call
from emulator.front.errors import AWSError
from emulator.front.http import Response

#: moto's name for a service where it differs from botocore's.
MOTO_NAMES = {"service-quotas": "servicequotas"}
NOT_IMPLEMENTED = 501

moto.core.responses.method_names_from_class = functools.cache(moto.core.utils.method_names_from_class)


@functools.cache
def handlers(service: str) -> list[tuple[re.Pattern[str], Callable[..., Any]]]:
    """moto's URL patterns of a service without their host part, in moto's order."""
    import importlib

    get_backend(MOTO_NAMES.get(service, service))  # type: ignore[arg-type]
    urls = importlib.import_module(f"moto.{MOTO_NAMES.get(service, service)}.urls")
    return [(re.compile(path.replace("{0}", "^")), handler) for path, handler in urls.url_paths.items()]


def environ(call: Call) -> dict[str, Any]:
    """The request as WSGI describes it, with the account that the signature proved."""
    request = call.request
    result: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(request.raw_path).encode("utf-8").decode("latin-1"),
        "QUERY_STRING": request.raw_query,
        "RAW_URI": request.target,
        "REQUEST_URI": request.target,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "CONTENT_LENGTH": str(len(request.body)),
    }
    dropped = {"content-length", "user-agent", "x-moto-account-id", "transfer-encoding"}
    for name, value in request.headers.items():
        if name == "content-type":
            result["CONTENT_TYPE"] = value
        elif name not in dropped:
            result["HTTP_" + name.upper().replace("-", "_")] = value
    result["HTTP_X_MOTO_ACCOUNT_ID"] = call.account
    return result


def serve(call: Call) -> Response:
    """moto's answer; a 501 in the call's protocol where moto has no such operation."""
    path = call.request.path
    handler = next((h for pattern, h in handlers(call.service) if pattern.match(path)), None)
    if handler is None:
        raise missing(call)
    request = WerkzeugRequest(environ(call))
    try:
        result = handler(request, request.url, dict(request.headers))
    except NotImplementedError as error:
        raise missing(call) from error
    except ServiceException as error:
        raise AWSError(error.code, error.message) from error
    except HTTPException as error:
        body = error.get_body()
        return Response(error.code or 400, body.encode(), dict(error.get_headers()))
    except ClientError as error:
        raise AWSError(error.response["Error"]["Code"], error.response["Error"]["Message"]) from error
    status, headers, body = result if isinstance(result, tuple) and len(result) == 3 else (200, {}, result)
    if status == 404 and not body and call.protocol != "rest-xml":
        raise missing(call)
    content = body.encode() if isinstance(body, str) else bytes(body or b"")
    return Response(int(status), content, {str(k): str(v) for k, v in dict(headers).items()})


def missing(call: Call) -> AWSError:
    return AWSError(
        "NotImplementedByStandIn", f"The stand-in has no {call.service}:{call.operation}", NOT_IMPLEMENTED
    )
