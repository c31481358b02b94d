"""What people keep in Athena: work groups, data catalogs, named queries, prepared statements.

Running queries is moto's, but for whether their callers may read what they ask for. Every error that a client makes
is an InvalidRequestException, as in AWS.
"""

from emulator.front.errors import AWSError


def refused(message: str) -> AWSError:
    return AWSError("InvalidRequestException", message)
