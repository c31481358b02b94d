"""S3: checksums that are checked, retention that can't be shortened, and keys that have to be there.

"Checking object integrity", "How S3 Object Lock works" and "Specifying server-side encryption with
AWS KMS" in the S3 user guide say how.
"""

import base64
import hashlib
import re
import zlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import xmltodict
from moto.kms.models import kms_backends

from emulator.aws.registry import corrects, handles
from emulator.aws.s3.buckets import find_bucket, is_marker, named, version_of
from emulator.aws.s3.configuration import XML
from emulator.front.call import Call
from emulator.front.clock import CLOCK
from emulator.front.errors import AWSError
from emulator.front.http import Response

ALGORITHMS: dict[str, Callable[[bytes], bytes]] = {
    "sha256": lambda body: hashlib.sha256(body).digest(),
    "sha1": lambda body: hashlib.sha1(body).digest(),
    "crc32": lambda body: zlib.crc32(body).to_bytes(4, "big"),
}
LOCK_NEEDS = "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters"


def digest(algorithm: str, body: bytes) -> str:
    return base64.b64encode(ALGORITHMS[algorithm](body)).decode()


def given(call: Call) -> dict[str, str]:
    """The checksums in the request's headers, by algorithm. Those of chunked bodies stand behind them."""
    if "aws-chunked" in call.request.header("content-encoding"):
        return {}
    return {name: value for name in ALGORITHMS if (value := call.request.header(f"x-amz-checksum-{name}"))}


def check_body(call: Call) -> None:
    """Refuses a body whose checksum is not the one that the request names."""
    for algorithm, value in given(call).items():
        if digest(algorithm, call.request.body) != value:
            raise AWSError("BadDigest", f"The {algorithm.upper()} you specified did not match the calculated checksum.")


@corrects("s3", "PutObject")
def put_object(call: Call, moto: Callable[[], Response]) -> Response:
    check_body(call)
    check_encryption(call)
    known = [name for name in call.request.headers if name.startswith(("x-amz-checksum-", "content-md5", "x-amz-trailer"))]
    if call.request.header("x-amz-object-lock-mode") and not known:
        raise AWSError("InvalidRequest", LOCK_NEEDS)
    # moto keeps a checksum only where its algorithm is named as well.
    for algorithm in given(call):
        call.request.headers.setdefault("x-amz-sdk-checksum-algorithm", algorithm.upper())
    return moto()


def check_encryption(call: Call) -> None:
    """A KMS key that is named must be there, in the bucket's region."""
    key = call.request.header("x-amz-server-side-encryption-aws-kms-key-id")
    if not key or call.request.header("x-amz-server-side-encryption") != "aws:kms":
        return
    region = find_bucket(named(call)[0])[1].region_name
    match = re.fullmatch(r"arn:aws[\w-]*:kms:([\w-]+):(\d{12}):(.+)", key)
    account = match[2] if match else call.account
    if match and match[1] != region:
        raise AWSError("KMS.NotFoundException", f"Invalid arn {match[1]}")
    backend = kms_backends[account][region]
    if backend.any_id_to_key_id(key) not in backend.keys:
        raise AWSError("KMS.NotFoundException", f"Key '{key}' does not exist")


def find_key(call: Call) -> Any:
    """The object, or the version, that the call names; nothing for a delete marker."""
    bucket, name = named(call)
    found = find_bucket(bucket)[1]
    version = version_of(found, name, call.request.query().get("versionId")) if found is not None else None
    return None if is_marker(version) else version


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


@corrects("s3", "PutObjectRetention")
def put_retention(call: Call, moto: Callable[[], Response]) -> Response:
    """Longer is always allowed. Shorter or looser: in governance mode with the bypass, in compliance never."""
    check_body(call)
    key = find_key(call)
    wanted = xmltodict.parse(call.request.body)["Retention"] or {}
    if key is not None and key.lock_mode and key.lock_until and moment(key.lock_until).timestamp() > CLOCK.now():
        bypass = call.request.header("x-amz-bypass-governance-retention").lower() == "true"
        until = wanted.get("RetainUntilDate")
        looser = not until or moment(until) < moment(key.lock_until)
        looser = looser or (key.lock_mode == "COMPLIANCE" and wanted.get("Mode") != "COMPLIANCE")
        if looser and (key.lock_mode == "COMPLIANCE" or not bypass):
            raise AWSError("AccessDenied", "Access Denied because object protected by object lock.", 403)
    response = moto()
    key = find_key(call)
    if response.status == 200 and key is not None and key.lock_until:
        # moto reads back whole seconds only.
        key.lock_until = moment(key.lock_until).strftime("%Y-%m-%dT%H:%M:%SZ")
    return response


@handles("s3", "GetObjectRetention")
def get_retention(call: Call) -> Response:
    """moto fails on it once a retention was put."""
    key = find_key(call)
    if key is None:
        raise AWSError("NoSuchKey", "The specified key does not exist.", 404)
    if not key.lock_mode:
        raise AWSError("NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration", 404)
    document = {"Retention": {"Mode": key.lock_mode, "RetainUntilDate": key.lock_until}}
    return Response(200, xmltodict.unparse(document).encode(), dict(XML))
