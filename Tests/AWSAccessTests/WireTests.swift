import CanonicalJSON
import Testing

@testable import AWSAccess

@Suite struct WireTests {
  private func encode(
    _ operation: AWSOperation, _ input: JSON, body: [UInt8]? = nil,
    endpoints: AWSEndpoints = AWSEndpoints()
  ) throws -> WireRequest {
    let call = AWSCall(operation, region: AWSRegion("eu-west-1"), input: input, body: body)
    let endpoint = try endpoints.endpoint(of: operation.service, in: call.region)
    return try RequestEncoder.encode(call, to: endpoint)
  }

  private func text(_ request: WireRequest) -> String {
    String(decoding: request.body, as: UTF8.self)
  }

  @Test func targetsOfJSONServices() throws {
    let request = try encode(.glueGetTables, ["DatabaseName": "sales", "MaxResults": 100])
    #expect(request.url == "https://glue.eu-west-1.amazonaws.com/")
    #expect(request.headers["X-Amz-Target"] == "AWSGlue.GetTables")
    #expect(request.headers["Content-Type"] == "application/x-amz-json-1.1")
    #expect(text(request) == #"{"DatabaseName":"sales","MaxResults":100}"#)
    let metrics = try encode(.cloudWatchGetMetricData, [:])
    #expect(metrics.headers["Content-Type"] == "application/x-amz-json-1.0")
  }

  @Test func membersOfRESTJSONServices() throws {
    let list = try encode(.lakeFormationListPermissions, ["MaxResults": 5])
    #expect(list.url == "https://lakeformation.eu-west-1.amazonaws.com/ListPermissions")
    #expect(text(list) == #"{"MaxResults":5}"#)
    #expect(list.headers["Content-Type"] == "application/json")
    let empty = try encode(.lakeFormationGetDataLakeSettings, [:])
    #expect(text(empty) == "{}")
    let delete = try encode(.ramDeleteResourceShare, ["resourceShareArn": "arn:aws:ram:x"])
    #expect(delete.method == "DELETE" && delete.body.isEmpty)
    #expect(delete.url.hasSuffix("/deleteresourceshare?resourceShareArn=arn%3Aaws%3Aram%3Ax"))
  }

  @Test func formsOfQueryServices() throws {
    let request = try encode(
      .iamSimulatePrincipalPolicy,
      ["PolicySourceArn": "arn:a b", "ActionNames": ["s3:Get*", "x"], "MaxItems": 3])
    #expect(
      text(request)
        == "Action=SimulatePrincipalPolicy&Version=2010-05-08&ActionNames.member.1=s3%3AGet%2A"
        + "&ActionNames.member.2=x&MaxItems=3&PolicySourceArn=arn%3Aa%20b")
    #expect(request.url == "https://iam.amazonaws.com/")
  }

  @Test(arguments: [
    ("plain", "/plain"), ("a b/c=d+e%f", "/a%20b/c%3Dd%2Be%25f"), ("é/日", "/%C3%A9/%E6%97%A5"),
    ("../x//y", "/../x//y"),
  ])
  func objectKeys(key: String, path: String) throws {
    let input: JSON = ["Bucket": "b", "Key": .string(key)]
    let request = try encode(.s3GetObject, input)
    #expect(request.host == "b.s3.eu-west-1.amazonaws.com")
    #expect(request.path == path)
    let local = try encode(
      .s3GetObject, input, endpoints: AWSEndpoints(override: "http://localhost:1"))
    #expect(local.url == "http://localhost:1/b\(path)")
  }

  @Test func bucketsWithDotsStandInThePath() throws {
    let request = try encode(.s3GetBucketReplication, ["Bucket": "a.b"])
    #expect(request.url == "https://s3.eu-west-1.amazonaws.com/a.b?replication=")
    #expect(throws: AWSFailure.self) { try encode(.s3GetBucketReplication, [:]) }
    #expect(throws: AWSFailure.self) { try encode(.s3GetObject, ["Bucket": "b", "Key": ""]) }
  }

  @Test func headersAndBytesOfObjects() throws {
    let request = try encode(
      .s3PutObject,
      ["Bucket": "b", "Key": "k", "IfNoneMatch": "*", "Metadata": ["Run": "7"]], body: [1, 2])
    #expect(request.headers["If-None-Match"] == "*" && request.headers["x-amz-meta-run"] == "7")
    // Posted data without a type of its own would be taken for a form.
    #expect(request.headers["Content-Type"] == "application/octet-stream")
    #expect(request.body == [1, 2])
  }

  @Test func partsOfAnUploadAsXML() throws {
    let parts: JSON = ["Parts": [["PartNumber": 1, "ETag": "\"a&<\""], ["PartNumber": 2]]]
    let request = try encode(
      .s3CompleteMultipartUpload,
      ["Bucket": "b", "Key": "k", "UploadId": "u/1", "MultipartUpload": parts])
    #expect(request.encodedQuery == "uploadId=u%2F1")
    #expect(
      text(request)
        == "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
        + "<Part><ETag>&quot;a&amp;&lt;&quot;</ETag><PartNumber>1</PartNumber></Part>"
        + "<Part><PartNumber>2</PartNumber></Part></CompleteMultipartUpload>")
  }

  private func decode(_ operation: AWSOperation, _ reply: AWSReply) throws -> JSON {
    let call = AWSCall(operation, region: AWSRegion("eu-west-1"))
    guard case .value(let value)? = try ReplyDecoder.content(of: reply, to: call) else {
      return .null
    }
    return value
  }

  @Test func replicationRulesKeepTheirShape() throws {
    let body =
      "<?xml version=\"1.0\"?><ReplicationConfiguration><Role>arn:r</Role><Rule><ID>one</ID>"
      + "<Priority>1</Priority><Status>Enabled</Status><Filter><Prefix>a/</Prefix></Filter>"
      + "<Destination><Bucket>arn:aws:s3:::d</Bucket><ReplicationTime><Status>Enabled</Status>"
      + "<Time><Minutes>15</Minutes></Time></ReplicationTime></Destination></Rule>"
      + "<Rule><Filter><And><Prefix>b</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter>"
      + "</Rule></ReplicationConfiguration>"
    let value = try decode(.s3GetBucketReplication, .json(body))
    let rules = value["ReplicationConfiguration"]?["Rules"]?.array
    #expect(rules?.count == 2)
    #expect(rules?[0]["Priority"] == 1 && rules?[0]["Filter"] == ["Prefix": "a/"])
    #expect(
      rules?[0]["Destination"]?["ReplicationTime"]
        == ["Status": "Enabled", "Time": ["Minutes": 15]])
    #expect(
      rules?[1]["Filter"]
        == ["And": ["Prefix": "b", "Tags": [["Key": "k", "Value": "v"]]]])
  }

  @Test func answersOfQueryServices() throws {
    let body =
      "<ListRolesResponse><ListRolesResult><IsTruncated>true</IsTruncated><Marker>m</Marker><Roles>"
      + "<member><RoleName>a</RoleName><MaxSessionDuration>3600</MaxSessionDuration></member>"
      + "</Roles></ListRolesResult></ListRolesResponse>"
    let value = try decode(.iamListRoles, .json(body))
    #expect(value["IsTruncated"] == true && value["Marker"] == "m")
    #expect(value["Roles"] == [["RoleName": "a", "MaxSessionDuration": 3600]])
    let none = "<ListRolesResponse><ListRolesResult><Roles/></ListRolesResult></ListRolesResponse>"
    #expect(try decode(.iamListRoles, .json(none)) == ["Roles": []])
  }

  @Test func answersWithoutABody() throws {
    #expect(try decode(.glueDeleteTable, AWSReply()) == [:])
    for operation in [AWSOperation.glueGetTable, .glueBatchCreatePartition, .stsAssumeRole] {
      #expect(throws: AWSFailure.self) { try decode(operation, AWSReply()) }
    }
  }

  @Test func headersOfObjectsAreMembers() throws {
    let reply = AWSReply(headers: [
      ("ETag", "\"e\""), ("x-amz-replication-status", "PENDING"), ("X-Amz-Meta-Run", "7"),
    ])
    let value = try decode(.s3HeadObject, reply)
    #expect(value["ETag"] == "\"e\"" && value["ReplicationStatus"] == "PENDING")
    #expect(value["Metadata"] == ["run": "7"])
  }

  @Test func writableMembersLeaveOutWhatAWSSets() {
    for name in ["CreateTime", "UpdateTime", "DatabaseName", "VersionId", "CatalogId"] {
      #expect(!AWSShape.tableInput.contains(name))
    }
    #expect(AWSShape.tableInput.contains("StorageDescriptor"))
    #expect(!AWSShape.dataCellsFilter.contains("VersionId"))
    #expect(!AWSShape.partitionInput.contains("CreationTime"))
  }
}
