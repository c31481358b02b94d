"""Crawlers, with every member kept. Starting one changes its state; nothing is crawled."""

from typing import Any

from moto.glue.models import glue_backends

from emulator.aws.glue.lookup import already
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Json, catalog
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import AWSError, invalid, not_found

#: What the API reference gives as defaults.
DEFAULTS: Json = {
    "Classifiers": [],
    "RecrawlPolicy": {"RecrawlBehavior": "CRAWL_EVERYTHING"},
    "SchemaChangePolicy": {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "DEPRECATE_IN_DATABASE"},
    "LineageConfiguration": {"CrawlerLineageSettings": "DISABLE"},
    "LakeFormationConfiguration": {"UseLakeFormationCredentials": False, "AccountId": ""},
}


def store(call: Call) -> dict[str, Json]:
    return catalog(call.account, call.region).crawlers


def find(call: Call, member: str = "Name") -> Json:
    name = call.params[member]
    if name not in store(call):
        raise not_found(f"Crawler with name {name} does not exist")
    return store(call)[name]


def at_rest(crawler: Json) -> Json:
    if crawler["State"] != "READY":
        raise AWSError("CrawlerRunningException", f"Crawler with name {crawler['Name']} is running")
    return crawler


def taken(call: Call) -> Json:
    """What of the request is kept. A role is listed by its name, however it was given."""
    members = {name: value for name, value in call.params.items() if name not in ("Schedule", "Tags")}
    if "Targets" in members and not any(members["Targets"].values()):
        raise invalid("A crawler needs at least one target")
    if members.get("Role", "").startswith("arn:"):
        members["Role"] = members["Role"].partition(":role/")[2]
    if "Schedule" in call.params:
        members["Schedule"] = scheduled(call.params["Schedule"])
    return members


def scheduled(times: str) -> Json:
    if not times:
        return {"State": "NOT_SCHEDULED"}
    if not (times.startswith("cron(") and times.endswith(")")):
        raise invalid(f"Invalid schedule expression: {times}")
    return {"ScheduleExpression": times, "State": "SCHEDULED"}


@handles("glue", "CreateCrawler")
def create(call: Call) -> None:
    name = call.params["Name"]
    if name in store(call):
        raise already("Crawler")
    now = stamp()
    store(call)[name] = {
        **DEFAULTS, **taken(call), "State": "READY", "CrawlElapsedTime": 0, "CreationTime": now, "LastUpdated": now,
        "Version": 1}
    arn = f"arn:aws:glue:{call.region}:{call.account}:crawler/{name}"
    glue_backends[call.account][call.region].tag_resource(arn, call.get("Tags") or {})


@handles("glue", "UpdateCrawler")
def update(call: Call) -> None:
    """UpdateCrawler changes the members that are given; a running crawler can't be changed."""
    crawler = at_rest(find(call))
    crawler.update(taken(call), LastUpdated=stamp(), Version=crawler["Version"] + 1)


@handles("glue", "GetCrawler")
def get(call: Call) -> dict[str, Any]:
    return {"Crawler": find(call)}


@handles("glue", "GetCrawlers")
def list_all(call: Call) -> dict[str, Any]:
    chosen, more = page(call, [store(call)[name] for name in sorted(store(call))], 1000)
    return {"Crawlers": list(chosen), **more}


@handles("glue", "ListCrawlers")
def list_names(call: Call) -> dict[str, Any]:
    names = sorted(store(call))
    if call.get("Tags"):
        backend = glue_backends[call.account][call.region]
        arn = f"arn:aws:glue:{call.region}:{call.account}:crawler/"
        names = [name for name in names if call.params["Tags"].items() <= backend.get_tags(arn + name).items()]
    chosen, more = page(call, names, 1000)
    return {"CrawlerNames": list(chosen), **more}


@handles("glue", "BatchGetCrawlers")
def batch_get(call: Call) -> dict[str, Any]:
    wanted = call.params["CrawlerNames"]
    return {
        "Crawlers": [store(call)[name] for name in wanted if name in store(call)],
        "CrawlersNotFound": [name for name in wanted if name not in store(call)]}


@handles("glue", "DeleteCrawler")
def delete(call: Call) -> None:
    del store(call)[at_rest(find(call))["Name"]]


@handles("glue", "StartCrawler")
def start(call: Call) -> None:
    at_rest(find(call))["State"] = "RUNNING"


@handles("glue", "StopCrawler")
def stop(call: Call) -> None:
    crawler = find(call)
    if crawler["State"] != "RUNNING":
        raise AWSError("CrawlerNotRunningException", f"Crawler with name {crawler['Name']} is not running")
    crawler["State"] = "READY"


@handles("glue", "UpdateCrawlerSchedule")
def update_schedule(call: Call) -> None:
    find(call, "CrawlerName")["Schedule"] = scheduled(call.get("Schedule") or "")


def switch(call: Call, state: str, refused: str) -> None:
    schedule = find(call, "CrawlerName").get("Schedule") or {}
    if not schedule.get("ScheduleExpression"):
        raise AWSError("NoScheduleException", "The crawler has no schedule")
    if schedule["State"] == state:
        raise AWSError(refused, f"The schedule is {state} already")
    schedule["State"] = state


@handles("glue", "StartCrawlerSchedule")
def start_schedule(call: Call) -> None:
    switch(call, "SCHEDULED", "SchedulerRunningException")


@handles("glue", "StopCrawlerSchedule")
def stop_schedule(call: Call) -> None:
    switch(call, "NOT_SCHEDULED", "SchedulerNotRunningException")
