// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let s3AbortMultipartUpload = AWSOperation(
    .s3, "AbortMultipartUpload",
    method: "DELETE", path: "/{Bucket}/{Key+}", effect: .idempotentWrite,
    rest: REST(
      path: ["Bucket": "Bucket", "Key": "Key"],
      query: ["UploadId": "uploadId"],
      headers: ["IfMatchInitiatedTime": "x-amz-if-match-initiated-time"]),
    xmlOutput: "AbortMultipartUploadOutput")
  public static let s3CompleteMultipartUpload = AWSOperation(
    .s3, "CompleteMultipartUpload", path: "/{Bucket}/{Key+}", effect: .idempotentWrite,
    rest: REST(
      path: ["Bucket": "Bucket", "Key": "Key"],
      query: ["UploadId": "uploadId"],
      headers: [
        "ChecksumCRC64NVME": "x-amz-checksum-crc64nvme", "ChecksumSHA256": "x-amz-checksum-sha256",
        "ChecksumType": "x-amz-checksum-type", "MpuObjectSize": "x-amz-mp-object-size",
        "IfMatch": "If-Match", "IfNoneMatch": "If-None-Match",
      ],
      payload: "MultipartUpload",
      xmlInput: (shape: "CompletedMultipartUpload", root: "CompleteMultipartUpload"),
      outputHeaders: [
        "x-amz-server-side-encryption": "ServerSideEncryption", "x-amz-version-id": "VersionId",
        "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
        "x-amz-server-side-encryption-bucket-key-enabled": "BucketKeyEnabled",
      ]),
    xmlOutput: "CompleteMultipartUploadOutput")
  public static let s3CreateBucket = AWSOperation(
    .s3, "CreateBucket", method: "PUT", path: "/{Bucket}", effect: .write,
    rest: REST(
      path: ["Bucket": "Bucket"],
      headers: ["BucketNamespace": "x-amz-bucket-namespace"],
      payload: "CreateBucketConfiguration",
      xmlInput: (shape: "CreateBucketConfiguration", root: "CreateBucketConfiguration"),
      outputHeaders: ["location": "Location", "x-amz-bucket-arn": "BucketArn"]),
    xmlOutput: "CreateBucketOutput",
    refusesTwins: true)
  public static let s3CreateMultipartUpload = AWSOperation(
    .s3, "CreateMultipartUpload", path: "/{Bucket}/{Key+}?uploads", effect: .idempotentWrite,
    rest: REST(
      path: ["Bucket": "Bucket", "Key": "Key"],
      headers: [
        "ContentEncoding": "Content-Encoding", "ContentType": "Content-Type",
        "Metadata": "x-amz-meta-", "ServerSideEncryption": "x-amz-server-side-encryption",
        "StorageClass": "x-amz-storage-class",
        "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
        "SSEKMSEncryptionContext": "x-amz-server-side-encryption-context",
        "BucketKeyEnabled": "x-amz-server-side-encryption-bucket-key-enabled",
        "Tagging": "x-amz-tagging", "ObjectLockMode": "x-amz-object-lock-mode",
        "ObjectLockRetainUntilDate": "x-amz-object-lock-retain-until-date",
        "ObjectLockLegalHoldStatus": "x-amz-object-lock-legal-hold",
        "ChecksumAlgorithm": "x-amz-checksum-algorithm", "ChecksumType": "x-amz-checksum-type",
      ],
      outputHeaders: [
        "x-amz-server-side-encryption": "ServerSideEncryption",
        "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
        "x-amz-server-side-encryption-context": "SSEKMSEncryptionContext",
        "x-amz-server-side-encryption-bucket-key-enabled": "BucketKeyEnabled",
        "x-amz-checksum-algorithm": "ChecksumAlgorithm", "x-amz-checksum-type": "ChecksumType",
      ]),
    xmlOutput: "CreateMultipartUploadOutput")
  public static let s3DeleteObject = AWSOperation(
    .s3, "DeleteObject", method: "DELETE", path: "/{Bucket}/{Key+}", effect: .idempotentWrite,
    rest: REST(
      path: ["Bucket": "Bucket", "Key": "Key"],
      query: ["VersionId": "versionId"],
      headers: [
        "MFA": "x-amz-mfa", "BypassGovernanceRetention": "x-amz-bypass-governance-retention",
        "IfMatch": "If-Match", "IfMatchLastModifiedTime": "x-amz-if-match-last-modified-time",
        "IfMatchSize": "x-amz-if-match-size",
      ],
      outputHeaders: ["x-amz-delete-marker": "DeleteMarker", "x-amz-version-id": "VersionId"]),
    xmlOutput: "DeleteObjectOutput")
  public static let s3PutObject = AWSOperation(
    .s3, "PutObject", method: "PUT", path: "/{Bucket}/{Key+}", effect: .idempotentWrite,
    rest: REST(
      path: ["Bucket": "Bucket", "Key": "Key"],
      headers: [
        "ContentEncoding": "Content-Encoding", "ContentLength": "Content-Length",
        "ContentMD5": "Content-MD5", "ContentType": "Content-Type",
        "ChecksumAlgorithm": "x-amz-sdk-checksum-algorithm",
        "ChecksumCRC64NVME": "x-amz-checksum-crc64nvme", "ChecksumSHA256": "x-amz-checksum-sha256",
        "IfMatch": "If-Match", "IfNoneMatch": "If-None-Match",
        "WriteOffsetBytes": "x-amz-write-offset-bytes", "Metadata": "x-amz-meta-",
        "ServerSideEncryption": "x-amz-server-side-encryption",
        "StorageClass": "x-amz-storage-class",
        "SSEKMSKeyId": "x-amz-server-side-encryption-aws-kms-key-id",
        "SSEKMSEncryptionContext": "x-amz-server-side-encryption-context",
        "BucketKeyEnabled": "x-amz-server-side-encryption-bucket-key-enabled",
        "Tagging": "x-amz-tagging", "ObjectLockMode": "x-amz-object-lock-mode",
        "ObjectLockRetainUntilDate": "x-amz-object-lock-retain-until-date",
        "ObjectLockLegalHoldStatus": "x-amz-object-lock-legal-hold",
      ],
      payload: "Body",
      outputHeaders: [
        "etag": "ETag", "x-amz-checksum-crc64nvme": "ChecksumCRC64NVME",
        "x-amz-checksum-sha256": "ChecksumSHA256", "x-amz-checksum-type": "ChecksumType",
        "x-amz-server-side-encryption": "ServerSideEncryption", "x-amz-version-id": "VersionId",
        "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
        "x-amz-server-side-encryption-context": "SSEKMSEncryptionContext",
        "x-amz-server-side-encryption-bucket-key-enabled": "BucketKeyEnabled",
        "x-amz-object-size": "Size",
      ]),
    xmlOutput: "PutObjectOutput")
  public static let s3PutObjectRetention = AWSOperation(
    .s3, "PutObjectRetention",
    method: "PUT", path: "/{Bucket}/{Key+}?retention", effect: .idempotentWrite,
    rest: REST(
      path: ["Bucket": "Bucket", "Key": "Key"],
      query: ["VersionId": "versionId"],
      headers: [
        "BypassGovernanceRetention": "x-amz-bypass-governance-retention",
        "ContentMD5": "Content-MD5", "ChecksumAlgorithm": "x-amz-sdk-checksum-algorithm",
      ],
      payload: "Retention",
      xmlInput: (shape: "ObjectLockRetention", root: "Retention"),
      needsChecksum: true),
    xmlOutput: "PutObjectRetentionOutput")
  public static let s3UploadPart = AWSOperation(
    .s3, "UploadPart", method: "PUT", path: "/{Bucket}/{Key+}", effect: .idempotentWrite,
    rest: REST(
      path: ["Bucket": "Bucket", "Key": "Key"],
      query: ["PartNumber": "partNumber", "UploadId": "uploadId"],
      headers: [
        "ContentLength": "Content-Length", "ContentMD5": "Content-MD5",
        "ChecksumAlgorithm": "x-amz-sdk-checksum-algorithm",
        "ChecksumCRC64NVME": "x-amz-checksum-crc64nvme", "ChecksumSHA256": "x-amz-checksum-sha256",
      ],
      payload: "Body",
      outputHeaders: [
        "x-amz-server-side-encryption": "ServerSideEncryption", "etag": "ETag",
        "x-amz-checksum-crc64nvme": "ChecksumCRC64NVME", "x-amz-checksum-sha256": "ChecksumSHA256",
        "x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
        "x-amz-server-side-encryption-bucket-key-enabled": "BucketKeyEnabled",
      ]),
    xmlOutput: "UploadPartOutput")
}
