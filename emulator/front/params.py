"""Reads the members out of a request, in the form that the model names them, for every protocol."""

import json
from typing import Any
from urllib.parse import unquote

from botocore.model import Shape

from emulator.front.errors import AWSError
from emulator.front.http import Request
from emulator.front.models import operation_model, query_members, routes

ENVELOPE = {"Action", "Version"}


def read(service: str, protocol: str, operation: str, request: Request) -> dict[str, Any]:
    """The request's members. XML bodies of S3 are left to moto, which reads them itself."""
    if protocol == "json":
        return json_body(request)
    if protocol == "rest-json":
        return rest_json(service, operation, request)
    if protocol == "query":
        return query(service, operation, request)
    return {}


def json_body(request: Request) -> dict[str, Any]:
    if not request.body:
        return {}
    try:
        document = json.loads(request.body)
    except ValueError as error:
        raise AWSError("SerializationException", f"The body is not JSON: {error}") from error
    if not isinstance(document, dict):
        raise AWSError("SerializationException", "The body is not a JSON object")
    return document


def rest_json(service: str, operation: str, request: Request) -> dict[str, Any]:
    members = json_body(request)
    shape = operation_model(service, operation).input_shape
    pattern = next(pattern for _, pattern, _, name in routes(service) if name == operation)
    match = pattern.match(request.raw_path)
    uri = match.groupdict() if match else {}
    given = request.query()
    for name, member in (shape.members if shape else {}).items():
        place = member.serialization.get("location")
        wire_name = member.serialization.get("name", name)
        if place == "uri" and wire_name in uri:
            members[name] = unquote(uri[wire_name])
        elif place == "querystring" and wire_name in given:
            members[name] = from_text(member, given[wire_name])
        elif place == "header" and request.header(wire_name.lower()):
            members[name] = from_text(member, request.header(wire_name.lower()))
    return members


def from_text(shape: Shape, text: str) -> Any:
    """A value that came as text; text that is no number stays text, and validation refuses it."""
    kind = shape.type_name
    if kind in ("integer", "long") and text.lstrip("-").isdigit():
        return int(text)
    if kind in ("float", "double"):
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "boolean" and text in ("true", "false"):
        return text == "true"
    return text


def query(service: str, operation: str, request: Request) -> dict[str, Any]:
    """Members of a query request: `A.member.1.B=x` becomes `{"A": [{"B": "x"}]}`."""
    tree: dict[str, Any] = {}
    for name, value in query_members(request).items():
        if name in ENVELOPE:
            continue
        node = tree
        *stems, leaf = name.split(".")
        for stem in stems:
            node = node.setdefault(stem, {})
            if not isinstance(node, dict):
                raise AWSError("MalformedInput", f"{name} is both a value and a structure")
        node[leaf] = value
    shape = operation_model(service, operation).input_shape
    return shaped(shape, tree) if shape else tree


def shaped(shape: Shape, node: Any) -> Any:
    """The tree with its lists and maps as the model has them."""
    kind = shape.type_name
    if isinstance(node, str):
        return [] if kind == "list" and node == "" else from_text(shape, node)
    if kind == "structure":
        by_wire = {m.serialization.get("name", n): n for n, m in shape.members.items()}
        names = {key: by_wire.get(key, key) for key in node}
        return {
            names[key]: shaped(shape.members[names[key]], value) if names[key] in shape.members else value
            for key, value in node.items()
        }
    if kind == "list":
        items = node if shape.serialization.get("flattened") else node.get("member", node)
        return [shaped(shape.member, items[index]) for index in sorted(items, key=int)]
    if kind == "map":
        entries = node.get("entry", node)
        return {e["key"]: shaped(shape.value, e["value"]) for e in entries.values()}
    return node
