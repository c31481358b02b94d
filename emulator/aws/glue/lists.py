"""Lists that moto does not have, over what it keeps: schemas and their versions."""

from typing import Any

from moto.glue.models import FakeSchema, glue_backends

from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.front.call import Call
from emulator.front.errors import not_found


def schemas(call: Call) -> list[FakeSchema]:
    backend = glue_backends[call.account][call.region]
    wanted = call.get("RegistryId") or {}
    name = wanted.get("RegistryName") or wanted.get("RegistryArn", "").rpartition("/")[2]
    if name and name not in backend.registries:
        raise not_found(f"Registry is not found. RegistryName: {name}")
    found = [backend.registries[name]] if name else list(backend.registries.values())
    return [schema for registry in found for schema in registry.schemas.values()]


@handles("glue", "ListSchemas")
def list_schemas(call: Call) -> dict[str, Any]:
    listed = [
        {"RegistryName": s.registry_name, "SchemaName": s.schema_name, "SchemaArn": s.schema_arn,
         "SchemaStatus": s.schema_status, "CreatedTime": str(s.created_time), "UpdatedTime": str(s.updated_time),
         **({"Description": s.description} if s.description else {})}
        for s in schemas(call)
    ]
    chosen, more = page(call, listed, 100)
    return {"Schemas": list(chosen), **more}


@handles("glue", "ListSchemaVersions")
def list_schema_versions(call: Call) -> dict[str, Any]:
    wanted = call.params["SchemaId"]
    found = [s for s in schemas(call) if wanted.get("SchemaArn") == s.schema_arn or (
        wanted.get("SchemaName") == s.schema_name and wanted.get("RegistryName") == s.registry_name)]
    if not found:
        raise not_found("Schema is not found.")
    versions = sorted(found[0].schema_versions.values(), key=lambda version: int(version.version_number))
    listed = [
        {"SchemaArn": found[0].schema_arn, "SchemaVersionId": v.schema_version_id,
         "VersionNumber": int(v.version_number), "Status": v.schema_version_status, "CreatedTime": str(v.created_time)}
        for v in versions
    ]
    chosen, more = page(call, listed, 100)
    return {"Schemas": list(chosen), **more}
