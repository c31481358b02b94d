"""The mesh file with which meshdr works on NimbusCart."""

from .mesh import ACCOUNTS, NAME, PRIMARY, READER, RESTORER, SECONDARY


def meshfile(store: str) -> str:
    """A meshdr.yaml that lists the mesh's accounts and keeps its archive in `store`."""
    listed = "\n".join(
        f'    - {{id: "{account.id}", name: {account.name}}}' for account in ACCOUNTS)
    return f"""\
mesh: {NAME}
primary: {PRIMARY}
secondary: {SECONDARY}
store: {quoted(store)}
accounts:
  from: list
  list:
{listed}
  reader_role: {READER}
  restorer_role: {RESTORER}
objectives: {{rpo: 15m, rto: 2h}}
priority: [finance_curated, sales_curated.orders]
capture:
  partition_statistics: [finance_curated.invoices]
  table_versions: 5
"""


def quoted(text: str) -> str:
    """A YAML scalar in single quotes, whatever it holds."""
    return "'" + text.replace("'", "''") + "'"
