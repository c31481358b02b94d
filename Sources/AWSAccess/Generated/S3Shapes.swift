// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSShape {
  static let s3XML: [String: XMLShape] = [
    "AbortMultipartUploadOutput": .object([]),
    "AccessControlTranslation": .object([
      .init("Owner", "Owner", "text")
    ]),
    "BlockedEncryptionTypes": .object([
      .init("EncryptionType", "EncryptionType", "EncryptionTypeList", flat: true)
    ]),
    "Bucket": .object([
      .init("Name", "Name", "text"), .init("CreationDate", "CreationDate", "text"),
      .init("BucketRegion", "BucketRegion", "text"), .init("BucketArn", "BucketArn", "text"),
    ]),
    "BucketInfo": .object([
      .init("DataRedundancy", "DataRedundancy", "text"), .init("Type", "Type", "text"),
    ]),
    "Buckets": .list(item: "Bucket", of: "Bucket"),
    "ChecksumAlgorithmList": .list(item: "member", of: "text"),
    "CommonPrefix": .object([
      .init("Prefix", "Prefix", "text")
    ]),
    "CommonPrefixList": .list(item: "member", of: "CommonPrefix"),
    "CompleteMultipartUploadOutput": .object([
      .init("Location", "Location", "text"), .init("Bucket", "Bucket", "text"),
      .init("Key", "Key", "text"), .init("ETag", "ETag", "text"),
      .init("ChecksumCRC32", "ChecksumCRC32", "text"),
      .init("ChecksumCRC32C", "ChecksumCRC32C", "text"),
      .init("ChecksumCRC64NVME", "ChecksumCRC64NVME", "text"),
      .init("ChecksumSHA1", "ChecksumSHA1", "text"),
      .init("ChecksumSHA256", "ChecksumSHA256", "text"),
      .init("ChecksumSHA512", "ChecksumSHA512", "text"),
      .init("ChecksumMD5", "ChecksumMD5", "text"),
      .init("ChecksumXXHASH64", "ChecksumXXHASH64", "text"),
      .init("ChecksumXXHASH3", "ChecksumXXHASH3", "text"),
      .init("ChecksumXXHASH128", "ChecksumXXHASH128", "text"),
      .init("ChecksumType", "ChecksumType", "text"),
    ]),
    "CompletedMultipartUpload": .object([
      .init("Part", "Parts", "CompletedPartList", flat: true)
    ]),
    "CompletedPart": .object([
      .init("ETag", "ETag", "text"), .init("ChecksumCRC32", "ChecksumCRC32", "text"),
      .init("ChecksumCRC32C", "ChecksumCRC32C", "text"),
      .init("ChecksumCRC64NVME", "ChecksumCRC64NVME", "text"),
      .init("ChecksumSHA1", "ChecksumSHA1", "text"),
      .init("ChecksumSHA256", "ChecksumSHA256", "text"),
      .init("ChecksumSHA512", "ChecksumSHA512", "text"),
      .init("ChecksumMD5", "ChecksumMD5", "text"),
      .init("ChecksumXXHASH64", "ChecksumXXHASH64", "text"),
      .init("ChecksumXXHASH3", "ChecksumXXHASH3", "text"),
      .init("ChecksumXXHASH128", "ChecksumXXHASH128", "text"),
      .init("PartNumber", "PartNumber", "number"),
    ]),
    "CompletedPartList": .list(item: "member", of: "CompletedPart"),
    "CreateBucketConfiguration": .object([
      .init("LocationConstraint", "LocationConstraint", "text"),
      .init("Location", "Location", "LocationInfo"), .init("Bucket", "Bucket", "BucketInfo"),
      .init("Tags", "Tags", "TagSet"),
    ]),
    "CreateBucketOutput": .object([]),
    "CreateMultipartUploadOutput": .object([
      .init("Bucket", "Bucket", "text"), .init("Key", "Key", "text"),
      .init("UploadId", "UploadId", "text"),
    ]),
    "DefaultRetention": .object([
      .init("Mode", "Mode", "text"), .init("Days", "Days", "number"),
      .init("Years", "Years", "number"),
    ]),
    "DeleteMarkerReplication": .object([
      .init("Status", "Status", "text")
    ]),
    "DeleteObjectOutput": .object([]),
    "Destination": .object([
      .init("Bucket", "Bucket", "text"), .init("Account", "Account", "text"),
      .init("StorageClass", "StorageClass", "text"), .init("AccessControlTranslation"),
      .init("EncryptionConfiguration"), .init("ReplicationTime"), .init("Metrics"),
    ]),
    "EncryptionConfiguration": .object([
      .init("ReplicaKmsKeyID", "ReplicaKmsKeyID", "text")
    ]),
    "EncryptionTypeList": .list(item: "EncryptionType", of: "text"),
    "EventBridgeConfiguration": .object([]),
    "EventList": .list(item: "member", of: "text"),
    "ExistingObjectReplication": .object([
      .init("Status", "Status", "text")
    ]),
    "FilterRule": .object([
      .init("Name", "Name", "text"), .init("Value", "Value", "text"),
    ]),
    "FilterRuleList": .list(item: "member", of: "FilterRule"),
    "GetBucketEncryptionOutput": .object([
      .init("ServerSideEncryptionConfiguration")
    ]),
    "GetBucketLocationOutput": .object([
      .init("LocationConstraint", "LocationConstraint", "text")
    ]),
    "GetBucketReplicationOutput": .object([
      .init("ReplicationConfiguration")
    ]),
    "GetBucketTaggingOutput": .object([
      .init("TagSet")
    ]),
    "GetBucketVersioningOutput": .object([
      .init("Status", "Status", "text"), .init("MfaDelete", "MFADelete", "text"),
    ]),
    "GetObjectLockConfigurationOutput": .object([
      .init("ObjectLockConfiguration")
    ]),
    "GetObjectOutput": .object([
      .init("Body", "Body", "text")
    ]),
    "HeadBucketOutput": .object([]),
    "HeadObjectOutput": .object([]),
    "Initiator": .object([
      .init("ID", "ID", "text"), .init("DisplayName", "DisplayName", "text"),
    ]),
    "InventoryConfiguration": .object([
      .init("Destination", "Destination", "InventoryDestination"),
      .init("IsEnabled", "IsEnabled", "boolean"), .init("Filter", "Filter", "InventoryFilter"),
      .init("Id", "Id", "text"), .init("IncludedObjectVersions", "IncludedObjectVersions", "text"),
      .init("OptionalFields", "OptionalFields", "InventoryOptionalFields"),
      .init("Schedule", "Schedule", "InventorySchedule"),
    ]),
    "InventoryConfigurationList": .list(item: "member", of: "InventoryConfiguration"),
    "InventoryDestination": .object([
      .init("S3BucketDestination", "S3BucketDestination", "InventoryS3BucketDestination")
    ]),
    "InventoryEncryption": .object([
      .init("SSE-S3", "SSES3", "SSES3"), .init("SSE-KMS", "SSEKMS", "SSEKMS"),
    ]),
    "InventoryFilter": .object([
      .init("Prefix", "Prefix", "text")
    ]),
    "InventoryOptionalFields": .list(item: "Field", of: "text"),
    "InventoryS3BucketDestination": .object([
      .init("AccountId", "AccountId", "text"), .init("Bucket", "Bucket", "text"),
      .init("Format", "Format", "text"), .init("Prefix", "Prefix", "text"),
      .init("Encryption", "Encryption", "InventoryEncryption"),
    ]),
    "InventorySchedule": .object([
      .init("Frequency", "Frequency", "text")
    ]),
    "LambdaFunctionConfiguration": .object([
      .init("Id", "Id", "text"), .init("CloudFunction", "LambdaFunctionArn", "text"),
      .init("Event", "Events", "EventList", flat: true),
      .init("Filter", "Filter", "NotificationConfigurationFilter"),
    ]),
    "LambdaFunctionConfigurationList": .list(item: "member", of: "LambdaFunctionConfiguration"),
    "ListBucketInventoryConfigurationsOutput": .object([
      .init("ContinuationToken", "ContinuationToken", "text"),
      .init(
        "InventoryConfiguration", "InventoryConfigurationList", "InventoryConfigurationList",
        flat: true),
      .init("IsTruncated", "IsTruncated", "boolean"),
      .init("NextContinuationToken", "NextContinuationToken", "text"),
    ]),
    "ListBucketsOutput": .object([
      .init("Buckets"), .init("Owner"), .init("ContinuationToken", "ContinuationToken", "text"),
      .init("Prefix", "Prefix", "text"),
    ]),
    "ListMultipartUploadsOutput": .object([
      .init("Bucket", "Bucket", "text"), .init("KeyMarker", "KeyMarker", "text"),
      .init("UploadIdMarker", "UploadIdMarker", "text"),
      .init("NextKeyMarker", "NextKeyMarker", "text"), .init("Prefix", "Prefix", "text"),
      .init("Delimiter", "Delimiter", "text"),
      .init("NextUploadIdMarker", "NextUploadIdMarker", "text"),
      .init("MaxUploads", "MaxUploads", "number"), .init("IsTruncated", "IsTruncated", "boolean"),
      .init("Upload", "Uploads", "MultipartUploadList", flat: true),
      .init("CommonPrefixes", "CommonPrefixes", "CommonPrefixList", flat: true),
      .init("EncodingType", "EncodingType", "text"),
    ]),
    "ListObjectsV2Output": .object([
      .init("IsTruncated", "IsTruncated", "boolean"),
      .init("Contents", "Contents", "ObjectList", flat: true), .init("Name", "Name", "text"),
      .init("Prefix", "Prefix", "text"), .init("Delimiter", "Delimiter", "text"),
      .init("MaxKeys", "MaxKeys", "number"),
      .init("CommonPrefixes", "CommonPrefixes", "CommonPrefixList", flat: true),
      .init("EncodingType", "EncodingType", "text"), .init("KeyCount", "KeyCount", "number"),
      .init("ContinuationToken", "ContinuationToken", "text"),
      .init("NextContinuationToken", "NextContinuationToken", "text"),
      .init("StartAfter", "StartAfter", "text"),
    ]),
    "LocationInfo": .object([
      .init("Type", "Type", "text"), .init("Name", "Name", "text"),
    ]),
    "Metrics": .object([
      .init("Status", "Status", "text"),
      .init("EventThreshold", "EventThreshold", "ReplicationTimeValue"),
    ]),
    "MultipartUpload": .object([
      .init("UploadId", "UploadId", "text"), .init("Key", "Key", "text"),
      .init("Initiated", "Initiated", "text"), .init("StorageClass", "StorageClass", "text"),
      .init("Owner"), .init("Initiator"), .init("ChecksumAlgorithm", "ChecksumAlgorithm", "text"),
      .init("ChecksumType", "ChecksumType", "text"),
    ]),
    "MultipartUploadList": .list(item: "member", of: "MultipartUpload"),
    "NotificationConfiguration": .object([
      .init("TopicConfiguration", "TopicConfigurations", "TopicConfigurationList", flat: true),
      .init("QueueConfiguration", "QueueConfigurations", "QueueConfigurationList", flat: true),
      .init(
        "CloudFunctionConfiguration", "LambdaFunctionConfigurations",
        "LambdaFunctionConfigurationList", flat: true),
      .init("EventBridgeConfiguration"),
    ]),
    "NotificationConfigurationFilter": .object([
      .init("S3Key", "Key", "S3KeyFilter")
    ]),
    "Object": .object([
      .init("Key", "Key", "text"), .init("LastModified", "LastModified", "text"),
      .init("ETag", "ETag", "text"),
      .init("ChecksumAlgorithm", "ChecksumAlgorithm", "ChecksumAlgorithmList", flat: true),
      .init("ChecksumType", "ChecksumType", "text"), .init("Size", "Size", "number"),
      .init("StorageClass", "StorageClass", "text"), .init("Owner"), .init("RestoreStatus"),
    ]),
    "ObjectList": .list(item: "member", of: "Object"),
    "ObjectLockConfiguration": .object([
      .init("ObjectLockEnabled", "ObjectLockEnabled", "text"),
      .init("Rule", "Rule", "ObjectLockRule"),
    ]),
    "ObjectLockRetention": .object([
      .init("Mode", "Mode", "text"), .init("RetainUntilDate", "RetainUntilDate", "text"),
    ]),
    "ObjectLockRule": .object([
      .init("DefaultRetention")
    ]),
    "Owner": .object([
      .init("DisplayName", "DisplayName", "text"), .init("ID", "ID", "text"),
    ]),
    "PutObjectOutput": .object([]),
    "PutObjectRetentionOutput": .object([]),
    "QueueConfiguration": .object([
      .init("Id", "Id", "text"), .init("Queue", "QueueArn", "text"),
      .init("Event", "Events", "EventList", flat: true),
      .init("Filter", "Filter", "NotificationConfigurationFilter"),
    ]),
    "QueueConfigurationList": .list(item: "member", of: "QueueConfiguration"),
    "ReplicaModifications": .object([
      .init("Status", "Status", "text")
    ]),
    "ReplicationConfiguration": .object([
      .init("Role", "Role", "text"), .init("Rule", "Rules", "ReplicationRules", flat: true),
    ]),
    "ReplicationRule": .object([
      .init("ID", "ID", "text"), .init("Priority", "Priority", "number"),
      .init("Prefix", "Prefix", "text"), .init("Filter", "Filter", "ReplicationRuleFilter"),
      .init("Status", "Status", "text"), .init("SourceSelectionCriteria"),
      .init("ExistingObjectReplication"), .init("Destination"), .init("DeleteMarkerReplication"),
    ]),
    "ReplicationRuleAndOperator": .object([
      .init("Prefix", "Prefix", "text"), .init("Tag", "Tags", "TagSet", flat: true),
    ]),
    "ReplicationRuleFilter": .object([
      .init("Prefix", "Prefix", "text"), .init("Tag"),
      .init("And", "And", "ReplicationRuleAndOperator"),
    ]),
    "ReplicationRules": .list(item: "member", of: "ReplicationRule"),
    "ReplicationTime": .object([
      .init("Status", "Status", "text"), .init("Time", "Time", "ReplicationTimeValue"),
    ]),
    "ReplicationTimeValue": .object([
      .init("Minutes", "Minutes", "number")
    ]),
    "RestoreStatus": .object([
      .init("IsRestoreInProgress", "IsRestoreInProgress", "boolean"),
      .init("RestoreExpiryDate", "RestoreExpiryDate", "text"),
    ]),
    "S3KeyFilter": .object([
      .init("FilterRule", "FilterRules", "FilterRuleList", flat: true)
    ]),
    "SSEKMS": .object([
      .init("KeyId", "KeyId", "text")
    ]),
    "SSES3": .object([]),
    "ServerSideEncryptionByDefault": .object([
      .init("SSEAlgorithm", "SSEAlgorithm", "text"),
      .init("KMSMasterKeyID", "KMSMasterKeyID", "text"),
    ]),
    "ServerSideEncryptionConfiguration": .object([
      .init("Rule", "Rules", "ServerSideEncryptionRules", flat: true)
    ]),
    "ServerSideEncryptionRule": .object([
      .init(
        "ApplyServerSideEncryptionByDefault", "ApplyServerSideEncryptionByDefault",
        "ServerSideEncryptionByDefault"),
      .init("BucketKeyEnabled", "BucketKeyEnabled", "boolean"), .init("BlockedEncryptionTypes"),
    ]),
    "ServerSideEncryptionRules": .list(item: "member", of: "ServerSideEncryptionRule"),
    "SourceSelectionCriteria": .object([
      .init("SseKmsEncryptedObjects"), .init("ReplicaModifications"),
    ]),
    "SseKmsEncryptedObjects": .object([
      .init("Status", "Status", "text")
    ]),
    "Tag": .object([
      .init("Key", "Key", "text"), .init("Value", "Value", "text"),
    ]),
    "TagSet": .list(item: "Tag", of: "Tag"),
    "TopicConfiguration": .object([
      .init("Id", "Id", "text"), .init("Topic", "TopicArn", "text"),
      .init("Event", "Events", "EventList", flat: true),
      .init("Filter", "Filter", "NotificationConfigurationFilter"),
    ]),
    "TopicConfigurationList": .list(item: "member", of: "TopicConfiguration"),
    "UploadPartOutput": .object([]),
  ]
}
