"""S3: a bucket answers in its own region only.

A request that arrives elsewhere gets a 301 PermanentRedirect, and every answer about a bucket names
its region (S3 user guide, "Making requests", "Request redirection"; API reference, HeadBucket).
"""

from emulator.aws.registry import checks
from emulator.aws.s3.buckets import find_bucket, named
from emulator.front.call import Call
from emulator.front.http import Response

#: What is not about a bucket that is there, or is asked from anywhere.
ANYWHERE = {"CreateBucket", "ListBuckets", "GetBucketLocation"}
MESSAGE = ("The bucket you are attempting to access must be addressed using the specified endpoint. "
           "Please send all future requests to this endpoint.")


@checks("s3")
def elsewhere(call: Call) -> Response | None:
    """The redirect that a request in the wrong region gets."""
    name = named(call)[0]
    bucket = find_bucket(name)[1] if name and call.operation not in ANYWHERE else None
    if bucket is None or bucket.region_name == call.region:
        return None
    headers = {"x-amz-bucket-region": bucket.region_name, "Content-Type": "application/xml"}
    if call.request.method == "HEAD":
        return Response(301, b"", headers)
    body = (f"<Error><Code>PermanentRedirect</Code><Message>{MESSAGE}</Message>"
            f"<Endpoint>{name}.s3.{bucket.region_name}.amazonaws.com</Endpoint><Bucket>{name}</Bucket></Error>")
    return Response(301, body.encode(), headers)
