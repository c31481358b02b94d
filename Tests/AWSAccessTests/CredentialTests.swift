import CanonicalJSON
import Foundation
import Testing

@testable import AWSAccess

@Suite struct CredentialTests {
  private let folder: ScratchFolder
  private let clock = FakeClock()

  init() throws {
    folder = try ScratchFolder()
  }

  private func context(
    _ environment: [String: String], profile: String? = nil,
    sender: any AWSSender = ScriptedSender([]),
    answer: @escaping @Sendable (HTTPRequest) throws -> HTTPResponse = { _ in
      throw HTTPFailure(code: 7, message: "nobody", mayHaveBeenSent: false, canPass: true)
    }
  ) -> CredentialContext {
    var environment = environment
    environment["HOME"] = folder.path
    return CredentialContext(
      environment: environment, files: ProfileFiles(environment: environment), profile: profile,
      transport: FakeTransport(answer: answer), clock: clock, sender: sender,
      region: AWSRegion("eu-west-1"), sessionName: "meshdr-test")
  }

  private func found(_ context: CredentialContext) async throws -> AWSCredentials {
    try await CredentialChain(context: context).credentials()
  }

  private func message(_ context: CredentialContext) async -> String {
    do {
      _ = try await found(context)
      return ""
    } catch {
      return (error as? AWSFailure)?.message ?? "\(error)"
    }
  }

  private static let stsAnswer =
    "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId>"
    + "<SecretAccessKey>sts-secret</SecretAccessKey><SessionToken>sts-token</SessionToken>"
    + "<Expiration>2027-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult>"
    + "</AssumeRoleResponse>"

  private func sts() -> ScriptedSender {
    ScriptedSender(
      (0..<4).map { _ in
        { call in
          let name = call.operation.name
          return .json(Self.stsAnswer.replacingOccurrences(of: "AssumeRoleRe", with: "\(name)Re"))
        }
      })
  }

  @Test func keysOfTheEnvironment() async throws {
    let context = context([
      "AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "",
    ])
    let keys = try await found(context)
    #expect(keys == AWSCredentials(accessKeyID: "AKIA", secretAccessKey: "secret"))
    let half = await message(self.context(["AWS_ACCESS_KEY_ID": "AKIA"]))
    #expect(half.contains("AWS_SECRET_ACCESS_KEY"))
  }

  @Test func webIdentity() async throws {
    let sts = sts()
    let file = try folder.write("token", "jwt\n")
    let keys = try await found(
      context(
        ["AWS_WEB_IDENTITY_TOKEN_FILE": file, "AWS_ROLE_ARN": "arn:r"], sender: sts))
    #expect(keys.accessKeyID == "ASIA" && keys.sessionToken == "sts-token")
    #expect(keys.expiration == 1_798_761_600)
    let call = sts.calls[0]
    #expect(call.operation.name == "AssumeRoleWithWebIdentity" && call.credentials == nil)
    #expect(call.input["WebIdentityToken"] == "jwt" && call.region.name == "eu-west-1")
  }

  @Test func profilesOfBothFiles() async throws {
    _ = try folder.write(
      ".aws/config",
      """
      # a comment
      [default]
      region = us-east-2
      [profile work] ; another
      aws_access_key_id = CONFIG
      aws_secret_access_key = config#secret ; not this
      s3 =
        aws_access_key_id = NESTED
      """)
    _ = try folder.write(
      ".aws/credentials", "[default]\naws_access_key_id=FILE\naws_secret_access_key=s\n")
    #expect(try await found(context([:])).accessKeyID == "FILE")
    let work = try await found(context(["AWS_PROFILE": "work"]))
    #expect(work.accessKeyID == "CONFIG" && work.secretAccessKey == "config#secret")
    // A profile asked for by name comes before keys in the environment; AWS_PROFILE does not.
    let keys = ["AWS_ACCESS_KEY_ID": "ENV", "AWS_SECRET_ACCESS_KEY": "s", "AWS_PROFILE": "work"]
    #expect(try await found(context(keys)).accessKeyID == "ENV")
    #expect(try await found(context(keys, profile: "work")).accessKeyID == "CONFIG")
    #expect(await message(context(["AWS_PROFILE": "none"])).contains("none"))
  }

  @Test func rolesOfProfiles() async throws {
    _ = try folder.write(
      ".aws/config",
      """
      [profile base]
      aws_access_key_id = BASE
      aws_secret_access_key = s
      [profile middle]
      role_arn = arn:middle
      source_profile = base
      [profile top]
      role_arn = arn:top
      source_profile = middle
      external_id = shared
      duration_seconds = 900
      """)
    let sts = sts()
    #expect(try await found(context(["AWS_PROFILE": "top"], sender: sts)).accessKeyID == "ASIA")
    #expect(sts.calls.map { $0.input["RoleArn"] } == ["arn:middle", "arn:top"])
    #expect(try await sts.calls[0].credentials?.credentials().accessKeyID == "BASE")
    #expect(try await sts.calls[1].credentials?.credentials().accessKeyID == "ASIA")
    #expect(sts.calls[1].input["ExternalId"] == "shared")
    #expect(sts.calls[1].input["DurationSeconds"] == 900)
    #expect(sts.calls[0].input["RoleSessionName"] == "meshdr-test")
  }

  @Test func profilesThatCannotWorkSayWhy() async throws {
    _ = try folder.write(
      ".aws/config",
      """
      [profile mfa]
      role_arn = arn:r
      source_profile = mfa
      mfa_serial = arn:aws:iam::1:mfa/me
      [profile a]
      role_arn = arn:a
      source_profile = b
      [profile b]
      role_arn = arn:b
      source_profile = a
      [profile lonely]
      role_arn = arn:r
      """)
    let mfa = await message(context(["AWS_PROFILE": "mfa"]))
    #expect(mfa.contains("arn:aws:iam::1:mfa/me") && mfa.contains("get-session-token"))
    #expect(await message(context(["AWS_PROFILE": "a"])).contains("a → b → a"))
    #expect(await message(context(["AWS_PROFILE": "lonely"])).contains("source_profile"))
  }

  @Test func programsThatPrintCredentials() async throws {
    let script = try folder.write(
      "my tool",
      "#!/bin/sh\necho \"{\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"$1\\\","
        + "\\\"SecretAccessKey\\\":\\\"s\\\"}\"\n", mode: 0o700)
    _ = try folder.write(
      ".aws/config",
      "[default]\ncredential_process = \"\(script)\" 'A B'\n[profile bad]\n"
        + "credential_process = /bin/false\n")
    #expect(try await found(context([:])).accessKeyID == "A B")
    #expect(await message(context(["AWS_PROFILE": "bad"])).contains("/bin/false"))
    #expect(
      ProcessCredentials.words(of: #"a "b c" d\ e 'f"g' """#) == ["a", "b c", "d e", "f\"g", ""])
  }

  @Test func singleSignOn() async throws {
    _ = try folder.write(
      ".aws/config",
      """
      [profile sso]
      sso_session = corp
      sso_account_id = 111111111111
      sso_role_name = Reader
      [sso-session corp]
      sso_start_url = https://corp.test/start
      sso_region = eu-central-1
      """)
    let name = Digest.hex(Digest.sha1(Array("corp".utf8)))
    let end = "2026-12-31T00:00:00Z"
    _ = try folder.write(
      ".aws/sso/cache/\(name).json", #"{"accessToken":"sso-token","expiresAt":"\#(end)"}"#)
    let context = context(["AWS_PROFILE": "sso"]) { request in
      #expect(request.headers["x-amz-sso_bearer_token"] == "sso-token")
      #expect(request.url.hasPrefix("https://portal.sso.eu-central-1.amazonaws.com/federation/"))
      return .text(
        #"{"roleCredentials":{"accessKeyId":"SSO","secretAccessKey":"s","sessionToken":"t","#
          + #""expiration":1790003600000}}"#)
    }
    let keys = try await found(context)
    #expect(keys.accessKeyID == "SSO" && keys.expiration == 1_790_003_600)
  }

  @Test func aLoginThatHasRunOutIsHandedToTheCLI() async throws {
    _ = try folder.write(
      ".aws/config",
      "[profile sso]\nsso_start_url = https://c\nsso_region = eu-central-1\n"
        + "sso_account_id = 1\nsso_role_name = R\n")
    #expect(
      await message(context(["AWS_PROFILE": "sso", "PATH": folder.path])).contains("aws sso login"))
    _ = try folder.write(
      "aws",
      "#!/bin/sh\n[ \"$*\" = 'configure export-credentials --profile sso --format process' ]"
        + " && echo '{\"Version\":1,\"AccessKeyId\":\"CLI\",\"SecretAccessKey\":\"s\"}'\n",
      mode: 0o700)
    let path = "\(folder.path):/usr/bin:/bin"
    #expect(
      try await found(context(["AWS_PROFILE": "sso", "PATH": path])).accessKeyID == "CLI")
  }

  private static let endpointAnswer =
    #"{"AccessKeyId":"HTTP","SecretAccessKey":"s","Token":"t","#
    + #""Expiration":"2026-11-23T03:00:00Z"}"#

  @Test func containers() async throws {
    let file = try folder.write("pod", "pod-token\n")
    let pod = context([
      "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": file,
    ]) { request in
      #expect(request.headers["Authorization"] == "pod-token" && request.direct)
      return .text(Self.endpointAnswer)
    }
    #expect(try await found(pod).expiration == 1_795_402_800)
    let task = context(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/c"]) { request in
      #expect(request.url == "http://169.254.170.2/v2/c")
      return .text(Self.endpointAnswer)
    }
    #expect(try await found(task).accessKeyID == "HTTP")
  }

  @Test(arguments: [
    "http://evil.test/", "http://127.0.0.1.evil.test/", "http://localhost@evil.test/",
    "http://169.254.170.2@evil.test/", "ftp://localhost/",
  ])
  func credentialsAreNotFetchedOpenlyFromAfar(url: String) async {
    let context = context(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]) { _ in
      .text(Self.endpointAnswer)
    }
    #expect(await message(context).contains("TLS"))
  }

  @Test func instances() async throws {
    let server = try LocalServer { connection, request in
      let words = request.head.split(separator: " ")
      let base = "/latest/meta-data/iam/security-credentials/"
      switch (words[0], request.target) {
      case ("PUT", "/latest/api/token"): connection.answer("imds-token")
      case ("GET", base) where request.head.contains("imds-token"): connection.answer("my-role\n")
      case ("GET", base + "my-role"): connection.answer(Self.endpointAnswer)
      default: connection.answer("", status: "404 Not Found")
      }
    }
    defer { server.stop() }
    let transport = CurlTransport()
    defer { transport.shutdown() }
    let environment = ["HOME": folder.path, "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url + "/"]
    let context = CredentialContext(
      environment: environment, files: ProfileFiles(environment: environment), profile: nil,
      transport: transport, clock: clock, sender: ScriptedSender([]),
      region: AWSRegion("eu-west-1"), sessionName: "s")
    #expect(try await found(context).accessKeyID == "HTTP")
    #expect(server.requests.count == 3)
  }

  @Test func nothingAnywhere() async {
    #expect(await message(context([:])).contains("no credentials"))
    let off = context(["AWS_EC2_METADATA_DISABLED": "true"]) { _ in
      Issue.record("the metadata service was asked")
      return .text("")
    }
    #expect(await message(off).contains("no credentials"))
  }
}
