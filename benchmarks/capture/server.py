"""A small, fast server of pre-rendered Glue pages, for the capture benchmark.

It answers in the wire format of AWS, after a latency that is given, and does as little as it can
for each call: the pages lie rendered in one file, from which they are copied to the socket. It checks
nothing, neither signatures nor bodies: the AWS stand-in in emulator/ does that, in the tests.

    python -m benchmarks.capture.server --port-file F --latency 0.03 --partitions 1000000
"""

import argparse
import asyncio
import json
import mmap
import re
import tempfile
import uuid
from collections import Counter

from benchmarks.capture.mesh import REGION, Shape, Token, partition_pages, table_body

ROLE = "meshdr-reader"
CREDENTIAL = re.compile(rb"Credential=ASIA(\d{12})")
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
TARGET = re.compile(rb"x-amz-target: *AWSGlue\.(\w+)", re.IGNORECASE)


def as_bytes(value):
    return json.dumps(value, separators=(",", ":")).encode()


class Mesh:
    """Every answer, ready to be sent."""

    def __init__(self, shape, file):
        self.tables = {}
        self.databases = {}
        self.pages = {}
        for table in shape.all_tables():
            place = (table.account, table.database)
            self.tables.setdefault(place, []).append(table_body(table))
            names = self.databases.setdefault(table.account, [])
            if table.database not in names:
                names.append(table.database)
            self._render(table, file)
        file.flush()
        self.bytes = file.tell()
        self.content = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)

    def _render(self, table, file):
        places = self.pages[(table.account, table.database, table.name)] = []
        for page in partition_pages(table):
            places.append((file.tell(), len(page)))
            file.write(page)

    def partitions(self, account, request):
        places = self.pages.get((account, request["DatabaseName"], request["TableName"]))
        token = Token.of(request)
        if places is None or token.index >= len(places):
            return [b"{}"]
        offset, size = places[token.index]
        following = token.next
        more = f'"NextToken":"{following.text}",' if following.index < len(places) else ""
        return [b"{" + more.encode(), memoryview(self.content)[offset : offset + size]]

    def glue(self, operation, account, request):
        if operation == "GetPartitions":
            return self.partitions(account, request)
        if operation == "GetTables":
            tables = self.tables.get((account, request["DatabaseName"]), [])
            return [as_bytes({"TableList": tables})]
        if operation == "GetDatabases":
            names = self.databases.get(account, [])
            return [
                as_bytes(
                    {
                        "DatabaseList": [
                            {
                                "Name": name,
                                "CatalogId": account,
                                "CreateTime": 1.69e9,
                                "CreateTableDefaultPermissions": [],
                            }
                            for name in names
                        ]
                    }
                )
            ]
        return [b"{}"]


def sts(body, caller):
    match = re.search(rb"role%2F|role/", body)
    account = re.search(rb"RoleArn=arn(?:%3A|:)aws(?:%3A|:)iam(?:%3A|:)(?:%3A|:)(\d{12})", body)
    if match and account:
        account = account.group(1).decode()
        result = (
            "<AssumeRoleResponse><AssumeRoleResult><Credentials>"
            f"<AccessKeyId>ASIA{account}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>"
            "<SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>"
            "</Credentials><AssumedRoleUser>"
            f"<Arn>arn:aws:sts::{account}:assumed-role/{ROLE}/x</Arn><AssumedRoleId>A:x</AssumedRoleId>"
            "</AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>"
        )
    else:
        result = (
            "<GetCallerIdentityResponse><GetCallerIdentityResult>"
            f"<Arn>arn:aws:iam::{caller}:user/nightly</Arn><UserId>AIDA</UserId>"
            f"<Account>{caller}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"
        )
    return result.encode()


def settings(account):
    names = [f"role/{ROLE}", "user/nightly"]
    return as_bytes(
        {
            "DataLakeSettings": {
                "DataLakeAdmins": [
                    {"DataLakePrincipalIdentifier": f"arn:aws:iam::{account}:{name}"}
                    for name in names
                ],
                "CreateDatabaseDefaultPermissions": [],
                "CreateTableDefaultPermissions": [],
                "Parameters": {"CROSS_ACCOUNT_VERSION": "4"},
            }
        }
    )


EMPTY_BUCKETS = b"<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>"


class Connection(asyncio.Protocol):
    """One kept-alive connection: request in, answer out, one at a time."""

    def __init__(self, server):
        self.server = server
        self.buffer = b""

    def connection_made(self, transport):
        self.transport = transport
        transport.set_write_buffer_limits(high=4 << 20)

    def data_received(self, data):
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self.buffer[:end]
        length = LENGTH.search(head)
        size = int(length.group(1)) if length else 0
        if len(self.buffer) < end + 4 + size:
            return
        body = self.buffer[end + 4 : end + 4 + size]
        self.buffer = self.buffer[end + 4 + size :]
        answer = self.server.answer(head, body)
        if self.server.latency:
            asyncio.get_running_loop().call_later(self.server.latency, self.send, answer)
        else:
            self.send(answer)

    def send(self, answer):
        if self.transport.is_closing():
            return
        head = (
            "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\n"
            f"x-amzn-RequestId: {uuid.uuid4()}\r\n"
            f"Content-Length: {sum(len(part) for part in answer)}\r\n\r\n"
        ).encode()
        self.transport.write(head + answer[0])
        for part in answer[1:]:
            self.transport.write(part)


class Server:
    def __init__(self, mesh, caller, latency):
        self.mesh = mesh
        self.caller = caller
        self.latency = latency
        self.calls = Counter()

    def answer(self, head, body):
        path = head.split(b" ", 2)[1]
        if path == b"/_bench/calls":
            answer = as_bytes({"calls": sum(self.calls.values()), "operations": self.calls})
            self.calls.clear()
            return [answer]
        if path.startswith(b"/_bench/latency/"):
            self.latency = float(path.rsplit(b"/", 1)[1])
            return [b"{}"]
        found = CREDENTIAL.search(head)
        account = found.group(1).decode() if found else self.caller
        target = TARGET.search(head)
        if target:
            operation = target.group(1).decode()
            self.calls[operation] += 1
            return self.mesh.glue(operation, account, json.loads(body))
        name = path.decode().split("?")[0].strip("/") or "sts or s3"
        self.calls[name] += 1
        if name == "GetDataLakeSettings":
            return [settings(account)]
        if b"Action=" in body:
            return [sts(body, self.caller)]
        if head.startswith(b"GET /"):
            return [EMPTY_BUCKETS]
        return [b"{}"]


async def serve(options):
    shape = Shape(options.accounts, options.tables, options.partitions)
    with tempfile.TemporaryFile() as file:
        mesh = Mesh(shape, file)
        server = Server(mesh, shape.account_ids()[0], options.latency)
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(lambda: Connection(server), "127.0.0.1", 0, backlog=256)
        port = listener.sockets[0].getsockname()[1]
        with open(options.ready_file, "w") as ready:
            json.dump({"port": port, "bytes": mesh.bytes, "region": REGION}, ready)
        await listener.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ready-file", required=True)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--accounts", type=int, default=50)
    parser.add_argument("--tables", type=int, default=2000)
    parser.add_argument("--partitions", type=int, default=1_000_000)
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
