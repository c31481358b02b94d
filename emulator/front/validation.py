"""Checks a request's members against botocore's model, as the services do before they look at state.

Form: AWS answers `ValidationException` with "N validation errors detected: Value ... failed to satisfy
constraint ...", HTTP 400; services whose models have no such error get their own code for it.
"""

import base64
import re
from functools import cache
from typing import Any

from botocore.model import Shape

from emulator.front.errors import AWSError

#: What services call a request that their model does not allow.
CODES = {
    "glue": "ValidationException", "lakeformation": "ValidationException",
    "athena": "InvalidRequestException", "ram": "InvalidParameterException",
    "organizations": "InvalidInputException", "kms": "ValidationException",
    "sts": "ValidationError", "iam": "ValidationError", "cloudwatch": "ValidationError",
    "s3": "MalformedXML",
}


def validate(service: str, shape: Shape | None, params: Any) -> None:
    """Raises the service's validation error when `params` is not what the model allows."""
    problems: list[str] = []
    if shape is not None:
        check(shape, params, "", problems)
    elif params:
        problems.append("the operation takes no members")
    if problems:
        text = f"{len(problems)} validation error{'s' * (len(problems) > 1)} detected: "
        raise AWSError(CODES.get(service, "ValidationException"), text + "; ".join(problems[:10]))


def check(shape: Shape, value: Any, path: str, problems: list[str]) -> None:
    kind = shape.type_name
    if not right_type(kind, value, shape):
        problems.append(f"Value at '{path or 'request'}' is not a {kind}")
    elif kind == "structure":
        check_structure(shape, value, path, problems)
    elif kind == "list":
        check_range(shape, len(value), path, "length", problems)
        for index, item in enumerate(value):
            check(shape.member, item, f"{path}.{index + 1}.member", problems)
    elif kind == "map":
        check_range(shape, len(value), path, "length", problems)
        for key, item in value.items():
            check(shape.key, key, f"{path}.key", problems)
            check(shape.value, item, f"{path}.{key}", problems)
    elif kind == "string":
        check_string(shape, value, path, problems)
    elif kind in ("integer", "long", "float", "double"):
        check_range(shape, value, path, "value", problems)


def right_type(kind: str, value: Any, shape: Shape) -> bool:
    if kind == "structure":
        return isinstance(value, dict) or bool(shape.metadata.get("document"))
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return {
        "list": isinstance(value, list),
        "map": isinstance(value, dict),
        "string": isinstance(value, str),
        "character": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": number and float(value).is_integer(),
        "long": number and float(value).is_integer(),
        "float": number or value in ("NaN", "Infinity", "-Infinity"),
        "double": number or value in ("NaN", "Infinity", "-Infinity"),
        "timestamp": number or isinstance(value, str),
        "blob": isinstance(value, str) and is_base64(value),
    }.get(kind, True)


def is_base64(value: str) -> bool:
    try:
        base64.b64decode(value, validate=True)
    except ValueError:
        return False
    return True


def check_structure(shape: Shape, value: dict[str, Any], path: str, problems: list[str]) -> None:
    if shape.metadata.get("document"):
        return
    prefix = f"{path}." if path else ""
    for name in shape.required_members:
        if value.get(name) is None:
            problems.append(unsatisfied(f"null at '{prefix}{name}'", "not be null"))
    for name, item in value.items():
        if name not in shape.members:
            problems.append(f"Unknown member '{prefix}{name}'")
        elif item is not None:
            check(shape.members[name], item, prefix + name, problems)
    if shape.is_tagged_union and len([item for item in value.values() if item is not None]) != 1:
        problems.append(f"'{path}' must have exactly one member")


def unsatisfied(what: str, constraint: str) -> str:
    return f"Value {what} failed to satisfy constraint: Member must {constraint}"


def check_range(shape: Shape, size: float, path: str, word: str, problems: list[str]) -> None:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        problems.append(unsatisfied(f"at '{path}'", f"have {word} greater than or equal to {low}"))
    if high is not None and size > high:
        problems.append(unsatisfied(f"at '{path}'", f"have {word} less than or equal to {high}"))


def check_string(shape: Shape, value: str, path: str, problems: list[str]) -> None:
    check_range(shape, len(value), path, "length", problems)
    where = f"'{value}' at '{path}'"
    options = shape.metadata.get("enum")
    if options and value not in options:
        problems.append(unsatisfied(where, f"satisfy enum value set: {list(options)}"))
    pattern = shape.metadata.get("pattern")
    if pattern and not compiled(pattern).fullmatch(value):
        problems.append(unsatisfied(where, f"satisfy regular expression pattern: {pattern}"))


#: Java's character classes in Python's words. They all stand within brackets in the models.
JAVA = {
    r"\uD800\uDC00-\uDBFF\uDFFF": "\U00010000-\U0010FFFF",
    r"\p{L}": r"\w", r"\p{N}": r"\d", r"\p{Z}": r"\s", r"\p{P}": r"!-/:-@\[-`{-~",
}


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """A model's pattern for Python; a test compiles every pattern of every service served."""
    for java, python in JAVA.items():
        pattern = pattern.replace(java, python)
    return re.compile(pattern, re.DOTALL)
