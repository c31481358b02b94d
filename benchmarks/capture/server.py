"""A small, fast server of pre-rendered Glue pages, for the capture benchmark.

It answers in the wire format of AWS, after a latency that is given, and does as little as it can
for each call: the pages lie rendered in one file, from which they are copied to the socket. It checks
nothing, neither signatures nor bodies: the AWS stand-in in emulator/ does that, in the tests.

    python -m benchmarks.capture.server --ready-file F --latency 0.03 --partitions 1000000
"""

import argparse
import asyncio
import json
import mmap
import os
import re
import tempfile
import uuid
from collections import Counter

from benchmarks.capture.answers import BUCKETS, READY, Answer, assumed_role, caller_identity, column_statistics, data_lake_settings
from benchmarks.capture.mesh import REGION, Shape, Token, partition_pages, table_body

CREDENTIAL = re.compile(rb"Credential=ASIA(\d{12})")
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
TARGET = re.compile(rb"x-amz-target: *\w+\.(\w+)", re.IGNORECASE)
ACTION = re.compile(rb"Action=(\w+)")
ROLE_ACCOUNT = re.compile(rb"RoleArn=arn(?:%3A|:)aws(?:%3A|:)iam(?:%3A|:)(?:%3A|:)(\d{12})")


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
            return Answer.json({"Partitions": []})
        offset, size = places[token.index]
        following = token.next
        more = f'"NextToken":"{following.text}",' if following.index < len(places) else ""
        return Answer([b"{" + more.encode(), memoryview(self.content)[offset : offset + size]])

    def database_list(self, account):
        return [
            {"Name": name, "CatalogId": account, "CreateTime": 1.69e9, "CreateTableDefaultPermissions": []}
            for name in self.databases.get(account, [])
        ]

    def answer(self, operation, account, request):
        if operation == "GetPartitions":
            return self.partitions(account, request)
        if operation == "GetTables":
            return Answer.json({"TableList": self.tables.get((account, request["DatabaseName"]), [])})
        if operation == "GetDatabases":
            return Answer.json({"DatabaseList": self.database_list(account)})
        if operation == "GetColumnStatisticsForTable":
            return column_statistics(request)
        if operation == "GetDataLakeSettings":
            return data_lake_settings(account)
        return READY.get(operation) or Answer.refused("UnknownOperationException", operation)


class Connection(asyncio.Protocol):
    """One kept-alive connection: request in, answer out, one at a time."""

    def __init__(self, server):
        self.server = server
        self.buffer = b""

    def connection_made(self, transport):
        self.transport = transport
        self.server.connections += 1
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
            f"HTTP/1.1 {answer.status}\r\nContent-Type: {answer.type}\r\n"
            f"x-amzn-RequestId: {uuid.uuid4()}\r\n"
            f"Content-Length: {sum(len(part) for part in answer.parts)}\r\n\r\n"
        ).encode()
        self.transport.write(head + answer.parts[0])
        for part in answer.parts[1:]:
            self.transport.write(part)


class Server:
    def __init__(self, mesh, caller, latency):
        self.mesh = mesh
        self.caller = caller
        self.latency = latency
        self.calls = Counter()
        self.refused = Counter()
        self.connections = 0

    def control(self, path):
        """For the benchmark: what was counted since it asked last, and how long answers take."""
        if path.startswith("/_bench/latency/"):
            self.latency = float(path.rsplit("/", 1)[1])
        counted = {"calls": sum(self.calls.values()), "connections": self.connections}
        counted |= {"refused": self.refused, "operations": dict(self.calls)}
        self.calls.clear()
        self.connections = 0
        self.refused = Counter()
        return Answer.json(counted)

    def sts(self, action, body, account, is_role):
        if action == "AssumeRole":
            return assumed_role(ROLE_ACCOUNT.search(body).group(1).decode())
        return caller_identity(account, is_role)

    def answer(self, head, body):
        path = head.split(b" ", 2)[1].decode()
        if path.startswith("/_bench/"):
            return self.control(path)
        found = CREDENTIAL.search(head)
        account = found.group(1).decode() if found else self.caller
        target = TARGET.search(head)
        action = ACTION.search(body) if not target else None
        if action:
            self.calls[action.group(1).decode()] += 1
            return self.sts(action.group(1).decode(), body, account, found is not None)
        if not target and head.startswith((b"GET / ", b"GET /?")):
            self.calls["ListBuckets"] += 1
            return Answer.xml(BUCKETS)
        # Lake Formation has the operation in the path.
        operation = target.group(1).decode() if target else path.split("?")[0].strip("/")
        self.calls[operation] += 1
        answer = self.mesh.answer(operation, account, json.loads(body or b"{}"))
        if not answer.status.startswith("200"):
            self.refused[operation] += 1
        return answer


async def serve(options):
    shape = Shape(options.accounts, options.tables, options.partitions)
    with tempfile.TemporaryFile() as file:
        mesh = Mesh(shape, file)
        server = Server(mesh, shape.account_ids()[0], options.latency)
        loop = asyncio.get_running_loop()
        listener = await loop.create_server(lambda: Connection(server), "127.0.0.1", 0, backlog=256)
        port = listener.sockets[0].getsockname()[1]
        with open(options.ready_file + ".part", "w") as ready:
            json.dump({"port": port, "bytes": mesh.bytes, "region": REGION}, ready)
        os.rename(options.ready_file + ".part", options.ready_file)
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
