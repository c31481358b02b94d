"""The permissions table of a data lake."""

import json
from dataclasses import dataclass, field

from emulator.aws.lakeformation import permissions as perms
from emulator.aws.lakeformation.resources import ALL_COLUMNS, Path, render
from emulator.aws.state import IAM_ALLOWED, Json, Lake
from emulator.front.clock import stamp


@dataclass
class Row:
    """What one principal may do with one resource, as one row of a listing."""

    principal: str
    path: Path
    condition: str | None
    granted: set[str] = field(default_factory=set)
    grantable: set[str] = field(default_factory=set)
    updated: float = 0.0
    updated_by: str = ""
    share: str | None = None

    @property
    def key(self) -> tuple:
        return (self.principal, self.path, self.condition)

    def allows(self, permission: str) -> bool:
        return permission in self.granted or "ALL" in self.granted

    def may_grant(self, permission: str) -> bool:
        return permission in self.grantable or "ALL" in self.grantable

    def shown(self) -> Json:
        body: Json = {
            "Principal": {"DataLakePrincipalIdentifier": self.principal},
            "Resource": render(self.path),
            "Permissions": sorted(self.granted),
            "PermissionsWithGrantOption": sorted(self.grantable),
            "LastUpdated": self.updated,
            "LastUpdatedBy": self.updated_by,
        }
        if self.condition:
            body["Condition"] = json.loads(self.condition)
        if self.share:
            body["AdditionalDetails"] = {"ResourceShare": [self.share]}
        return body


def pieces(path: Path, granted: set[str], grantable: set[str]) -> list[tuple[Path, set[str], set[str]]]:
    """A grant on a table as two: SELECT is kept, and listed, as a grant on all of its columns."""
    if path[0] != "table":
        return [(path, granted, grantable)]
    select = ("columns", *path[1:], ALL_COLUMNS)
    result = []
    if granted & {"SELECT", "ALL"}:
        result.append((select, {"SELECT"}, {"SELECT"} if grantable & {"SELECT", "ALL"} else set()))
    if granted - {"SELECT"}:
        result.append((path, granted - {"SELECT"}, grantable - {"SELECT"}))
    return result


def add(lake: Lake, row: Row, by: str) -> None:
    """Grants: merges into what the principal has on the resource already."""
    if row.principal == IAM_ALLOWED:
        parts = [(row.path, row.granted, row.grantable)]
    else:
        parts = pieces(row.path, row.granted, row.grantable)
    for path, granted, grantable in parts:
        fresh = Row(row.principal, path, row.condition, share=row.share)
        kept = lake.rows.setdefault(fresh.key, fresh)
        plain = row.principal == IAM_ALLOWED
        kept.granted |= granted if plain else perms.expanded(path, granted)
        kept.grantable |= grantable if plain else perms.expanded(path, grantable)
        kept.share = row.share or kept.share
        kept.updated, kept.updated_by = stamp(), by


def remove(lake: Lake, row: Row, by: str) -> bool:
    """Revokes; a row without permissions is gone. False where there was nothing to take away.

    Revoking a permission takes its grant option along; a row that revokes nothing but grant options
    leaves the permissions.
    """
    only_option = not row.granted
    parts = [(row.path, row.granted or row.grantable, row.grantable)]
    if row.principal != IAM_ALLOWED:
        parts = pieces(row.path, row.granted or row.grantable, row.grantable)
    found = False
    for path, revoked, _ in parts:
        kept = lake.rows.get((row.principal, path, row.condition))
        held = kept and (kept.grantable if only_option else kept.granted)
        if kept is None or not perms.expanded(path, revoked) & (held or set()):
            continue
        found = True
        kept.grantable = perms.reduced(path, kept.grantable, revoked)
        if not only_option:
            kept.granted = perms.reduced(path, kept.granted, revoked)
        kept.updated, kept.updated_by = stamp(), by
        if not kept.granted:
            del lake.rows[kept.key]
    return found
