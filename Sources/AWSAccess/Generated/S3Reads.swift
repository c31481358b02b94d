// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let s3GetBucketEncryption = AWSOperation(
    .s3, "GetBucketEncryption", method: "GET", path: "/{Bucket}?encryption", effect: .read,
    rest: REST(path: ["Bucket": "Bucket"], outputPayload: "ServerSideEncryptionConfiguration"),
    xmlOutput: "GetBucketEncryptionOutput")
  public static let s3GetBucketLocation = AWSOperation(
    .s3, "GetBucketLocation", method: "GET", path: "/{Bucket}?location", effect: .read,
    rest: REST(path: ["Bucket": "Bucket"]),
    xmlOutput: "GetBucketLocationOutput")
  public static let s3GetBucketNotificationConfiguration = AWSOperation(
    .s3, "GetBucketNotificationConfiguration",
    method: "GET", path: "/{Bucket}?notification", effect: .read,
    rest: REST(path: ["Bucket": "Bucket"]),
    xmlOutput: "NotificationConfiguration")
  public static let s3GetBucketReplication = AWSOperation(
    .s3, "GetBucketReplication", method: "GET", path: "/{Bucket}?replication", effect: .read,
    rest: REST(path: ["Bucket": "Bucket"], outputPayload: "ReplicationConfiguration"),
    xmlOutput: "GetBucketReplicationOutput")
  public static let s3GetBucketTagging = AWSOperation(
    .s3, "GetBucketTagging", method: "GET", path: "/{Bucket}?tagging", effect: .read,
    rest: REST(path: ["Bucket": "Bucket"]),
    xmlOutput: "GetBucketTaggingOutput")
  public static let s3GetBucketVersioning = AWSOperation(
    .s3, "GetBucketVersioning", method: "GET", path: "/{Bucket}?versioning", effect: .read,
    rest: REST(path: ["Bucket": "Bucket"]),
    xmlOutput: "GetBucketVersioningOutput")
  public static let s3GetObject = AWSOperation(
    .s3, "GetObject", method: "GET", path: "/{Bucket}/{Key+}", effect: .read,
    rest: REST(
      path: ["Bucket": "Bucket", "Key": "Key"],
      query: ["VersionId": "versionId", "PartNumber": "partNumber"],
      headers: [
        "IfMatch": "If-Match", "IfModifiedSince": "If-Modified-Since",
        "IfNoneMatch": "If-None-Match", "IfUnmodifiedSince": "If-Unmodified-Since",
        "Range": "Range", "ChecksumMode": "x-amz-checksum-mode",
      ],
      outputPayload: "Body",
      outputIsBytes: true,
      outputHeaders: [
        "x-amz-delete-marker": "DeleteMarker", "last-modified": "LastModified",
        "content-length": "ContentLength", "etag": "ETag",
        "x-amz-checksum-crc64nvme": "ChecksumCRC64NVME", "x-amz-checksum-sha256": "ChecksumSHA256",
        "x-amz-checksum-type": "ChecksumType", "x-amz-version-id": "VersionId",
        "content-encoding": "ContentEncoding", "content-range": "ContentRange",
        "content-type": "ContentType", "x-amz-server-side-encryption": "ServerSideEncryption",
        "x-amz-meta-": "Metadata", "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
        "x-amz-server-side-encryption-bucket-key-enabled": "BucketKeyEnabled",
        "x-amz-storage-class": "StorageClass", "x-amz-replication-status": "ReplicationStatus",
        "x-amz-mp-parts-count": "PartsCount", "x-amz-tagging-count": "TagCount",
        "x-amz-object-lock-mode": "ObjectLockMode",
        "x-amz-object-lock-retain-until-date": "ObjectLockRetainUntilDate",
        "x-amz-object-lock-legal-hold": "ObjectLockLegalHoldStatus",
      ]),
    xmlOutput: "GetObjectOutput")
  public static let s3GetObjectLockConfiguration = AWSOperation(
    .s3, "GetObjectLockConfiguration",
    method: "GET", path: "/{Bucket}?object-lock", effect: .read,
    rest: REST(path: ["Bucket": "Bucket"], outputPayload: "ObjectLockConfiguration"),
    xmlOutput: "GetObjectLockConfigurationOutput")
  public static let s3HeadBucket = AWSOperation(
    .s3, "HeadBucket", method: "HEAD", path: "/{Bucket}", effect: .read,
    rest: REST(
      path: ["Bucket": "Bucket"],
      outputHeaders: ["x-amz-bucket-arn": "BucketArn", "x-amz-bucket-region": "BucketRegion"]),
    xmlOutput: "HeadBucketOutput")
  public static let s3HeadObject = AWSOperation(
    .s3, "HeadObject", method: "HEAD", path: "/{Bucket}/{Key+}", effect: .read,
    rest: REST(
      path: ["Bucket": "Bucket", "Key": "Key"],
      query: ["VersionId": "versionId", "PartNumber": "partNumber"],
      headers: [
        "IfMatch": "If-Match", "IfModifiedSince": "If-Modified-Since",
        "IfNoneMatch": "If-None-Match", "IfUnmodifiedSince": "If-Unmodified-Since",
        "Range": "Range", "ChecksumMode": "x-amz-checksum-mode",
      ],
      outputHeaders: [
        "x-amz-delete-marker": "DeleteMarker", "x-amz-archive-status": "ArchiveStatus",
        "last-modified": "LastModified", "content-length": "ContentLength",
        "x-amz-checksum-crc64nvme": "ChecksumCRC64NVME", "x-amz-checksum-sha256": "ChecksumSHA256",
        "x-amz-checksum-type": "ChecksumType", "etag": "ETag", "x-amz-version-id": "VersionId",
        "content-encoding": "ContentEncoding", "content-type": "ContentType",
        "content-range": "ContentRange", "x-amz-server-side-encryption": "ServerSideEncryption",
        "x-amz-meta-": "Metadata", "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
        "x-amz-server-side-encryption-bucket-key-enabled": "BucketKeyEnabled",
        "x-amz-storage-class": "StorageClass", "x-amz-replication-status": "ReplicationStatus",
        "x-amz-mp-parts-count": "PartsCount", "x-amz-tagging-count": "TagCount",
        "x-amz-object-lock-mode": "ObjectLockMode",
        "x-amz-object-lock-retain-until-date": "ObjectLockRetainUntilDate",
        "x-amz-object-lock-legal-hold": "ObjectLockLegalHoldStatus",
      ]),
    xmlOutput: "HeadObjectOutput")
  public static let s3ListBucketInventoryConfigurations = AWSOperation(
    .s3, "ListBucketInventoryConfigurations",
    method: "GET", path: "/{Bucket}?inventory", effect: .read,
    rest: REST(path: ["Bucket": "Bucket"], query: ["ContinuationToken": "continuation-token"]),
    xmlOutput: "ListBucketInventoryConfigurationsOutput")
  public static let s3ListBuckets = AWSOperation(
    .s3, "ListBuckets", method: "GET", effect: .read,
    paging: Paging(
      list: "Buckets",
      inputToken: "ContinuationToken",
      outputToken: "ContinuationToken",
      limit: "MaxBuckets",
      largest: 10000),
    rest: REST(
      query: [
        "MaxBuckets": "max-buckets", "ContinuationToken": "continuation-token", "Prefix": "prefix",
        "BucketRegion": "bucket-region",
      ]),
    xmlOutput: "ListBucketsOutput")
  public static let s3ListMultipartUploads = AWSOperation(
    .s3, "ListMultipartUploads", method: "GET", path: "/{Bucket}?uploads", effect: .read,
    paging: Paging(
      list: "Uploads",
      inputToken: "KeyMarker",
      outputToken: "NextKeyMarker",
      limit: "MaxUploads",
      largest: nil,
      second: .init(
        inputToken: "UploadIdMarker", outputToken: "NextUploadIdMarker", more: "IsTruncated")),
    rest: REST(
      path: ["Bucket": "Bucket"],
      query: [
        "Delimiter": "delimiter", "EncodingType": "encoding-type", "KeyMarker": "key-marker",
        "MaxUploads": "max-uploads", "Prefix": "prefix", "UploadIdMarker": "upload-id-marker",
      ]),
    xmlOutput: "ListMultipartUploadsOutput")
  public static let s3ListObjectsV2 = AWSOperation(
    .s3, "ListObjectsV2", method: "GET", path: "/{Bucket}?list-type=2", effect: .read,
    paging: Paging(
      list: "Contents",
      inputToken: "ContinuationToken",
      outputToken: "NextContinuationToken",
      limit: "MaxKeys",
      largest: nil),
    rest: REST(
      path: ["Bucket": "Bucket"],
      query: [
        "Delimiter": "delimiter", "EncodingType": "encoding-type", "MaxKeys": "max-keys",
        "Prefix": "prefix", "ContinuationToken": "continuation-token", "FetchOwner": "fetch-owner",
        "StartAfter": "start-after",
      ]),
    xmlOutput: "ListObjectsV2Output")
}
