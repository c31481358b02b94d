"""Custom classifiers: one of four forms, each with its name inside."""

from typing import Any

from emulator.aws.glue.lookup import already
from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.aws.state import Json, catalog
from emulator.front.call import Call
from emulator.front.clock import stamp
from emulator.front.errors import invalid, not_found

FORMS = ("GrokClassifier", "XMLClassifier", "JsonClassifier", "CsvClassifier")


def store(call: Call) -> dict[str, Json]:
    return catalog(call.account, call.region).classifiers


def given(call: Call) -> tuple[str, Json]:
    """The form and the members of the only classifier of the request."""
    forms = [form for form in FORMS if call.get(form)]
    if len(forms) != 1:
        raise invalid("Exactly one classifier has to be given")
    return forms[0], dict(call.params[forms[0]])


def find(call: Call, name: str) -> Json:
    if name not in store(call):
        raise not_found(f"Classifier {name} not found.")
    return store(call)[name]


@handles("glue", "CreateClassifier")
def create(call: Call) -> None:
    form, members = given(call)
    if members["Name"] in store(call):
        raise already("Classifier")
    now = stamp()
    store(call)[members["Name"]] = {form: {**members, "CreationTime": now, "LastUpdated": now, "Version": 1}}


@handles("glue", "UpdateClassifier")
def update(call: Call) -> None:
    """UpdateClassifier changes the members that are given; the form stays."""
    form, members = given(call)
    kept = find(call, members["Name"])
    if form not in kept:
        raise invalid("The type of a classifier cannot be changed")
    kept[form] = {**kept[form], **members, "LastUpdated": stamp(), "Version": kept[form]["Version"] + 1}


@handles("glue", "GetClassifier")
def get(call: Call) -> dict[str, Any]:
    return {"Classifier": find(call, call.params["Name"])}


@handles("glue", "GetClassifiers")
def list_all(call: Call) -> dict[str, Any]:
    chosen, more = page(call, [store(call)[name] for name in sorted(store(call))], 1000)
    return {"Classifiers": list(chosen), **more}


@handles("glue", "DeleteClassifier")
def delete(call: Call) -> None:
    find(call, call.params["Name"])
    del store(call)[call.params["Name"]]
