"""S3: replication that happens, listings that are quick, inventory configurations.

What moto does well (objects, versions, multipart uploads, policies) stays moto's. See `replicator` for
what becomes of an object that a replication rule covers.
"""

from emulator.aws.s3 import keystore  # noqa: F401  before the first bucket is made
