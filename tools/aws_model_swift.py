"""Writes Swift text for what aws_model_facts finds."""
import json
import textwrap

import aws_model_facts as facts

HEAD = "// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.\n\n"


def quoted(text):
    return json.dumps(text)


def lower_first(name):
    return name[0].lower() + name[1:]


def wrapped(items, indent):
    """Items with commas between them, on as many lines as it takes."""
    pad = " " * indent
    # Blanks inside of an item must not break it.
    text = textwrap.fill(", ".join(item.replace(" ", "\0") for item in items), 100,
                         initial_indent=pad, subsequent_indent=pad, break_long_words=False,
                         break_on_hyphens=False)
    return text.replace("\0", " ")


def call(name, arguments, indent, before=""):
    """A call on one line where that fits behind `before`, else each argument on its own."""
    line = f"{name}({', '.join(arguments)})"
    if len(" " * indent + before + line) <= 98 and "\n" not in line:
        return line
    pad = " " * (indent + 2)
    return f"{name}(\n" + ",\n".join(pad + argument for argument in arguments) + ")"


def dictionary(pairs, indent):
    items = [f"{quoted(k)}: {quoted(v)}" for k, v in pairs.items()]
    line = "[" + ", ".join(items) + "]"
    if len(line) + indent <= 78:
        return line
    return "[\n" + wrapped(items, indent + 2) + ",\n" + " " * indent + "]"


def wire(metadata):
    protocol = metadata["protocol"]
    if protocol == "smithy-rpc-v2-cbor":
        protocol = "json"
    if protocol == "json":
        version = metadata.get("jsonVersion", "1.0")
        return f'.json(version: "{version}", target: {quoted(metadata["targetPrefix"])})'
    if protocol == "query":
        return f'.query(apiVersion: {quoted(metadata["apiVersion"])})'
    return {"rest-json": ".restJSON", "rest-xml": ".restXML"}[protocol]


def services(models):
    lines = [HEAD + "extension AWSService {"]
    for model in models:
        data = model.metadata
        prefix = data["endpointPrefix"]
        name = data["serviceId"].upper().replace(" ", "_")
        lines += [f"  /// {data['serviceFullName']}.",
                  f"  public static let {facts.SWIFT_NAMES[model.name]} = AWSService(",
                  f"    id: {quoted(name)}, endpointPrefix: {quoted(prefix)},",
                  f"    signingName: {quoted(data.get('signingName', prefix))},",
                  f"    wire: {wire(data)})"]
    return "\n".join(lines) + "\n}\n"


def paging(values):
    found = [quoted(value) if isinstance(value, str) else "nil" if value is None else str(value)
             for value in values[:5]]
    names = ("list", "inputToken", "outputToken", "limit", "largest")
    parts = [f"{n}: {v}" for n, v in zip(names, found)]
    if len(values) > len(names):
        second = ", ".join(f"{n}: {quoted(v)}" for n, v in zip(
            ("inputToken", "outputToken", "more"), values[-1]))
        parts.append(f"second: .init({second})")
    return parts


def batch(values):
    names = ("entries", "limit", "failures", "entryKey", "failureKey", "error")
    return [f"{n}: {json.dumps(v)}" for n, v in zip(names, values)]


def rest(values):
    parts = []
    for name in ("path", "query", "headers", "payload", "xmlInput", "outputPayload",
                 "outputIsBytes", "outputHeaders", "needsChecksum"):
        value = values.get(name)
        if isinstance(value, dict):
            parts.append(f"{name}: {dictionary(value, 6)}")
        elif isinstance(value, tuple):
            parts.append(f"{name}: (shape: {quoted(value[0])}, root: {quoted(value[1])})")
        elif value:
            parts.append(f"{name}: {json.dumps(value)}")
    return call("REST", parts, 4, "rest: ")


def operation(one):
    service = facts.SWIFT_NAMES[one.service]
    first = [f".{service}", quoted(one.name)]
    if one.method != "POST":
        first.append(f"method: {quoted(one.method)}")
    if one.path != "/":
        first.append(f"path: {quoted(one.path)}")
    first.append(f"effect: .{one.effect}")
    if one.refuses_twins and not (one.paging or one.batch or one.rest or one.xml_output):
        first.append("refusesTwins: true")
    line = ", ".join(first)
    arguments = [line if len(line) < 94 else ", ".join(first[:2]) + ",\n    "
                 + ", ".join(first[2:])]
    if one.paging:
        arguments.append("paging: " + call("Paging", paging(one.paging), 4, "paging: "))
    if one.batch:
        arguments.append("batch: " + call("Batch", batch(one.batch), 4, "batch: "))
    if one.rest:
        arguments.append("rest: " + rest(one.rest))
    if one.xml_output:
        arguments.append(f"xmlOutput: {quoted(one.xml_output)}")
    if one.refuses_twins and len(arguments) > 1:
        arguments.append("refusesTwins: true")
    before = f"public static let {service}{one.name} = "
    return "  " + before + call("AWSOperation", arguments, 2, before)


def operations(described):
    body = "\n".join(operation(one) for one in described)
    return f"{HEAD}extension AWSOperation {{\n{body}\n}}\n"


def writable_members(wanted):
    lines = [HEAD + "extension AWSShape {"]
    for model, name in wanted:
        kept_back = facts.OUTPUT_ONLY.get(name, set())
        members = [member for member in model.shape(name)["members"] if member not in kept_back]
        lines.append(f"  /// The members of `{name}` ({model.metadata['serviceId']}) that can be"
                     " sent.")
        if kept_back:
            lines.append(f"  /// AWS sets {', '.join(sorted(kept_back))} in the same shape: left"
                         " out.")
        lines += [f"  public static let {lower_first(name)}: Set<String> = [",
                  wrapped([quoted(member) for member in members], 4) + ",", "  ]"]
    return "\n".join(lines) + "\n}\n"


def reachable(model, roots):
    """The shapes that can be met below the roots, in order of name."""
    found, waiting = set(), list(roots)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        shape = model.shape(name)
        waiting += [reference["shape"] for reference in shape.get("members", {}).values()]
        if shape["type"] == "list":
            waiting.append(shape["member"]["shape"])
    return sorted(found)


def simple(shape):
    kinds = {"integer": ".number", "long": ".number", "double": ".number", "float": ".number",
             "boolean": ".boolean", "string": ".text", "timestamp": ".text", "blob": ".text",
             "map": ".text"}
    return kinds.get(shape["type"])


def member(model, name, reference):
    shape = model.shape(reference["shape"])
    # A flat list's elements bear the name of the list's member, or of the list itself.
    flat = shape["type"] == "list" and (shape.get("flattened") or reference.get("flattened"))
    element = reference.get("locationName", name)
    target = reference["shape"]
    if flat:
        element = reference.get("locationName") or shape["member"].get("locationName", name)
    extra = ", flat: true" if flat else ""
    extra += ", attribute: true" if reference.get("xmlAttribute") else ""
    names = [element] if element == name == kind(model, target) else [
        element, name, kind(model, target)]
    return f".init({', '.join(quoted(one) for one in names)}{extra})"


def kind(model, name):
    """Simple shapes go by their kind, the others by their name."""
    return (simple(model.shape(name)) or name).lstrip(".")


def xml_shape(model, name):
    shape = model.shape(name)
    if shape["type"] == "list":
        item = shape["member"].get("locationName", "member")
        return f".list(item: {quoted(item)}, of: {quoted(kind(model, shape['member']['shape']))})"
    members = [member(model, key, reference) for key, reference in shape["members"].items()
               if reference.get("location") is None]
    if not members:
        return ".object([])"
    return ".object([\n" + wrapped(members, 6) + ",\n    ])"


def xml_shapes(model, described):
    names = [name for name in reachable(model, [root for one in described for root in one.uses])
             if not simple(model.shape(name))]
    lines = [HEAD + "extension AWSShape {",
             f"  static let {facts.SWIFT_NAMES[model.name]}XML: [String: XMLShape] = ["]
    lines += [f"    {quoted(name)}: {xml_shape(model, name)}," for name in names]
    return "\n".join(lines) + "\n  ]\n}\n"
