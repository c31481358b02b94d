"""Work groups. moto is told of each, so that it can run queries in it."""

import copy
from typing import Any

from moto.athena.models import athena_backends

from emulator.aws.athena import refused
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Athena, Json, athena
from emulator.front.call import Call
from emulator.front.clock import stamp

PRIMARY = "primary"
AUTOMATIC = {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": "Athena engine version 3"}
#: What AWS fills in where a request says nothing.
DEFAULTS: Json = {
    "EnforceWorkGroupConfiguration": True, "PublishCloudWatchMetricsEnabled": False, "RequesterPaysEnabled": False,
    "EnableMinimumEncryptionConfiguration": False, "EngineVersion": AUTOMATIC,
}
#: Members of an update that have updates of their own, by the members that they change.
NESTED = {
    "ResultConfigurationUpdates": "ResultConfiguration",
    "ManagedQueryResultsConfigurationUpdates": "ManagedQueryResultsConfiguration",
}


def kept(call: Call) -> Athena:
    """The account's Athena; the work group that every account has is there at the first look."""
    found = athena(call.account, call.region)
    if PRIMARY not in found.groups:
        configuration = {**copy.deepcopy(DEFAULTS), "EnforceWorkGroupConfiguration": False, "ResultConfiguration": {}}
        found.groups[PRIMARY] = {
            "Name": PRIMARY, "State": "ENABLED", "Description": "", "Configuration": configuration,
            "CreationTime": stamp()}
    return found


def require(call: Call, name: str) -> Json:
    groups = kept(call).groups
    if name not in groups:
        raise refused(f"WorkGroup {name} is not found.")
    return groups[name]


def with_engine(configuration: Json) -> Json:
    """The version in effect follows from the selected one."""
    selected = (configuration.get("EngineVersion") or AUTOMATIC).get("SelectedEngineVersion", "AUTO")
    effective = AUTOMATIC["EffectiveEngineVersion"] if selected == "AUTO" else selected
    version = {"SelectedEngineVersion": selected, "EffectiveEngineVersion": effective}
    return {**configuration, "EngineVersion": version}


@handles("athena", "CreateWorkGroup")
def create(call: Call) -> None:
    name = call.params["Name"]
    if name in kept(call).groups:
        raise refused("WorkGroup is already created")
    given = copy.deepcopy(call.get("Configuration") or {})
    configuration = with_engine({**copy.deepcopy(DEFAULTS), **given})
    kept(call).groups[name] = {
        "Name": name, "State": "ENABLED", "Description": call.get("Description", ""), "Configuration": configuration,
        "CreationTime": stamp()}
    athena_backends[call.account][call.region].create_work_group(
        name, copy.deepcopy(configuration), call.get("Description", ""), call.get("Tags") or [])


@handles("athena", "GetWorkGroup")
def get(call: Call) -> dict[str, Any]:
    return {"WorkGroup": require(call, call.params["WorkGroup"])}


@handles("athena", "ListWorkGroups")
def list_all(call: Call) -> dict[str, Any]:
    groups = kept(call).groups
    listed = [
        {**{member: groups[name][member] for member in ("Name", "State", "Description", "CreationTime")},
         "EngineVersion": groups[name]["Configuration"]["EngineVersion"]}
        for name in sorted(groups)
    ]
    chosen, more = page(call, listed, 50)
    return {"WorkGroups": list(chosen), **more}


def apply_updates(old: Json, updates: Json) -> Json:
    """The members that are given replace what is there; switches that begin with Remove take away."""
    new = dict(old)
    for member, value in updates.items():
        if member in NESTED:
            new[NESTED[member]] = apply_updates(new.get(NESTED[member]) or {}, value)
        elif member.startswith("Remove"):
            if value:
                new.pop(member.removeprefix("Remove"), None)
        else:
            new[member] = copy.deepcopy(value)
    return new


@handles("athena", "UpdateWorkGroup")
def update(call: Call) -> None:
    group = require(call, call.params["WorkGroup"])
    updated = apply_updates(group["Configuration"], call.get("ConfigurationUpdates") or {})
    group["Configuration"] = with_engine(updated)
    for member in ("Description", "State"):
        group[member] = call.get(member, group[member])


@handles("athena", "DeleteWorkGroup")
def delete(call: Call) -> None:
    """DeleteWorkGroup. One that holds queries goes only with RecursiveDeleteOption, and they with it."""
    name = call.params["WorkGroup"]
    if name == PRIMARY:
        raise refused("The primary workgroup cannot be deleted")
    require(call, name)
    found = kept(call)
    queries = [i for i, query in found.queries.items() if query["WorkGroup"] == name]
    statements = [key for key in found.statements if key[0] == name]
    if (queries or statements) and not call.get("RecursiveDeleteOption"):
        raise refused(f"WorkGroup {name} is not empty")
    for identifier in queries:
        del found.queries[identifier]
    for key in statements:
        del found.statements[key]
    del found.groups[name]
    athena_backends[call.account][call.region].delete_work_group(name)
