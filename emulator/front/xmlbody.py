"""XML bodies of S3, read into members and written from them as botocore's model says."""

from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from botocore.model import Shape

from emulator.front.errors import AWSError

NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


def parse(shape: Shape, body: bytes) -> Any:
    """The members of a body whose root element holds `shape`; MalformedXML when it is not that."""
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise malformed(f"The XML you provided was not well-formed: {error}") from error
    return read(shape, root)


def read(shape: Shape, node: ElementTree.Element) -> Any:
    kind = shape.type_name
    if kind == "structure":
        return read_structure(shape, node)
    if kind == "list":
        return [read(shape.member, child) for child in node]
    text = node.text or ""
    if kind == "boolean":
        if text not in ("true", "false"):
            raise malformed(f"{text!r} is not a boolean")
        return text == "true"
    if kind in ("integer", "long"):
        if not text.strip().lstrip("-").isdigit():
            raise malformed(f"{text!r} is not a number")
        return int(text)
    return text


def read_structure(shape: Shape, node: ElementTree.Element) -> dict[str, Any]:
    by_wire = {wire_name(member, name): (name, member) for name, member in shape.members.items()}
    members: dict[str, Any] = {}
    for child in node:
        wire = child.tag.rpartition("}")[2]
        if wire not in by_wire:
            raise malformed(f"{wire} is not expected in {node.tag.rpartition('}')[2]}")
        name, member = by_wire[wire]
        if member.type_name == "list" and member.serialization.get("flattened"):
            members.setdefault(name, []).append(read(member.member, child))
        else:
            members[name] = read(member, child)
    return members


def wire_name(shape: Shape, name: str) -> str:
    """The element that carries a member: a flattened list's items have its name or their own."""
    if shape.type_name == "list" and shape.serialization.get("flattened"):
        own = shape.member.serialization.get("name")
        if own:
            return str(own)
    return str(shape.serialization.get("name", name))


def render(shape: Shape, name: str, value: Any) -> bytes:
    """A whole document with `value` in its root element `name`."""
    root = write(shape, name, value).replace(f"<{name}>", f'<{name} xmlns="{NAMESPACE}">', 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root}'.encode()


def write(shape: Shape, name: str, value: Any) -> str:
    kind = shape.type_name
    if kind == "structure":
        inner = "".join(
            write(member, wire_name(member, key), value[key])
            for key, member in shape.members.items() if value.get(key) is not None)
    elif kind == "list":
        if shape.serialization.get("flattened"):
            return "".join(write(shape.member, name, item) for item in value)
        item_name = str(shape.member.serialization.get("name", "member"))
        inner = "".join(write(shape.member, item_name, item) for item in value)
    elif kind == "boolean":
        inner = "true" if value else "false"
    else:
        inner = escape(str(value))
    return f"<{name}>{inner}</{name}>"


def malformed(message: str) -> AWSError:
    return AWSError("MalformedXML", message)
