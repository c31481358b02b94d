"""A bucket's keys with their names kept in order: moto sorts them anew for every page."""

from typing import Any

import moto.s3.models
from moto.s3.utils import _VersionedKeyStore


class OrderedKeyStore(_VersionedKeyStore):  # type: ignore[misc]
    """moto's store of versions; `names` are sorted when they are asked for and have changed."""

    def __init__(self, *given: Any):
        super().__init__(*given)
        self.ordered: list[str] | None = None
        self.changes = 0

    def touched(self) -> None:
        self.changes += 1
        self.ordered = None

    def __setitem__(self, key: str, value: Any) -> Any:
        new = key not in self
        super().__setitem__(key, value)
        if new:
            self.touched()

    def setlist(self, key: Any, list_: Any) -> Any:
        new = key not in self
        super().setlist(key, list_)
        if new:
            self.touched()

    def pop(self, key: str) -> None:  # type: ignore[override]
        super().pop(key)
        self.touched()

    def names(self) -> list[str]:
        """All names that have a version, in the order of their code points, which is that of UTF-8."""
        ordered, changes = self.ordered, self.changes
        if ordered is None:
            ordered = sorted(list(self))
            if changes == self.changes:
                self.ordered = ordered
        return ordered


moto.s3.models._VersionedKeyStore = OrderedKeyStore  # type: ignore[misc]
