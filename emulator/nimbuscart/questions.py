"""The two questions of the story, answered from grants, filters and tags.

Each is asked of what should be and of what was read back, with the same rules; the answer
is yes when both give the same readers, and it comes with the rows that it rests on.
"""

from . import mesh, normal

LEDGER = (mesh.GOVERNANCE, "finance_curated", "gl_transactions")
SECRET = "employee_salary"
CONTROLLER = mesh.role(mesh.FINANCE, "regional-controller-west")
EVERYBODY = "IAM_ALLOWED_PRINCIPALS"
# Groups of principals that a role of finance belongs to.
_GROUPS = (EVERYBODY, f"{mesh.FINANCE}:IAMPrincipals")


def ask(wanted: dict, found: dict) -> list[dict]:
    """Both questions, with answers and evidence."""
    return [rows_of_controller(wanted, found), hidden_salary(wanted, found)]


def rows_of_controller(wanted: dict, found: dict) -> dict:
    """Can the controller of the west read the west's rows, and no others?"""
    rows = visible_rows(found)
    evidence = [f"{_short(principal)}: SELECT on {what} gives {_rows(shown)}"
                for shown, principal, what in rows]
    key = ("filter", *LEDGER, "west_rows_no_salary")
    evidence.append(f"filter west_rows_no_salary as listed: {_filter(found.get(key))}")
    shown = {row[0] for row in rows}
    others = sum(key[0] == "grant" for key in found) - len(rows)
    evidence.append(f"none of the {others:,} other permissions read lets the role see a row")
    return {
        "question": "Can regional-controller-west still see only region WEST's rows?",
        "answer": shown == {"region_code='WEST'"}
                  and shown == {row[0] for row in visible_rows(wanted)},
        "evidence": evidence if rows else ["no grant lets the role read the table at all"],
    }


def hidden_salary(wanted: dict, found: dict) -> dict:
    """Is the salary column hidden from everybody that the primary hid it from?"""
    before, now = readers(wanted, SECRET), readers(found, SECRET)
    tags = effective_tags(found, SECRET)
    policies = [body["resource"] for key, body in found.items()
                if key[0] == "grant" and key[3] == "SELECT"
                and body["resource"]["form"] == "tagged tables"]
    admitting = sum(_admits(policy, tags) for policy in policies)
    evidence = [f"{_short(principal)} sees it by SELECT on {'; '.join(sorted(ways))}"
                f"{'' if principal in before else '  <- not in the primary'}"
                for principal, ways in sorted(now.items())]
    evidence += [f"{_short(principal)} should see it and does not"
                 for principal in sorted(before.keys() - now.keys())]
    words = [f"{key}={'/'.join(values)}" for key, values in sorted(tags.items())]
    evidence.append(f"its tags: {', '.join(words) or 'none'}")
    evidence.append(f"{len(policies)} tag policies give SELECT; {admitting} of them admit it")
    evidence += [f"filter {key[-1]}: {_filter(body)}" for key, body in sorted(found.items())
                 if key[:4] == ("filter", *LEDGER)]
    there = _has_column(found)
    if not there:
        evidence.append("the table with that column is not there: nothing can be said")
    return {
        "question": f"Is {SECRET} still hidden from all but its readers in the primary?",
        "answer": there and now.keys() <= before.keys(),
        "evidence": evidence,
    }


def visible_rows(records: dict) -> list[tuple]:
    """(rows, principal, by what) of every grant by which the controller reads the ledger."""
    found = []
    for principal, resource in _reading(records):
        if principal == CONTROLLER or principal in _GROUPS:
            body = _cells(records, resource)
            shown = body["rows"] if body else None
            found.append((shown, principal, normal.describe(resource)))
    return found


def readers(records: dict, column: str) -> dict[str, set[str]]:
    """Who can read a column of the ledger, and by which grants."""
    found: dict[str, set[str]] = {}
    for principal, resource in _reading(records):
        body = _cells(records, resource) or resource
        tagged = resource["form"] == "tagged tables"
        if tagged or (column in body["columns"] if "columns" in body
                      else column not in body.get("hidden", ())):
            if not tagged or _admits(resource, effective_tags(records, column)):
                found.setdefault(principal, set()).add(normal.describe(resource))
    return found


def effective_tags(records: dict, column: str) -> dict[str, list[str]]:
    """A column's tags: its own before its table's before its database's."""
    place = ("assignment", *LEDGER)
    tags: dict[str, list[str]] = {}
    for key in (place[:3], place, (*place, column)):
        tags.update(records.get(key, {}))
    return tags


def _reading(records: dict):
    """(principal, resource) of every permission that lets its principal read the ledger."""
    for key, body in records.items():
        if key[0] != "grant":
            continue
        principal, permission, resource = key[2], key[3], body["resource"]
        if permission != "SELECT" and principal != EVERYBODY:
            continue
        if resource["owner"] != LEDGER[0]:
            continue
        if resource["form"] == "tagged tables":
            if any(_admits(resource, effective_tags(records, column))
                   for column in _columns_tagged(records)):
                yield principal, resource
        elif (resource.get("database") == LEDGER[1]
              and resource.get("table") in (LEDGER[2], "*")):
            yield principal, resource


def _has_column(records: dict) -> bool:
    storage = records.get(("table", *LEDGER), {}).get("StorageDescriptor", {})
    return SECRET in {column["Name"] for column in storage.get("Columns", ())}


def _columns_tagged(records: dict) -> set[str]:
    """The columns of the ledger that bear tags of their own, and one that stands for the rest."""
    place = ("assignment", *LEDGER)
    return {key[4] for key in records if key[:4] == place and len(key) == 5} | {""}


def _cells(records: dict, resource: dict) -> dict | None:
    """The filter behind a grant on cells; one that is not there shows nothing."""
    if resource["form"] != "cells":
        return None
    key = ("filter", *LEDGER, resource["filter"])
    return records.get(key, {"rows": "no rows: the filter is missing", "columns": []})


def _admits(policy: dict, tags: dict[str, list[str]]) -> bool:
    """Whether a tag policy's every term is met; one by a named expression counts as met."""
    if not policy["terms"]:
        return True
    return all(set(values) & set(tags.get(key, ()))
               for key, values in policy["terms"].items())


def _filter(body: dict | None) -> str:
    if body is None:
        return "missing"
    columns = (f"only {', '.join(body['columns'])}" if "columns" in body
               else f"all columns but {', '.join(body['hidden']) or 'none'}")
    return f"{_rows(body['rows'])}, {columns}"


def _rows(shown: str | None) -> str:
    return "ALL ROWS" if shown is None else f"rows {shown}"


def _short(principal: str) -> str:
    """A role by account and name."""
    return principal.removeprefix("arn:aws:iam::").replace(":role/", "/")
