"""S3: uploads in parts, with checksums of the parts and of their checksums, and their listing.

"Checking object integrity for multipart uploads" in the S3 user guide; ListMultipartUploads in the
API reference. moto keeps no time of an upload's beginning and gives all uploads on one page.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import xmltodict

from emulator.aws.registry import corrects, handles
from emulator.aws.s3.buckets import bucket_or_404, find_bucket, named
from emulator.aws.s3.configuration import XML
from emulator.aws.s3.integrity import check_body, check_encryption, digest, find_key, given
from emulator.front.call import Call
from emulator.front.clock import CLOCK
from emulator.front.errors import AWSError
from emulator.front.http import Response


def upload_of(call: Call) -> Any:
    bucket = find_bucket(named(call)[0])[1]
    return bucket.multiparts.get(call.request.query().get("uploadId")) if bucket is not None else None


def algorithm_of(upload: Any) -> str:
    return str(upload.metadata.get("x-amz-checksum-algorithm") or "").lower()


@corrects("s3", "CreateMultipartUpload")
def create(call: Call, moto: Callable[[], Response]) -> Response:
    check_encryption(call)
    if call.request.header("x-amz-checksum-algorithm") in ("SHA256", "SHA1"):
        # What these are, and all that they can be.
        call.request.headers.setdefault("x-amz-checksum-type", "COMPOSITE")
    response = moto()
    if response.status == 200:
        begun = xmltodict.parse(response.body)["InitiateMultipartUploadResult"]["UploadId"]
        find_bucket(named(call)[0])[1].multiparts[begun].standin_initiated = CLOCK.now()
    return response


@corrects("s3", "UploadPart")
def upload_part(call: Call, moto: Callable[[], Response]) -> Response:
    check_body(call)
    upload = upload_of(call)
    wanted = algorithm_of(upload) if upload is not None else ""
    sent = given(call)
    if wanted == "sha256" and sent and wanted not in sent:
        actual = next(iter(sent))
        raise AWSError("InvalidRequest", f"Checksum Type mismatch occurred, expected checksum Type: {wanted}, "
                                         f"actual checksum Type: {actual}")
    return moto()


@corrects("s3", "CompleteMultipartUpload")
def complete(call: Call, moto: Callable[[], Response]) -> Response:
    """Checks what the request says of the parts and of the whole against what was uploaded."""
    upload = upload_of(call)
    if upload is not None and algorithm_of(upload) == "sha256":
        document = xmltodict.parse(call.request.body, force_list=("Part",))["CompleteMultipartUpload"] or {}
        parts = document.get("Part", [])
        check_parts(upload, parts)
        check_whole(call, [upload.parts[int(part["PartNumber"])].value for part in parts])
    return moto()


@corrects("s3", "HeadObject", "GetObject")
def show_parts(call: Call, moto: Callable[[], Response]) -> Response:
    """A checksum of checksums says of how many; moto's HeadObject leaves that out."""
    response = moto()
    names = {name.lower(): name for name in response.headers}
    kept = names.get("x-amz-checksum-sha256")
    composite = response.headers.get(names.get("x-amz-checksum-type", "")) == "COMPOSITE"
    if kept and composite and "-" not in response.headers[kept]:
        response.headers[kept] += f"-{find_key(call).checksum_parts}"
    return response


def check_parts(upload: Any, parts: list[dict[str, Any]]) -> None:
    for part in parts:
        kept = upload.parts.get(int(part["PartNumber"]))
        if kept is None or part.get("ChecksumSHA256") != digest("sha256", kept.value):
            raise AWSError("InvalidPart", "One or more of the specified parts could not be found. The part may not "
                                          "have been uploaded, or the specified entity tag may not match the part's.")


def check_whole(call: Call, values: list[bytes]) -> None:
    size = call.request.header("x-amz-mp-object-size")
    if size and int(size) != sum(map(len, values)):
        raise AWSError("InvalidRequest", "The provided 'x-amz-mp-object-size' header does not match the object size.")
    named_sum = call.request.header("x-amz-checksum-sha256").partition("-")[0]
    whole = hashlib.sha256(b"".join(b64decode(digest("sha256", value)) for value in values)).digest()
    if named_sum and named_sum != b64encode(whole).decode():
        raise AWSError("BadDigest", "The SHA256 you specified did not match the calculated checksum.")


@handles("s3", "ListMultipartUploads")
def list_uploads(call: Call) -> Response:
    """By key, then by the time of the beginning; a page goes on behind the key and the upload id of its markers."""
    query = call.request.query()
    name = named(call)[0]
    bucket = bucket_or_404(name)
    prefix, most = query.get("prefix", ""), min(int(query.get("max-uploads", 1000)), 1000)
    found = sorted((u for u in bucket.multiparts.values() if u.key_name.startswith(prefix)), key=order)
    key_marker, id_marker = query.get("key-marker", ""), query.get("upload-id-marker", "")
    if key_marker:
        last = bucket.multiparts.get(id_marker)
        passed = order(last) if last is not None else (key_marker, float("inf"), "")
        found = [u for u in found if order(u) > passed]
    page, more = found[:most], len(found) > most
    result: dict[str, Any] = {
        "@xmlns": "http://s3.amazonaws.com/doc/2006-03-01/", "Bucket": name, "KeyMarker": key_marker,
        "UploadIdMarker": id_marker, "Prefix": prefix, "MaxUploads": most, "IsTruncated": str(more).lower(),
        "Upload": [described(u) for u in page]}
    if more:
        result |= {"NextKeyMarker": page[-1].key_name, "NextUploadIdMarker": page[-1].id}
    return Response(200, xmltodict.unparse({"ListMultipartUploadsResult": result}).encode(), dict(XML))


def order(upload: Any) -> tuple[str, float, str]:
    return upload.key_name, getattr(upload, "standin_initiated", 0.0), upload.id


def described(upload: Any) -> dict[str, Any]:
    begun = datetime.fromtimestamp(order(upload)[1], UTC)
    return {"Key": upload.key_name, "UploadId": upload.id, "StorageClass": "STANDARD",
            "Initiated": begun.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
