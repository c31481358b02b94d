"""Listings of a bucket's objects and versions, page by page.

As ListObjectsV2 and ListObjectVersions are documented: at most 1,000 entries a page, names in the order
of UTF-8, keys and common prefixes counted together, versions of a key from the newest to the oldest.
"""

import base64
import binascii
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from emulator.aws.registry import handles
from emulator.aws.s3.buckets import bucket_or_404, is_marker, named
from emulator.aws.s3.configuration import XML
from emulator.front.call import Call
from emulator.front.errors import AWSError
from emulator.front.http import Response
from emulator.front.xmlbody import NAMESPACE

MOST = 1000
OWNER = "<Owner><ID>75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a</ID></Owner>"


class Asked:
    """The parameters that all listings have."""

    def __init__(self, call: Call):
        query = call.request.query()
        self.bucket = bucket_or_404(named(call)[0])
        self.query = query
        self.prefix, self.delimiter = query.get("prefix", ""), query.get("delimiter", "")
        self.encoded = query.get("encoding-type") == "url"
        self.most = self.limit(query.get("max-keys", str(MOST)))
        if query.get("encoding-type") not in (None, "url"):
            raise AWSError("InvalidArgument", "Invalid Encoding Method specified in Request")

    @staticmethod
    def limit(text: str) -> int:
        if not text.isdigit() or int(text) > 2**31 - 1:
            raise AWSError("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647")
        return min(int(text), MOST)

    def text(self, value: str) -> str:
        return quote(value) if self.encoded else escape(value)

    def folder(self, name: str) -> str | None:
        """The common prefix that a name falls under."""
        if not self.delimiter:
            return None
        end = name.find(self.delimiter, len(self.prefix))
        return None if end < 0 else name[: end + len(self.delimiter)]

    def names(self, start: int) -> Iterator[str]:
        """The names with the prefix, from an index on; each common prefix once, as its first name."""
        names = self.bucket.keys.names()
        index = max(start, bisect_left(names, self.prefix))
        while index < len(names) and names[index].startswith(self.prefix):
            yield names[index]
            folder = self.folder(names[index])
            index = bisect_left(names, beyond(folder), index) if folder else index + 1

    def after(self, name: str) -> int:
        """The index behind a name; behind all of a common prefix, if it is one."""
        names = self.bucket.keys.names()
        return bisect_left(names, beyond(name)) if self.folder(name) == name else bisect_right(names, name)


def beyond(prefix: str) -> str:
    """The least text that is greater than all that begin with `prefix`."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)


def document(name: str, parts: list[str]) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<{name} xmlns="{NAMESPACE}">{"".join(parts)}</{name}>'
    return Response(200, body.encode(), dict(XML))


def element(name: str, value: Any) -> str:
    return f"<{name}>{value}</{name}>"


def about(version: Any) -> str:
    return (f"<LastModified>{version.last_modified_ISO8601}</LastModified><ETag>{escape(version.etag)}</ETag>"
            f"<Size>{version.size}</Size><StorageClass>{version.storage_class}</StorageClass>")


# --- ListObjectsV2 ---------------------------------------------------------------------

@handles("s3", "ListObjectsV2")
def list_objects(call: Call) -> Response:
    asked = Asked(call)
    query = asked.query
    token = query.get("continuation-token")
    start = asked.after(name_of(token)) if token is not None else 0
    if token is None and query.get("start-after"):
        start = asked.after(query["start-after"])
    owner = OWNER if query.get("fetch-owner") == "true" else ""
    entries, folders, last = objects_page(asked, start, owner)
    parts = [
        element("Name", asked.bucket.name), element("Prefix", asked.text(asked.prefix)),
        element("MaxKeys", asked.most), element("KeyCount", len(entries) + len(folders)),
        element("IsTruncated", "false" if last is None else "true"),
        element("NextContinuationToken", token_of(last)) if last is not None else "",
        element("ContinuationToken", escape(token)) if token is not None else "",
        element("StartAfter", asked.text(query["start-after"])) if query.get("start-after") else "",
        element("Delimiter", asked.text(asked.delimiter)) if asked.delimiter else "",
        "<EncodingType>url</EncodingType>" if asked.encoded else "",
    ]
    return document("ListBucketResult", parts + entries + folders)


def objects_page(asked: Asked, start: int, owner: str) -> tuple[list[str], list[str], str | None]:
    """A page's objects and common prefixes, and the last name of it where more follow."""
    entries: list[str] = []
    folders: list[str] = []
    last: str | None = None
    if asked.most == 0:
        return entries, folders, None
    for name in asked.names(start):
        folder = asked.folder(name)
        if folder is None and is_hidden(asked.bucket, name):
            continue
        if folder is not None and all_hidden(asked.bucket, folder):
            continue
        if len(entries) + len(folders) == asked.most:
            return entries, folders, last
        if folder is not None:
            folders.append(f"<CommonPrefixes><Prefix>{asked.text(folder)}</Prefix></CommonPrefixes>")
        else:
            version = asked.bucket.keys[name]
            entries.append(f"<Contents><Key>{asked.text(name)}</Key>{about(version)}{owner}</Contents>")
        last = folder or name
    return entries, folders, None


def is_hidden(bucket: Any, name: str) -> bool:
    return is_marker(bucket.keys.get(name)) or bucket.keys.get(name) is None


def all_hidden(bucket: Any, folder: str) -> bool:
    names = bucket.keys.names()
    index = bisect_left(names, folder)
    while index < len(names) and names[index].startswith(folder):
        if not is_hidden(bucket, names[index]):
            return False
        index += 1
    return True


def token_of(name: str) -> str:
    return base64.urlsafe_b64encode(name.encode()).decode()


def name_of(token: str) -> str:
    try:
        return base64.b64decode(token, b"-_", validate=True).decode() or name_of("?")
    except (binascii.Error, ValueError) as error:
        raise AWSError("InvalidArgument", "The continuation token provided is incorrect") from error


# --- ListObjectVersions ----------------------------------------------------------------

@handles("s3", "ListObjectVersions")
def list_versions(call: Call) -> Response:
    asked = Asked(call)
    key, version = asked.query.get("key-marker", ""), asked.query.get("version-id-marker", "")
    if version and not key:
        raise AWSError("InvalidArgument", "A version-id marker cannot be specified without a key marker.")
    entries, folders, last = versions_page(asked, key, version)
    parts = [
        element("Name", asked.bucket.name), element("Prefix", asked.text(asked.prefix)),
        element("KeyMarker", asked.text(key)), element("VersionIdMarker", escape(version)),
        element("MaxKeys", asked.most), element("IsTruncated", "false" if last is None else "true"),
        element("Delimiter", asked.text(asked.delimiter)) if asked.delimiter else "",
        "<EncodingType>url</EncodingType>" if asked.encoded else "",
    ]
    if last is not None:
        parts.append(element("NextKeyMarker", asked.text(last[0])))
        parts.append(element("NextVersionIdMarker", last[1]) if last[1] else "")
    return document("ListVersionsResult", parts + entries + folders)


def versions_page(asked: Asked, key: str, version: str) -> tuple[list[str], list[str], tuple[str, str] | None]:
    entries: list[str] = []
    folders: list[str] = []
    last: tuple[str, str] | None = None
    if asked.most == 0:
        return entries, folders, None
    for name, folder, found, latest in versions_after(asked, key, version):
        if len(entries) + len(folders) == asked.most:
            return entries, folders, last
        if folder is not None:
            folders.append(f"<CommonPrefixes><Prefix>{asked.text(folder)}</Prefix></CommonPrefixes>")
            last = (folder, "")
        else:
            entries.append(version_entry(asked, found, latest))
            last = (name, str(found.version_id))
    return entries, folders, None


def versions_after(asked: Asked, key: str, version: str) -> Iterator[tuple[str, str | None, Any, bool]]:
    """Each version behind the markers with its name and whether it is the latest; folders without one."""
    if key and version:
        versions = list(reversed(asked.bucket.keys.getlist(key) or []))
        ids = [str(found.version_id) for found in versions]
        behind = versions[ids.index(version) + 1:] if version in ids else []
        yield from ((key, None, found, False) for found in behind)
    for name in asked.names(asked.after(key) if key else 0):
        folder = asked.folder(name)
        if folder is not None:
            yield name, folder, None, False
            continue
        versions = list(reversed(asked.bucket.keys.getlist(name) or []))
        yield from ((name, None, found, found is versions[0]) for found in versions)


def version_entry(asked: Asked, version: Any, latest: bool) -> str:
    kind = "DeleteMarker" if is_marker(version) else "Version"
    rest = element("LastModified", version.last_modified_ISO8601) if is_marker(version) else about(version)
    return (f"<{kind}><Key>{asked.text(version.name)}</Key><VersionId>{version.version_id}</VersionId>"
            f"<IsLatest>{'true' if latest else 'false'}</IsLatest>{rest}{OWNER}</{kind}>")
