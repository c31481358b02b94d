"""Schema registries, beyond what moto has: pages, checkpoints, checks of compatibility, metadata."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from moto.core.utils import utcnow
from moto.glue.models import FakeRegistry, FakeSchema, FakeSchemaVersion, glue_backends

from emulator.aws.paging import page
from emulator.aws.registry import corrects, handles
from emulator.front.call import Call
from emulator.front.errors import invalid, not_found
from emulator.front.http import Response

DEFAULT_REGISTRY = "default-registry"


def registries(call: Call) -> dict[str, FakeRegistry]:
    return glue_backends[call.account][call.region].registries  # type: ignore[no-any-return]


def registry_of(call: Call) -> FakeRegistry:
    wanted = call.params["RegistryId"]
    name = wanted.get("RegistryName") or wanted.get("RegistryArn", "").rpartition("/")[2]
    if name not in registries(call):
        raise not_found(f"Registry is not found. RegistryName: {name}")
    return registries(call)[name]


def schema_of(call: Call) -> FakeSchema:
    wanted = call.params["SchemaId"]
    registry, name = wanted.get("RegistryName"), wanted.get("SchemaName")
    if wanted.get("SchemaArn"):
        registry, name = wanted["SchemaArn"].split("/")[-2:]
    found = registries(call).get(registry)
    if found is None or name not in found.schemas:
        raise not_found(f"Schema is not found. RegistryName: {registry}, SchemaName: {name}")
    return found.schemas[name]


def version_of(call: Call) -> FakeSchemaVersion:
    """The version that is named by its id, or by its schema and number."""
    if call.get("SchemaVersionId"):
        for registry in registries(call).values():
            for schema in registry.schemas.values():
                if call.params["SchemaVersionId"] in schema.schema_versions:
                    return schema.schema_versions[call.params["SchemaVersionId"]]
        raise not_found(f"Schema version is not found. SchemaVersionId: {call.params['SchemaVersionId']}")
    schema, wanted = schema_of(call), call.get("SchemaVersionNumber") or {}
    number = schema.latest_schema_version if wanted.get("LatestVersion") else wanted.get("VersionNumber")
    for version in schema.schema_versions.values():
        if version.version_number == number:
            return version
    raise not_found(f"Schema version is not found. VersionNumber: {number}")


def shown(registry: FakeRegistry) -> dict[str, Any]:
    described = {"Description": registry.description} if registry.description else {}
    return {
        "RegistryName": registry.name, "RegistryArn": registry.registry_arn, "Status": registry.status,
        "CreatedTime": str(registry.created_time), "UpdatedTime": str(registry.updated_time), **described}


@handles("glue", "GetRegistry")
def get_registry(call: Call) -> dict[str, Any]:
    return shown(registry_of(call))


@handles("glue", "ListRegistries")
def list_registries(call: Call) -> dict[str, Any]:
    chosen, more = page(call, [shown(registries(call)[name]) for name in sorted(registries(call))], 100)
    return {"Registries": list(chosen), **more}


@handles("glue", "UpdateRegistry")
def update_registry(call: Call) -> dict[str, Any]:
    registry = registry_of(call)
    registry.description, registry.updated_time = call.params["Description"], utcnow()
    return {"RegistryName": registry.name, "RegistryArn": registry.registry_arn}


@corrects("glue", "CreateSchema")
def create_schema(call: Call, moto: Callable[[], Response]) -> Response:
    """A schema can be made without a definition; then it has no version, and no checkpoint."""
    if call.get("SchemaDefinition"):
        return moto()
    call.params["SchemaDefinition"] = "{}"
    call.request.body = json.dumps(call.params).encode()
    response = moto()
    if response.status == 200:
        made = json.loads(response.body)
        schema = registries(call)[made["RegistryName"]].schemas[made["SchemaName"]]
        schema.schema_versions.clear()
        schema.schema_checkpoint = None
        schema.latest_schema_version, schema.next_schema_version = 0, 1
    return response


@handles("glue", "GetSchema")
def get_schema(call: Call) -> dict[str, Any]:
    schema = schema_of(call)
    left_out = ("SchemaVersionId", "SchemaVersionStatus")
    body = {name: value for name, value in schema.as_dict().items() if name not in left_out and value}
    return {**body, "CreatedTime": str(schema.created_time), "UpdatedTime": str(schema.updated_time)}


@handles("glue", "UpdateSchema")
def update_schema(call: Call) -> dict[str, Any]:
    """UpdateSchema. A new compatibility setting needs a checkpoint, too, says its reference."""
    schema, wanted = schema_of(call), call.get("SchemaVersionNumber")
    if call.get("Compatibility") and not wanted:
        raise invalid("A checkpoint version number is required to change the compatibility setting")
    if not (call.get("Compatibility") or wanted or "Description" in call.params):
        raise invalid("One of VersionNumber or Compatibility has to be provided")
    if wanted:
        schema.schema_checkpoint = version_of(call).version_number
    schema.compatibility = call.get("Compatibility") or schema.compatibility
    schema.description = call.get("Description", schema.description)
    schema.updated_time = utcnow()
    return {"SchemaArn": schema.schema_arn, "SchemaName": schema.schema_name, "RegistryName": schema.registry_name}


# --- versions ---------------------------------------------------------------------------------


def fields(version: FakeSchemaVersion) -> dict[str, bool] | None:
    """The fields of an Avro record, and whether each has a default; None for anything else."""
    definition = json.loads(version.schema_definition)
    if not isinstance(definition, dict) or definition.get("type") != "record":
        return None
    return {field["name"]: "default" in field for field in definition.get("fields", [])}


def readable(reader: FakeSchemaVersion, writer: FakeSchemaVersion) -> bool:
    """Whether data of one Avro record can be read as another: fields that it lacks have defaults."""
    wanted, there = fields(reader), fields(writer)
    if wanted is None or there is None:
        return True
    return all(has_default or name in there for name, has_default in wanted.items())


def compatible(schema: FakeSchema, version: FakeSchemaVersion, before: Sequence[FakeSchemaVersion]) -> bool:
    """The check of the schema's mode, as the developer guide tells it for Avro records."""
    mode = schema.compatibility
    if schema.data_format != "AVRO" or mode in ("NONE", "DISABLED") or not before:
        return True
    since = [v for v in before if int(v.version_number) >= (schema.schema_checkpoint or 1)]
    others = since if mode.endswith("_ALL") else before[-1:]
    backward = mode.startswith(("BACKWARD", "FULL"))
    forward = mode.startswith(("FORWARD", "FULL"))
    return all(
        (not backward or readable(version, other)) and (not forward or readable(other, version)) for other in others)


@corrects("glue", "RegisterSchemaVersion")
def register(call: Call, moto: Callable[[], Response]) -> Response:
    """The answer comes before the check: the new version is PENDING at first."""
    schema = schema_of(call)
    latest = schema.latest_schema_version
    before = list(schema.schema_versions.values())
    response = moto()
    made = json.loads(response.body)
    if response.status != 200 or made["SchemaVersionId"] in {v.schema_version_id for v in before}:
        return response
    version = schema.schema_versions[made["SchemaVersionId"]]
    good = [v for v in before if v.schema_version_status == "AVAILABLE"]
    if compatible(schema, version, good):
        schema.latest_schema_version = version.version_number
        schema.schema_checkpoint = schema.schema_checkpoint or version.version_number
    else:
        version.schema_version_status = "FAILURE"
        schema.latest_schema_version = latest
    response.body = json.dumps({**made, "Status": "PENDING"}).encode()
    return response


@handles("glue", "DeleteSchemaVersions")
def delete_versions(call: Call) -> dict[str, Any]:
    """A number, or a range of numbers. The checkpoint stays, and is named in the answer."""
    schema = schema_of(call)
    first, _, last = call.params["Versions"].partition("-")
    errors = []
    for identifier, version in list(schema.schema_versions.items()):
        number = int(version.version_number)
        if not int(first) <= number <= int(last or first):
            continue
        if number == schema.schema_checkpoint:
            details = {"ErrorCode": "InvalidInputException", "ErrorMessage": "The checkpoint cannot be deleted"}
            errors.append({"VersionNumber": number, "ErrorDetails": details})
        else:
            del schema.schema_versions[identifier]
    numbers = [int(v.version_number) for v in schema.schema_versions.values() if v.schema_version_status == "AVAILABLE"]
    schema.latest_schema_version = max(numbers, default=0)
    return {"SchemaVersionErrors": errors}


# --- metadata ---------------------------------------------------------------------------------


@handles("glue", "QuerySchemaVersionMetadata")
def query_metadata(call: Call) -> dict[str, Any]:
    """A key with several values has the others in a list of its own."""
    version = version_of(call)
    wanted = {(pair.get("MetadataKey"), pair.get("MetadataValue")) for pair in call.get("MetadataList") or []}
    created = str(version.created_time)
    keys = [key for key in sorted(version.metadata) if not wanted or any(
        key == k and (v is None or v in version.metadata[key]) for k, v in wanted)]
    chosen, more = page(call, keys, 50)
    found = {}
    for key in chosen:
        first, *others = version.metadata[key]
        listed = [{"MetadataValue": value, "CreatedTime": created} for value in others]
        found[key] = {
            "MetadataValue": first, "CreatedTime": created, **({"OtherMetadataValueList": listed} if listed else {})}
    return {"MetadataInfoMap": found, "SchemaVersionId": version.schema_version_id, **more}


@handles("glue", "RemoveSchemaVersionMetadata")
def remove_metadata(call: Call) -> dict[str, Any]:
    version, pair = version_of(call), call.params["MetadataKeyValue"]
    key, value = pair.get("MetadataKey"), pair.get("MetadataValue")
    values = version.metadata.get(key, [])
    if value not in values:
        raise not_found(f"The metadata {key}={value} is not there")
    values.remove(value)
    if not values:
        del version.metadata[key]
    return {"SchemaVersionId": version.schema_version_id, "MetadataKey": key, "MetadataValue": value}
