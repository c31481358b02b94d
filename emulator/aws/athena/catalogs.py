"""Data catalogs that are registered with Athena. AwsDataCatalog is there always, and stays."""

import re
from typing import Any

from moto.athena.models import athena_backends

from emulator.aws.athena import refused
from emulator.aws.athena.groups import kept
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Json
from emulator.front.call import Call

BY_DEFAULT = "AwsDataCatalog"
#: "a maximum of 127 alphanumeric, underscore, at sign, or hyphen characters"
NAME = re.compile(r"[\w@-]{1,127}", re.ASCII)
#: Parameters that a type needs: all of one of the sets.
NEEDED = {
    "GLUE": [{"catalog-id"}], "HIVE": [{"metadata-function"}],
    "LAMBDA": [{"function"}, {"metadata-function", "record-function"}],
    "FEDERATED": [{"connection-arn"}, {"connection-type", "connection-properties"}],
}


def find(call: Call) -> Json:
    name = call.params["Name"]
    if name == BY_DEFAULT:
        return {"Name": BY_DEFAULT, "Type": "GLUE", "Parameters": {"catalog-id": call.account}}
    if name not in kept(call).catalogs:
        raise refused(f"DataCatalog {name} was not found")
    return kept(call).catalogs[name]


def checked(call: Call) -> Json:
    given = {member: call.params[member] for member in ("Name", "Type", "Description", "Parameters") if member in call.params}
    needed = NEEDED[given["Type"]]
    if not any(names <= set(given.get("Parameters") or {}) for names in needed):
        raise refused(f"A data catalog of type {given['Type']} needs the parameters {needed}")
    return given


@handles("athena", "CreateDataCatalog")
def create(call: Call) -> dict[str, Any]:
    given = checked(call)
    if not NAME.fullmatch(given["Name"]):
        raise refused("Invalid data catalog name")
    if given["Name"] == BY_DEFAULT or given["Name"] in kept(call).catalogs:
        raise refused(f"DataCatalog {given['Name']} already exists")
    kept(call).catalogs[given["Name"]] = given
    backend = athena_backends[call.account][call.region]
    arn = f"arn:aws:athena:{call.region}:{call.account}:datacatalog/{given['Name']}"
    backend.tagger.tag_resource(arn, call.get("Tags") or [])
    return {"DataCatalog": given} if given["Type"] == "FEDERATED" else {}


@handles("athena", "GetDataCatalog")
def get(call: Call) -> dict[str, Any]:
    return {"DataCatalog": find(call)}


@handles("athena", "ListDataCatalogs")
def list_all(call: Call) -> dict[str, Any]:
    catalogs = kept(call).catalogs
    listed = [{"CatalogName": BY_DEFAULT, "Type": "GLUE"}]
    listed += [{"CatalogName": name, "Type": catalogs[name]["Type"]} for name in sorted(catalogs)]
    chosen, more = page(call, listed, 50)
    return {"DataCatalogsSummary": list(chosen), **more}


@handles("athena", "UpdateDataCatalog")
def update(call: Call) -> None:
    kept_now = find(call)
    if kept_now["Name"] == BY_DEFAULT:
        raise refused(f"{BY_DEFAULT} cannot be changed")
    kept(call).catalogs[kept_now["Name"]] = checked(call)


@handles("athena", "DeleteDataCatalog")
def delete(call: Call) -> dict[str, Any]:
    found = find(call)
    if found["Name"] == BY_DEFAULT:
        raise refused(f"{BY_DEFAULT} cannot be deleted")
    return {"DataCatalog": kept(call).catalogs.pop(found["Name"])}
