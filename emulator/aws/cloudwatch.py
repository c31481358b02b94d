"""CloudWatch: the metrics of S3 replication, among those that moto keeps."""

import datetime
from collections.abc import Callable
from typing import Any

from moto.cloudwatch.models import CloudWatchBackend, Dimension, MetricDatum, Statistics

from emulator.aws.registry import corrects
from emulator.aws.s3 import metrics
from emulator.front.call import Call
from emulator.front.errors import AWSError
from emulator.front.http import Response

MOST_QUERIES = 500
moto_data = CloudWatchBackend.get_metric_data
moto_statistics = CloudWatchBackend.get_metric_statistics
moto_listing = CloudWatchBackend.get_filtered_metrics


@corrects("cloudwatch", "GetMetricData")
def check_metric_data(call: Call, moto: Callable[[], Response]) -> Response:
    """At most 500 queries a call."""
    count = len(call.get("MetricDataQueries", []))
    if count > MOST_QUERIES:
        raise AWSError("ValidationError", f"The collection MetricDataQueries must not have a size greater than {MOST_QUERIES}.")
    return moto()


def seconds(when: datetime.datetime) -> float:
    return when.replace(tzinfo=when.tzinfo or datetime.UTC).timestamp()


def found(backend: Any, namespace: str, name: str, dimensions: list[dict[str, str]]) -> metrics.Metric | None:
    if namespace != "AWS/S3" or name not in metrics.UNITS:
        return None
    given = {d["Name"]: d.get("Value", "") for d in dimensions}
    return metrics.find(backend.account_id, backend.region_name, name, given)


def metric_data(self: Any, queries: list[dict[str, Any]], start_time: Any, end_time: Any,
                scan_by: str = "TimestampAscending") -> list[dict[str, Any]]:
    """moto's results, and ours where a query asks for a metric of replication, in the queries' order."""
    ours: dict[str, dict[str, Any]] = {}
    for query in queries:
        asked = query.get("MetricStat", {})
        metric = asked.get("Metric", {})
        one = found(self, metric.get("Namespace", ""), metric.get("MetricName", ""), metric.get("Dimensions", []))
        if one is not None:
            ours[query["Id"]] = result(query, asked, one, start_time, end_time, scan_by)
    rest = [query for query in queries if query["Id"] not in ours]
    theirs = {r["id"]: r for r in moto_data(self, rest, start_time, end_time, scan_by)}
    known = {**theirs, **ours}
    return [known[query["Id"]] for query in queries if query["Id"] in known and query.get("ReturnData", True)]


def result(query: dict[str, Any], asked: dict[str, Any], metric: metrics.Metric, start: Any, end: Any,
           scan_by: str) -> dict[str, Any]:
    stat, period = asked["Stat"], int(asked["Period"])
    first = seconds(start) // period * period
    points = [
        (when, metrics.statistic(stat, values))
        for when, values in metrics.periods(metric.series(first, seconds(end)), period)]
    if any(value is None for _, value in points):
        raise AWSError("ValidationError", f"The value {stat} for parameter Stat is not valid.")
    if asked.get("Unit") not in (None, metrics.UNITS[metric.name]):
        points = []
    if scan_by == "TimestampDescending":
        points.reverse()
    return {
        "id": query["Id"], "label": query.get("Label") or f"{metric.name} {stat}", "status_code": "Complete",
        "timestamps": [when for when, _ in points], "values": [value for _, value in points],
    }


def metric_statistics(self: Any, namespace: str, metric_name: str, start_time: Any, end_time: Any, period: int,
                      stats: list[str], dimensions: list[dict[str, str]], unit: str | None = None) -> list[Statistics]:
    metric = found(self, namespace, metric_name, dimensions or [])
    if metric is None or start_time >= end_time:
        return moto_statistics(self, namespace, metric_name, start_time, end_time, period, stats, dimensions, unit)
    points = []
    series = metric.series(seconds(start_time) // period * period, seconds(end_time))
    for when, values in metrics.periods(series, period):
        point = Statistics(stats, when, metrics.UNITS[metric.name])
        point.metric_data = [MetricDatum(namespace, metric_name, v, metric.dimensions, when, point.unit) for v in values]
        points.append(point)
    return points if unit in (None, metrics.UNITS[metric.name]) else []


def filtered_metrics(self: Any, metric_name: str, namespace: str, dimensions: list[dict[str, str]]) -> list[Any]:
    """Metrics are listed once they have been published, and as long as their last value is two weeks old."""
    listed = moto_listing(self, metric_name, namespace, dimensions)
    wanted = [Dimension(d["Name"], d.get("Value")) for d in dimensions or []]
    now = datetime.datetime.now(datetime.UTC).timestamp()
    for metric in metrics.metrics(self.account_id, self.region_name):
        datum = MetricDatum("AWS/S3", metric.name, 0.0, metric.dimensions, None)
        fits = namespace in (None, "", "AWS/S3") and metric_name in (None, "", metric.name)
        fits = fits and all(any(same(own, given) for own in datum.dimensions) for given in wanted)
        if fits and metric.series(now - 3600, now):
            listed.append(datum)
    return listed


def same(own: Any, given: Any) -> bool:
    return own.name == given.name and given.value in (None, own.value)


CloudWatchBackend.get_metric_data = metric_data  # type: ignore[method-assign]
CloudWatchBackend.get_metric_statistics = metric_statistics  # type: ignore[method-assign]
CloudWatchBackend.get_filtered_metrics = filtered_metrics  # type: ignore[method-assign]
