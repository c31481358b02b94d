"""CloudWatch's metrics of replication follow from what replication did."""

import datetime
import time

import pytest
from botocore.exceptions import ClientError

from emulator.tests.conftest import GOVERNANCE, PRIMARY, SECONDARY, code_of
from emulator.tests.test_s3 import put, replicate, rule, s3  # noqa: F401  the fixture of two buckets

ON = {"Bucket": "arn:aws:s3:::products-eu", "Metrics": {"Status": "Enabled"}}
RTC = {**ON, "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
       "Metrics": {"Status": "Enabled", "EventThreshold": {"Minutes": 15}}}
DIMENSIONS = [{"Name": "SourceBucket", "Value": "products"}, {"Name": "DestinationBucket", "Value": "products-eu"},
              {"Name": "RuleId", "Value": "all"}]
LATENCY, BYTES = "ReplicationLatency", "BytesPendingReplication"
PENDING, FAILED = "OperationsPendingReplication", "OperationsFailedReplication"


def ask(standin, name: str, region: str = SECONDARY, stat: str = "Maximum", period: int = 60,
        minutes: int = 60) -> list[float]:
    now = datetime.datetime.now(datetime.UTC)
    found = standin.client("cloudwatch", region=region).get_metric_data(
        StartTime=now - datetime.timedelta(minutes=minutes), EndTime=now + datetime.timedelta(minutes=1),
        ScanBy="TimestampAscending", MetricDataQueries=[{"Id": "m", "MetricStat": {
            "Metric": {"Namespace": "AWS/S3", "MetricName": name, "Dimensions": DIMENSIONS},
            "Period": period, "Stat": stat}}])
    return found["MetricDataResults"][0]["Values"]


@pytest.fixture
def measured(standin, s3):  # noqa: F811
    """Replication with metrics that were switched on long ago."""
    replicate(s3, rule(Destination=RTC))
    standin.control("replication/measured", {"bucket": "products", "seconds": 86400})
    return s3


def test_an_object_pending_for_20_minutes_shows_in_all_of_them(standin, measured):
    measured.put_object(Bucket="products", Key="late", Body=b"12345")
    standin.control("objects/age", {"bucket": "products", "seconds": 1200})
    latency = ask(standin, LATENCY)
    assert 1200 <= latency[-1] <= 1230 and 20 <= len(latency) <= 22 and latency == sorted(latency)
    assert (ask(standin, BYTES)[-1], ask(standin, PENDING)[-1]) == (5, 1)
    assert ask(standin, PENDING)[0] == 0 and len(ask(standin, PENDING)) == 61


def test_what_has_arrived_is_no_longer_pending(standin, measured):
    put(measured, "a")
    standin.control("replication/run", {})
    assert (ask(standin, BYTES)[-1], ask(standin, PENDING)[-1]) == (0, 0)
    assert len(ask(standin, LATENCY)) in (1, 2) and ask(standin, LATENCY)[-1] < 60


def test_each_is_published_in_its_region_only(standin, measured):
    standin.control("replication", {"failing": [{"key": "bad"}]})
    put(measured, "bad", "good")
    standin.control("replication/run", {})
    assert sum(ask(standin, FAILED, PRIMARY, "Sum")) == 1
    for name in (LATENCY, BYTES, PENDING):
        assert ask(standin, name, SECONDARY) and not ask(standin, name, PRIMARY)
    assert not ask(standin, FAILED, SECONDARY)
    standin.control("replication", {"metrics": "source"})
    assert ask(standin, PENDING, PRIMARY) and not ask(standin, PENDING, SECONDARY)
    standin.control("replication", {"metrics": "both"})
    assert ask(standin, PENDING, PRIMARY) and ask(standin, FAILED, SECONDARY)
    standin.control("replication", {"metrics": "none"})
    assert not ask(standin, PENDING, PRIMARY) and not ask(standin, PENDING, SECONDARY)


def test_they_begin_fifteen_minutes_after_being_switched_on(standin, s3):  # noqa: F811
    replicate(s3, rule(Destination=ON))
    put(s3, "a")
    assert ask(standin, PENDING) == []
    standin.control("replication/measured", {"bucket": "products", "seconds": 1200})
    assert 5 <= len(ask(standin, PENDING)) <= 6
    replicate(s3, rule(Destination=ON))
    assert 5 <= len(ask(standin, PENDING)) <= 6


def test_a_rule_without_metrics_publishes_none(standin, s3):  # noqa: F811
    replicate(s3, rule())
    standin.control("replication/measured", {"bucket": "products", "seconds": 86400})
    put(s3, "a")
    assert all(ask(standin, name, region) == [] for name in (LATENCY, BYTES, PENDING, FAILED)
               for region in (PRIMARY, SECONDARY))


def test_gaps_are_gaps(standin, measured):
    standin.control("replication", {"bucket": "products", "metricGaps": [[1800, 0]]})
    assert 28 <= len(ask(standin, PENDING)) <= 31


def test_a_destination_that_is_gone_leaves_failures_only(standin, measured):
    measured.delete_bucket(Bucket="products-eu")
    put(measured, "a")
    standin.control("replication/run", {})
    assert sum(ask(standin, FAILED, PRIMARY, "Sum")) == 1
    assert all(ask(standin, name) == [] for name in (LATENCY, BYTES, PENDING))


def test_periods_and_percentiles(standin, measured):
    put(measured, "late")
    standin.control("objects/age", {"bucket": "products", "seconds": 600})
    hours = ask(standin, LATENCY, period=3600, minutes=120)
    assert max(hours) >= 600 and len(hours) <= 2
    assert ask(standin, PENDING, stat="p99", period=3600)[-1] == pytest.approx(1, abs=0.01)
    with pytest.raises(ClientError) as error:
        ask(standin, PENDING, stat="worst")
    assert code_of(error) == "ValidationError"


def test_statistics_and_listings_know_them_too(standin, measured):
    put(measured, "late")
    # A minute in which nothing was late yet has no latency.
    standin.control("objects/age", {"bucket": "products", "seconds": 120})
    client = standin.client("cloudwatch", region=SECONDARY)
    listed = client.list_metrics(Namespace="AWS/S3", Dimensions=[{"Name": "RuleId", "Value": "all"}])["Metrics"]
    assert sorted(metric["MetricName"] for metric in listed) == sorted([LATENCY, BYTES, PENDING])
    assert all(metric["Dimensions"] == DIMENSIONS for metric in listed)
    now = datetime.datetime.now(datetime.UTC)
    points = client.get_metric_statistics(
        Namespace="AWS/S3", MetricName=PENDING, Dimensions=DIMENSIONS, Period=300, Statistics=["Maximum"],
        StartTime=now - datetime.timedelta(hours=1), EndTime=now + datetime.timedelta(minutes=1))["Datapoints"]
    assert len(points) in (12, 13) and max(point["Maximum"] for point in points) == 1
    assert {point["Unit"] for point in points} == {"Count"}


def test_other_metrics_are_untouched_and_500_a_call_is_the_most(standin, measured):
    client = standin.client("cloudwatch", region=SECONDARY)
    now = datetime.datetime.now(datetime.UTC)
    client.put_metric_data(Namespace="Own", MetricData=[{"MetricName": "Age", "Value": 7, "Timestamp": now}])
    query = {"MetricStat": {"Metric": {"Namespace": "Own", "MetricName": "Age"}, "Period": 60, "Stat": "Maximum"}}
    span = {"StartTime": now - datetime.timedelta(minutes=5), "EndTime": now + datetime.timedelta(minutes=5)}
    found = client.get_metric_data(MetricDataQueries=[{"Id": "own", **query}], **span)["MetricDataResults"]
    assert found[0]["Values"] == [7]
    with pytest.raises(ClientError) as error:
        client.get_metric_data(MetricDataQueries=[{"Id": f"m{n}", **query} for n in range(501)], **span)
    assert code_of(error) == "ValidationError"


def test_many_operations_are_added_up_quickly(standin, measured):
    standin.control("replication", {"paused": True})
    standin.control("objects/fill", {"bucket": "products", "count": 20000, "size": 3})
    started = time.monotonic()
    assert (ask(standin, PENDING)[-1], ask(standin, BYTES)[-1]) == (20000, 60000)
    assert time.monotonic() - started < 5


def test_another_account_does_not_see_them(standin, measured):
    put(measured, "a")
    now = datetime.datetime.now(datetime.UTC)
    other = standin.client("cloudwatch", "222222222222", region=SECONDARY)
    assert GOVERNANCE != "222222222222" and other.get_metric_statistics(
        Namespace="AWS/S3", MetricName=PENDING, Dimensions=DIMENSIONS, Period=60, Statistics=["Maximum"],
        StartTime=now - datetime.timedelta(hours=1), EndTime=now + datetime.timedelta(minutes=1))["Datapoints"] == []
