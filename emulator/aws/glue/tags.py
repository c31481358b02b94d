"""AWS tags. Of what belongs to the catalog only databases bear any: "AWS tags in AWS Glue", developer guide."""

from collections.abc import Callable

from moto.glue.models import glue_backends

from emulator.aws.registry import corrects
from emulator.aws.state import catalog
from emulator.front.call import Call
from emulator.front.errors import invalid, not_found
from emulator.front.http import Response


@corrects("glue", "GetTags", "TagResource", "UntagResource")
def on_what_is_there(call: Call, serve: Callable[[], Response]) -> Response:
    """A database has to exist, tables bear none, and nobody sets or removes what begins with `aws:`."""
    kind, _, name = call.params["ResourceArn"].split(":", 5)[-1].partition("/")
    if kind == "table":
        raise invalid("Tables cannot be tagged")
    if kind == "database" and name not in catalog(call.account, call.region).databases:
        raise not_found(f"Database {name} not found.")
    keys = [*(call.get("TagsToAdd") or {}), *(call.get("TagsToRemove") or [])]
    if any(key.lower().startswith("aws:") for key in keys):
        raise invalid("Tag keys must not begin with aws:")
    return serve()


def forget(account: str, region: str, database: str) -> None:
    """A database's tags go with it."""
    arn = f"arn:aws:glue:{region}:{account}:database/{database}"
    glue_backends[account][region].tagger.delete_all_tags_for_resource(arn)
