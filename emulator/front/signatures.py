"""Signature Version 4, recomputed for every request with botocore's signer and the key's secret.

Form and codes of the refusals: "Common errors" of each service's API reference, and for S3 its list
of error codes. Chunk signatures of `aws-chunked` bodies are not recomputed, the seed signature is.
"""

import calendar
import hashlib
import hmac
import re
import time

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from emulator.front.clock import CLOCK
from emulator.front.errors import AWSError
from emulator.front.http import Request
from emulator.front.identity import IDENTITIES, Identity

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/,\s]+)/(?P<date>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)"
    r"/aws4_request,\s*SignedHeaders=(?P<headers>[^,\s]+),\s*Signature=(?P<signature>[0-9a-f]{64})$"
)
SKEW_SECONDS = 300
HEX_DIGEST = re.compile(r"[0-9a-f]{64}$")


class Scope:
    """What an Authorization header says about itself."""

    def __init__(self, match: re.Match[str]):
        self.key = match["key"]
        self.date = match["date"]
        self.region = match["region"]
        self.service = match["service"]
        self.headers = match["headers"].split(";")
        self.signature = match["signature"]


def scope_of(request: Request) -> Scope | None:
    match = AUTHORIZATION.match(request.header("authorization"))
    return Scope(match) if match else None


def refusal(protocol: str, reason: str, message: str) -> AWSError:
    """The code and status that a service of that protocol refuses credentials with."""
    codes = {
        "unknown": ("UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId"),
        "signature": ("InvalidSignatureException", "SignatureDoesNotMatch", "SignatureDoesNotMatch"),
        "skew": ("InvalidSignatureException", "SignatureDoesNotMatch", "RequestTimeTooSkewed"),
        "expired": ("ExpiredTokenException", "ExpiredToken", "ExpiredToken"),
        "missing": ("MissingAuthenticationTokenException", "MissingAuthenticationToken", "AccessDenied"),
    }[reason]
    code = codes[{"query": 1, "rest-xml": 2}.get(protocol, 0)]
    old_json = protocol == "json" and reason != "missing"
    status = 400 if old_json or (protocol == "rest-xml" and reason == "expired") else 403
    return AWSError(code, message, status)


def verify(request: Request, scope: Scope | None, protocol: str) -> Identity:
    """The caller, or the refusal that AWS would answer with."""
    if scope is None:
        raise refusal(protocol, "missing", "Missing Authentication Token")
    identity = IDENTITIES.find(scope.key)
    token = request.header("x-amz-security-token") or None
    if identity is None or identity.token != token:
        raise refusal(protocol, "unknown", "The security token included in the request is invalid.")
    check_time(request, protocol)
    check_payload(request, protocol)
    if not hmac.compare_digest(expected_signature(request, scope, identity), scope.signature):
        raise refusal(
            protocol, "signature",
            "The request signature we calculated does not match the signature you provided. "
            "Check your AWS Secret Access Key and signing method.",
        )
    if identity.expires is not None and identity.expires <= CLOCK.now():
        raise refusal(protocol, "expired", "The security token included in the request is expired")
    return identity


def check_time(request: Request, protocol: str) -> None:
    given = request.header("x-amz-date")
    try:
        signed_at = calendar.timegm(time.strptime(given, "%Y%m%dT%H%M%SZ"))
    except ValueError:
        raise refusal(protocol, "missing", "The request carries no valid X-Amz-Date") from None
    off = CLOCK.now() - signed_at
    if abs(off) <= SKEW_SECONDS:
        return
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(CLOCK.now()))
    word = f"Signature expired: {given} is now earlier than" if off > 0 else (
        f"Signature not yet current: {given} is still later than")
    raise refusal(protocol, "skew", f"{word} {now} by more than 5 min.")


def check_payload(request: Request, protocol: str) -> None:
    """The digest that the client declares must be the body's, unless it declares none on purpose."""
    declared = request.header("x-amz-content-sha256")
    if not declared or declared.startswith("STREAMING-"):
        return
    if declared == "UNSIGNED-PAYLOAD" and protocol == "rest-xml":
        return
    if not HEX_DIGEST.match(declared):
        raise AWSError("InvalidRequest", "x-amz-content-sha256 must be a SHA-256 digest")
    if hashlib.sha256(request.body).hexdigest() != declared:
        raise AWSError(
            "XAmzContentSHA256Mismatch",
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        )


class ExactHeaders:
    """Signs exactly the headers that the client says it signed."""

    def headers_to_sign(self, request: AWSRequest) -> HTTPHeaders:
        headers = HTTPHeaders()
        for name, value in request.headers.items():
            headers[name.lower()] = value
        return headers


class Signer(ExactHeaders, SigV4Auth):
    pass


class S3Signer(ExactHeaders, S3SigV4Auth):
    pass


def expected_signature(request: Request, scope: Scope, identity: Identity) -> str:
    """The signature that this request would have, had its owner signed it."""
    credentials = Credentials(identity.access_key, identity.secret, identity.token)
    kind = S3Signer if scope.service == "s3" else Signer
    auth = kind(credentials, scope.service, scope.region)
    signed = {name: request.header(name) for name in scope.headers if name in request.headers}
    # An HTTP header arrives as bytes; botocore signs its UTF-8 text.
    url = f"http://{request.header('host')}{request.target}"
    copy = AWSRequest(method=request.method, url=url, headers=signed, data=request.body)
    copy.context["timestamp"] = request.header("x-amz-date")
    digest = request.header("x-amz-content-sha256")
    if digest and "x-amz-content-sha256" not in scope.headers:
        return ""  # A declared digest that is not signed proves nothing.
    canonical = auth.canonical_request(copy)
    return str(auth.signature(auth.string_to_sign(copy, canonical), copy))
