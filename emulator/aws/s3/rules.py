"""Replication rules: which of them an object falls under.

S3 user guide, "Replication configuration file elements". A rule with a `Filter` is of the newer form
(V2): rules towards one bucket are ranked by `Priority`, the larger number first, and delete markers go
along only where the rule says so. Without a `Filter` it is of the older form (V1), in which those that
users make always do.
"""

from dataclasses import dataclass
from typing import Any

ARN = "arn:aws:s3:::"
KMS = ("aws:kms", "aws:kms:dsse")


@dataclass(frozen=True)
class Rule:
    """One rule, with what of it decides about an object."""

    id: str
    priority: int
    enabled: bool
    newer: bool
    prefix: str
    tags: tuple[tuple[str, str], ...]
    markers: bool
    destination: str
    storage_class: str | None
    replica_key: str | None
    with_kms: bool
    metrics: bool

    @classmethod
    def of(cls, given: dict[str, Any]) -> "Rule":
        filtered = given.get("Filter") or {}
        both = filtered.get("And") or {}
        tags = both.get("Tags") or ([filtered["Tag"]] if "Tag" in filtered else [])
        destination = given["Destination"]
        newer = "Filter" in given
        selected = (given.get("SourceSelectionCriteria") or {}).get("SseKmsEncryptedObjects") or {}
        return cls(
            id=given["ID"], priority=given.get("Priority", 0), enabled=is_on(given), newer=newer,
            prefix=filtered.get("Prefix") or both.get("Prefix") or given.get("Prefix") or "",
            tags=tuple((tag["Key"], tag.get("Value", "")) for tag in tags),
            markers=is_on(given.get("DeleteMarkerReplication")) if newer else True,
            destination=destination["Bucket"].removeprefix(ARN),
            storage_class=destination.get("StorageClass"),
            replica_key=(destination.get("EncryptionConfiguration") or {}).get("ReplicaKmsKeyID"),
            with_kms=is_on(selected),
            metrics=is_on(destination.get("Metrics")) or is_on(destination.get("ReplicationTime")))

    def covers(self, key: str, tags: dict[str, str], encryption: str | None) -> bool:
        if not self.enabled or not key.startswith(self.prefix):
            return False
        if encryption in KMS and not self.with_kms:
            return False
        return all(tags.get(name) == value for name, value in self.tags)

    def covers_marker(self, key: str) -> bool:
        return self.enabled and self.markers and not self.tags and key.startswith(self.prefix)


def is_on(element: dict[str, Any] | None) -> bool:
    return (element or {}).get("Status") == "Enabled"


def one_for_each_bucket(rules: list[Rule]) -> list[Rule]:
    """Of the rules towards one bucket, the one with the largest priority."""
    chosen: dict[str, Rule] = {}
    for rule in rules:
        before = chosen.get(rule.destination)
        if before is None or rule.priority > before.priority:
            chosen[rule.destination] = rule
    return list(chosen.values())


def covering(rules: list[Rule], key: str, tags: dict[str, str], encryption: str | None) -> list[Rule]:
    """The rules under which an object is replicated."""
    return one_for_each_bucket([rule for rule in rules if rule.covers(key, tags, encryption)])


def covering_marker(rules: list[Rule], key: str) -> list[Rule]:
    return one_for_each_bucket([rule for rule in rules if rule.covers_marker(key)])
