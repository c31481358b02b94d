"""The demo mesh: its seed, its check of both regions, its commands."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from emulator.nimbuscart import check as checking
from emulator.nimbuscart import expected, mesh, normal, questions, services, shapes
from emulator.nimbuscart.__main__ import report
from emulator.nimbuscart.clients import Accounts
from emulator.nimbuscart.seed import (
    EVERYBODY_CREATES,
    Seeding,
    post_json,
    seed,
    settings_of,
)


@contextmanager
def environment(credentials: dict):
    """The base credentials in the environment, where the commands look for them."""
    names = {"AWS_ACCESS_KEY_ID": credentials["accessKeyId"],
             "AWS_SECRET_ACCESS_KEY": credentials["secretAccessKey"]}
    before = {name: os.environ.get(name) for name in (*names, "AWS_SESSION_TOKEN")}
    os.environ.pop("AWS_SESSION_TOKEN", None)
    os.environ.update(names)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def serving():
    """A stand-in of one test module's own, so that nobody else's calls change the mesh."""
    process = subprocess.Popen(
        [sys.executable, "-m", "emulator", "serve", "--port", "0", "--exit-with-parent"],
        stdout=subprocess.PIPE, text=True)
    try:
        ready = json.loads(process.stdout.readline())
        with environment(ready):
            yield ready["endpoint"]
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="module")
def server():
    with serving() as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def seeded(server):
    """(endpoint, counts) with the mesh in the primary and, mapped, in the secondary."""
    counts = seed(server)
    mirror(server)
    return server, counts


class Mirrored(Accounts):
    """Clients of the secondary whose requests are mapped on their way, as a restore maps."""

    def client(self, account, role_name, service):
        return _Mapping(super().client(account, role_name, service))


class _Mapping:
    def __init__(self, client):
        self._client = client

    def __getattr__(self, operation):
        return lambda **request: getattr(self._client, operation)(
            **checking.in_secondary(request))


def mirror(endpoint: str) -> None:
    """Builds the mesh in the secondary by the seed's own steps."""
    seeding = Seeding(endpoint, lambda line: None)
    seeding.primary = Mirrored(endpoint, mesh.SECONDARY)
    for account in mesh.ACCOUNTS:
        lake = seeding.primary.client(account.id, mesh.PLATFORM, "lakeformation")
        lake.put_data_lake_settings(DataLakeSettings=settings_of(account.id))
        lake.revoke_permissions(**EVERYBODY_CREATES)
    for step in (seeding.encryption, seeding.policies, seeding.locations, seeding.lf_tags,
                 seeding.expressions, seeding.databases, seeding.functions, seeding.tables, seeding.partitions,
                 seeding.statistics, seeding.optimizers, seeding.filters, seeding.owners_grants, seeding.links,
                 seeding.others_grants, seeding.opt_ins):
        step()
    for _, step in seeding.services():
        step()
    # Crawlers come back without the schedules that they had.
    for account, crawler in services.CRAWLERS.items():
        glue = seeding.primary.client(account, mesh.PLATFORM, "glue")
        glue.update_crawler_schedule(CrawlerName=crawler["Name"], Schedule="")


def platform(endpoint: str, account: str, service: str, region: str = mesh.PRIMARY):
    return Accounts(endpoint, region).client(account, mesh.PLATFORM, service)


def problems(document: dict) -> set[tuple[str, str]]:
    return {(item["problem"], item["kind"]) for item in document["differences"]}


def answers(document: dict) -> list[bool]:
    return [question["answer"] for question in document["questions"]]


# --- the mesh as it was seeded --------------------------------------------------------

@pytest.mark.parametrize("region", [mesh.PRIMARY, mesh.SECONDARY])
def test_a_faithful_region_passes(seeded, region):
    document = checking.check(seeded[0], region)
    assert document["differences"] == []
    assert answers(document) == [True, True]
    assert document["ok"]
    numbers = {row["kind"]: row["found"] for row in document["kinds"]}
    assert numbers["partition"] == seeded[1]["partitions"] == 1510
    assert min(numbers[row["kind"]] for row in document["kinds"] if row["expected"]) > 0


def test_the_report_fits_a_terminal(seeded):
    text = report(checking.check(seeded[0], mesh.PRIMARY))
    assert max(map(len, text.splitlines())) <= 80
    assert text.endswith("us-east-1 is as it was seeded.")


def test_a_region_without_a_mesh_fails():
    wanted = expected.records()
    found = {key: body for key, body in wanted.items() if key[0] == "settings"}
    assert {item["problem"] for item in checking.compare(wanted, found)} == {"missing"}
    assert [question["answer"] for question in questions.ask(wanted, found)] == [False, False]


def test_exactly_two_broad_tag_grants(seeded):
    lake = platform(seeded[0], mesh.GOVERNANCE, "lakeformation")
    rows = lake.list_permissions(ResourceType="LF_TAG_POLICY")["PrincipalResourcePermissions"]
    policies = {(row["Principal"]["DataLakePrincipalIdentifier"],
                 json.dumps(normal.assignment(row["Resource"]["LFTagPolicy"]["Expression"])))
                for row in rows if "Expression" in row["Resource"]["LFTagPolicy"]}
    named = {(row["Resource"]["LFTagPolicy"]["ExpressionName"], *row["Permissions"])
             for row in rows if "ExpressionName" in row["Resource"]["LFTagPolicy"]}
    wide = json.dumps({"sensitivity": ["internal", "public"]})
    assert policies == {(mesh.role(mesh.ANALYTICS, "analytics-team"), wide),
                        (mesh.role(mesh.DATA_SCIENCE, "data-science-team"), wide)}
    assert named == {("open_products", "DESCRIBE")}


def test_connections_hold_secrets_that_must_not_travel(seeded):
    for account, given in services.CONNECTIONS.items():
        found = platform(seeded[0], account, "glue").get_connection(Name=given["Name"])["Connection"]
        assert services.SECRET in json.dumps(found["ConnectionProperties"])


def test_two_queries_of_one_name_are_two(seeded):
    assert len({(q.group, q.name) for q in services.QUERIES}) < len(services.QUERIES)
    row, = (row for row in checking.check(seeded[0], mesh.PRIMARY)["kinds"] if row["kind"] == "query")
    assert row["found"] == len(services.QUERIES)


def test_replication_rules_and_replicas(seeded):
    for domain in mesh.DOMAINS:
        s3 = platform(seeded[0], domain.account, "s3")
        rule, = s3.get_bucket_replication(
            Bucket=domain.bucket)["ReplicationConfiguration"]["Rules"]
        assert rule["Destination"]["Bucket"] == f"arn:aws:s3:::{domain.bucket}-eu"
        assert rule["Destination"]["Metrics"]["Status"] == "Enabled"
        replica = platform(seeded[0], domain.account, "s3", mesh.SECONDARY)
        keys = [{item["Key"] for item in client.list_objects_v2(Bucket=bucket)["Contents"]}
                for client, bucket in ((s3, domain.bucket), (replica, f"{domain.bucket}-eu"))]
        assert keys[0] == keys[1]


def varint(body: bytes, at: int) -> tuple[int, int]:
    """A number of Avro's, and where the next value begins."""
    value, shift = 0, 0
    while True:
        value |= (body[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if body[at - 1] < 0x80:
            return (value >> 1) ^ -(value & 1), at


def test_an_iceberg_table_is_whole_in_both_regions(seeded):
    """From the metadata file that the catalog names to the data files, by the paths in the files themselves."""
    glue = platform(seeded[0], mesh.GOVERNANCE, "glue")
    table = glue.get_table(DatabaseName="supply_chain_curated", Name="inventory_positions")["Table"]
    bucket, _, key = table["Parameters"]["metadata_location"].removeprefix("s3://").partition("/")
    for region, name in ((mesh.PRIMARY, bucket), (mesh.SECONDARY, mesh.replica_of(bucket))):
        s3 = platform(seeded[0], mesh.SUPPLY_CHAIN, "s3", region)

        def read(location: str, s3=s3, name=name) -> bytes:
            path = location.removeprefix(f"s3://{bucket}/")
            return s3.get_object(Bucket=name, Key=path)["Body"].read()

        metadata = json.loads(read(f"s3://{bucket}/{key}"))
        assert json.loads(read(metadata["metadata-log"][0]["metadata-file"]))["last-sequence-number"] == 1
        for number, snapshot in enumerate(metadata["snapshots"], 1):
            named = read(snapshot["manifest-list"])
            assert named.startswith(b"Obj\x01") and named[-16:] in named[:-16]
            found = []
            at = named.index(b"s3://")
            while at > 0:
                end = named.index(b".avro", at) + 5
                length, _ = varint(named, end)
                found.append((named[at:end].decode(), length))
                at = named.find(b"s3://", end)
            assert len(found) == number
            for manifest, length in found:
                body = read(manifest)
                assert len(body) == length
                at = body.index(f"{table['StorageDescriptor']['Location']}/data/".encode())
                data = body[at:body.index(b".parquet", at) + 8].decode()
                assert read(data) == b"PAR1PAR1"
        assert metadata["current-snapshot-id"] == metadata["snapshots"][-1]["snapshot-id"]


def test_a_secondary_as_aws_ships_it_is_not_a_restored_one(server, seeded):
    """What everybody may do in a fresh region is extra, as long as nobody revokes it."""
    lake = platform(server, mesh.FINANCE, "lakeformation", mesh.SECONDARY)
    lake.grant_permissions(**EVERYBODY_CREATES)
    try:
        document = checking.check(server, mesh.SECONDARY)
    finally:
        lake.revoke_permissions(**EVERYBODY_CREATES)
    assert [item["key"] for item in document["differences"]] == [
        "555555555555/IAM_ALLOWED_PRINCIPALS/CREATE_DATABASE/catalog"]


def test_the_secondary_is_checked_without_the_primary(seeded):
    post_json(f"{seeded[0]}/_standin/regions/us-east-1/lose", {})
    try:
        assert checking.check(seeded[0], mesh.SECONDARY)["ok"]
        lost = run("check", "--endpoint", seeded[0], "--region", mesh.PRIMARY)
    finally:
        post_json(f"{seeded[0]}/_standin/regions/us-east-1/restore", {})
    assert lost.returncode == 2
    assert lost.stdout == ""
    assert "nimbuscart check:" in lost.stderr


# --- a region restored by halves -------------------------------------------------------

def test_links_left_pointing_to_the_primary_are_seen(seeded):
    glue = platform(seeded[0], mesh.ANALYTICS, "glue", mesh.SECONDARY)
    to_database, = (link for link in mesh.LINKS
                    if (link.account, link.name) == (mesh.ANALYTICS, "sales"))
    to_table, = (link for link in mesh.LINKS if link.name == "daily_sales")
    for change in (lambda shape: shape, checking.in_secondary):
        glue.update_database(Name="sales",
                             DatabaseInput=change(shapes.link_input(to_database)))
        glue.update_table(DatabaseName="bi_workspace",
                          TableInput=change(shapes.link_input(to_table)))
        document = checking.check(seeded[0], mesh.SECONDARY)
        if change is checking.in_secondary:
            assert document["ok"], "the links were put right"
            break
        fields = [(field["field"], field["found"]) for item in document["differences"]
                  for field in item["fields"]]
        assert sorted(fields) == [("TargetDatabase.Region", "us-east-1"),
                                  ("TargetTable.Region", "us-east-1")]
        assert problems(document) == {("different", "link")}


# --- the mapping, and the commands ----------------------------------------------------

def test_the_mapping_by_example():
    said = checking.in_secondary
    assert said("s3://nimbus-sales-products/curated/orders") == (
        "s3://nimbus-sales-products-eu/curated/orders")
    assert said("arn:aws:s3:::nimbus-supply-chain-products") == (
        "arn:aws:s3:::nimbus-supply-chain-products-eu")
    assert said("s3://nimbus-sales-products-eu/x") == "s3://nimbus-sales-products-eu/x"
    assert said({"Region": "us-east-1", "Name": "us-east-1"}) == {
        "Region": "eu-west-1", "Name": "us-east-1"}


def test_nothing_mapped_is_left_in_the_primary():
    text = json.dumps([[key, body] for key, body in
                       checking.mapped(expected.records()).items()])
    assert "us-east-1" not in text
    assert "-products/" not in text
    assert "-products-eu/" in text


def test_iceberg_and_projection_parameters_are_mapped():
    records = checking.mapped(expected.records())
    iceberg = records["table", mesh.GOVERNANCE, "supply_chain_curated", "inventory_positions"]
    assert iceberg["Parameters"]["metadata_location"].startswith(
        "s3://nimbus-supply-chain-products-eu/curated/inventory_positions/metadata/")
    projected = records["table", mesh.GOVERNANCE, "marketing_curated", "web_sessions"]
    assert projected["Parameters"]["storage.location.template"] == (
        "s3://nimbus-marketing-products-eu/curated/web_sessions/session_date=${session_date}")


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "emulator.nimbuscart", *arguments],
                          capture_output=True, text=True, timeout=60,
                          env={**os.environ, **changes})


def test_the_check_command_gives_one_document(seeded):
    clean = run("check", "--endpoint", seeded[0], "--region", mesh.PRIMARY, "--json")
    assert clean.returncode == 0, clean.stderr
    assert json.loads(clean.stdout)["ok"] is True


def test_the_check_command_without_credentials_or_server(server):
    refused = run("check", "--endpoint", server, "--region", mesh.PRIMARY,
                  AWS_SECRET_ACCESS_KEY="wrong")
    assert refused.returncode == 2
    assert "SignatureDoesNotMatch" in refused.stderr
    nobody = run("check", "--endpoint", "http://127.0.0.1:1", "--region", mesh.PRIMARY)
    assert nobody.returncode == 2
    assert "127.0.0.1:1" in nobody.stderr


def test_seeding_twice_is_refused(seeded):
    again = run("seed", "--endpoint", seeded[0])
    assert again.returncode == 2
    assert "the mesh is there already" in again.stderr


def test_the_mesh_file_lists_every_account():
    text = run("meshfile", "--store", "/tmp/it's a store").stdout
    assert "store: '/tmp/it''s a store'\n" in text
    for account in mesh.ACCOUNTS:
        assert f'{{id: "{account.id}", name: {account.name}}}' in text


def test_what_people_share_by_hand_is_in_the_primary_only():
    wanted = {key: body for key, body in expected.records().items() if key[0] == "share"}
    assert [key[2] for key in wanted] == ["clickstream-browsing"]
    assert not [key for key in checking.mapped(wanted) if key[0] == "share"]
