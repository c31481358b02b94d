"""A small, fast server of two buckets whose listings lie rendered in one file, and of the catalog of the
table in them.

One object of the source is missing in the replica; otherwise the two are alike. It checks nothing: the
AWS stand-in in emulator/ does that, in the tests.

    python -m benchmarks.rpo.server --ready-file F --objects 1000000
"""

import argparse
import asyncio
import hashlib
import json
import mmap
import os
import re
import tempfile
from urllib.parse import parse_qs, unquote, urlsplit

from benchmarks.capture.answers import Answer
from benchmarks.capture.mesh import REGION, Shape, table_body
from benchmarks.capture.server import Connection, Mesh, Server

PAGE = 1000
PREFIX = "events_000/"
REPLICA_REGION = "eu-west-1"
SIGNED_FOR = re.compile(rb"Credential=[^/]+/\d+/([a-z0-9-]+)/")
OWNER = b"<ListAllMyBucketsResult><Owner><ID>owner</ID></Owner><Buckets>%s</Buckets></ListAllMyBucketsResult>"

REPLICATION = """<ReplicationConfiguration><Role>arn:aws:iam::{account}:role/replicator</Role><Rule><ID>all</ID>
<Priority>1</Priority><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>
<DeleteMarkerReplication><Status>Enabled</Status></DeleteMarkerReplication>
<Destination><Bucket>arn:aws:s3:::{replica}</Bucket></Destination></Rule></ReplicationConfiguration>"""


def object_xml(number):
    """As S3 writes it, checksum members included. Names and ETags are drawn from the number."""
    digest = hashlib.md5(str(number).encode()).hexdigest()
    day, part = divmod(number, 2000)
    date, hour = f"2026-{day // 28 % 12 + 1:02d}-{day % 28 + 1:02d}", f"{part // 100:02d}"
    key = f"{PREFIX}day={date}/hour={hour}/part-{number:08d}-{digest[:13]}.c000.snappy.parquet"
    return key, (
        f"<Contents><Key>{key}</Key><LastModified>{date}T{hour}:00:07.000Z</LastModified>"
        f"<ETag>&quot;{digest}&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm>"
        f"<ChecksumType>FULL_OBJECT</ChecksumType><Size>{number * 7919 % 90_000_000}</Size>"
        "<StorageClass>STANDARD</StorageClass></Contents>"
    )


class Listing:
    """The pages of one bucket, rendered."""

    def __init__(self, bucket, objects, file, without=None):
        self.places = []
        for begin in range(0, len(objects), PAGE):
            texts = [text for index, text in objects[begin : begin + PAGE] if index != without]
            more = begin + PAGE < len(objects)
            token = f"<NextContinuationToken>{begin // PAGE + 1}</NextContinuationToken>" if more else ""
            page = (
                '<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                f"<Name>{bucket}</Name><Prefix>{PREFIX}</Prefix>{token}<KeyCount>{len(texts)}</KeyCount>"
                f"<MaxKeys>1000</MaxKeys><IsTruncated>{str(more).lower()}</IsTruncated>{''.join(texts)}</ListBucketResult>"
            ).encode()
            self.places.append((file.tell(), len(page)))
            file.write(page)


class Buckets(Server):
    def __init__(self, shape, objects, file):
        with tempfile.TemporaryFile() as pages:
            super().__init__(Mesh(shape, pages_of(pages)), shape.account_ids()[0], 0.0)
        self.table = shape.all_tables()[0]
        self.source = table_body(self.table)["StorageDescriptor"]["Location"].split("/")[2]
        self.replica = self.source + "-eu"
        made = sorted(object_xml(number) for number in range(objects))
        listed = [(index, text) for index, (_, text) in enumerate(made)]
        self.missing, self.missing_index = made[objects // 2][0], objects // 2
        self.listings = {
            self.source: Listing(self.source, listed, file),
            self.replica: Listing(self.replica, listed, file, without=self.missing_index),
        }
        file.flush()
        self.size = file.tell()
        self.content = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)

    def answer(self, head, body):
        method, path = head.split(b" ", 2)[:2]
        url = urlsplit(path.decode())
        bucket, _, key = url.path.lstrip("/").partition("/")
        if bucket in self.listings:
            return self.of_bucket(method.decode(), bucket, unquote(key), parse_qs(url.query, keep_blank_values=True))
        if method == b"GET" and url.path == "/":
            self.calls["ListBuckets"] += 1
            return Answer.xml(OWNER % self.bucket_list())
        if b"X-Amz-Target: GraniteServiceVersion20100801" in head:
            self.calls["GetMetricData"] += 1
            return Answer.json({"MetricDataResults": []})
        return super().answer(head, body)

    def bucket_list(self):
        regions = {self.source: REGION, self.replica: REPLICA_REGION}
        return b"".join(
            f"<Bucket><Name>{name}</Name><BucketRegion>{region}</BucketRegion></Bucket>".encode()
            for name, region in regions.items()
        )

    def of_bucket(self, method, bucket, key, query):
        if "list-type" in query:
            self.calls["ListObjectsV2"] += 1
            page = int(query.get("continuation-token", ["0"])[0])
            offset, size = self.listings[bucket].places[page]
            return Answer([memoryview(self.content)[offset : offset + size]], type="application/xml")
        if method == "HEAD":
            self.calls["HeadObject"] += 1
            missing = bucket == self.replica and key == self.missing
            return Answer([b""], status="404 Not Found" if missing else HEADERS)
        self.calls["bucket"] += 1
        if "replication" in query:
            return Answer.xml(REPLICATION.format(account=self.table.account, replica=self.replica).encode())
        if "versioning" in query:
            return Answer.xml(b"<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>")
        return Answer([b"<Error><Code>ServerSideEncryptionConfigurationNotFoundError</Code></Error>"], status="404 Not Found")


# The server of the capture benchmark writes the status into the first line, and so the headers behind it.
HEADERS = (
    '200 OK\r\nETag: "0"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:07 GMT\r\n'
    "x-amz-replication-status: PENDING\r\nx-amz-version-id: 1"
)


def pages_of(file):
    """An empty file can't be mapped into memory."""
    file.write(b" ")
    return file


async def serve(options):
    with tempfile.TemporaryFile() as file:
        server = Buckets(Shape(1, 1, 0), options.objects, file)
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(lambda: Connection(server), "127.0.0.1", 0, backlog=256)
        said = {
            "port": listener.sockets[0].getsockname()[1],
            "bytes": server.size,
            "account": server.table.account,
            "source": server.source,
            "replica": server.replica,
            "missing": server.missing,
            "pages": {name: len(listing.places) for name, listing in server.listings.items()},
        }
        with open(options.ready_file + ".part", "w") as ready:
            json.dump(said, ready)
        os.rename(options.ready_file + ".part", options.ready_file)
        await listener.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ready-file", required=True)
    parser.add_argument("--objects", type=int, default=1_000_000)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
