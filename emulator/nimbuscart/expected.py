"""The records that the primary must hold, derived from the description of the mesh."""

from . import catalog, mesh, normal, service_check, shapes
from .grants import GRANTS, OPT_INS
from .seed import settings_of
from .tables import TABLES


def records() -> dict[tuple, object]:
    """Every expected record of the primary, by its key."""
    found: dict[tuple, object] = {}
    for part in (_accounts, _databases, _tables, _links, _assignments, _filters, _beside,
                 service_check.expected):
        found.update(part())
    found.update(normal.merged(_grants()))
    return found


def is_administrator(account: str, principal: str) -> bool:
    """Whether a principal is meant to be a data lake administrator of the account.

    Lake Formation gives administrators and creators permissions of its own accord, and
    lists them; they say nothing about who was granted what.
    """
    roles = (*mesh.ADMINS, *mesh.EXTRA_ADMINS.get(account, ()))
    return principal in {mesh.role(account, name) for name in roles}


def _accounts():
    for account in mesh.ACCOUNTS:
        yield ("settings", account.id), normal.settings(settings_of(account.id))
    for location in mesh.LOCATIONS:
        yield (("location", location.account, location.arn),
               normal.pruned({"RoleArn": location.role_arn,
                              "HybridAccessEnabled": location.hybrid}))
    for key, values in mesh.LF_TAGS.items():
        yield ("LF-Tag", mesh.GOVERNANCE, key), sorted(values)
    for name, (description, terms) in mesh.EXPRESSIONS.items():
        yield (("expression", mesh.GOVERNANCE, name), normal.expression(
            {"Description": description, "Expression": shapes.terms(terms)}))
    for share in mesh.SHARES:
        yield ("share", share.account, share.name), {
            "resources": sorted(share.arns(mesh.PRIMARY)), "principals": sorted(share.principals),
            "external": False, "tags": share.tags}
    for account, principal, resource in OPT_INS:
        yield from normal.opt_in(account, {
            "Principal": {"DataLakePrincipalIdentifier": principal}, "Resource": resource})


def _databases():
    for database in mesh.DATABASES:
        yield (("database", database.account, database.name),
               normal.pruned(shapes.database_input(database)))


def _tables():
    for table in TABLES:
        names = (table.account, table.database, table.name)
        yield ("table", *names), normal.pruned(shapes.table_input(table))
        for values in table.partition_values():
            yield (("partition", *names, "/".join(values)),
                   normal.pruned(shapes.partition_input(table, values)))
        for index, keys in table.indexes.items():
            yield ("index", *names, index), {"keys": list(keys), "status": "ACTIVE"}


def _links():
    for link in mesh.LINKS:
        place = (link.inside, link.name) if link.table else (link.name,)
        yield ("link", link.account, *place), normal.pruned(shapes.link_input(link))


def _assignments():
    for database in mesh.DATABASES:
        if database.tags:
            yield (("assignment", database.account, database.name),
                   normal.assignment(shapes.lf_tags(database.tags)))
    for table in TABLES:
        place = ("assignment", table.account, table.database, table.name)
        if table.tags:
            yield place, normal.assignment(shapes.lf_tags(table.tags))
        for column, tags in table.column_tags.items():
            yield (*place, column), normal.assignment(shapes.lf_tags(tags))


def _filters():
    for cells in mesh.FILTERS:
        yield (("filter", cells.account, cells.database, cells.table, cells.name),
               normal.cells_filter(shapes.filter_input(cells)))


def _beside():
    """What catalogs hold beside databases and tables."""
    for account in mesh.ACCOUNTS:
        settings = catalog.ENCRYPTION.get(account.id, {})
        yield ("encryption", account.id), normal.encryption(settings)
    for account in catalog.POLICIES:
        yield ("policy", account), normal.policy(catalog.policy_text(account))
    for place, functions in catalog.FUNCTIONS.items():
        for shape in functions:
            yield ("function", *place, shape["FunctionName"]), normal.pruned(shape)
    for place, tags in catalog.AWS_TAGS.items():
        yield ("AWS tags", *place), tags
    for table, entries in catalog.statistics():
        for entry in entries:
            key = ("statistics", table.account, table.database, table.name, entry["ColumnName"])
            yield key, normal.statistic(entry)
    for table, values, entries in catalog.partition_statistics():
        for entry in entries:
            key = ("statistics", table.account, table.database, table.name, "/".join(values),
                   entry["ColumnName"])
            yield key, normal.statistic(entry)
    for place, configurations in catalog.OPTIMIZERS.items():
        for kind, configuration in configurations.items():
            yield ("optimizer", *place, kind), configuration


def _grants():
    for grant in GRANTS:
        yield from normal.grant_records(grant.account, {
            "Principal": {"DataLakePrincipalIdentifier": grant.principal},
            "Resource": grant.resource, "Permissions": grant.permissions,
            "PermissionsWithGrantOption": grant.grantable})
