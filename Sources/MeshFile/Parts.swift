import MeshModel

/// The mesh file's fields while they are read; each reader checks one section.
struct Parts {
  let mesh: String
  let primary: String
  let secondary: String?
  let stores: [MeshFile.Store]
  let signing: MeshFile.Signing?
  let accounts: MeshFile.Accounts
  let objectives: MeshFile.Objectives
  let retention: MeshFile.Retention?
  let priority: [Selector]
  let mapping: MeshFile.Overrides
  let capture: MeshFile.Capture
  let drill: MeshFile.Drill
  let acceptedGaps: [MeshFile.AcceptedGap]

  private static let keys = [
    "mesh", "primary", "secondary", "store", "accounts", "objectives", "retention", "priority",
    "mapping", "capture", "signing", "drill", "accepted_gaps",
  ]

  init(_ node: YAMLNode) throws(Complaint) {
    let fields = try Fields(node, section: nil, keys: Self.keys)
    mesh = try fields.required("mesh").text("mesh")
    primary = try readRegion(fields.required("primary"), "primary")
    secondary = try fields.optional("secondary", readRegion)
    if let node = fields["secondary"], secondary == primary {
      throw Complaint(node.mark, "\"secondary\" is the primary region; it must be another one")
    }
    stores = try fields.optional("store", readStores) ?? []
    accounts = try readAccounts(fields.required("accounts"))
    objectives = try readObjectives(fields["objectives"])
    retention = try fields.optional("retention", readRetention) ?? nil
    priority = try fields.optional("priority", readSelectors) ?? []
    mapping = try readOverrides(fields["mapping"])
    capture = try readCapture(fields["capture"])
    signing = try fields.optional("signing", readSigning)
    if let signing, let node = fields["signing"], signing.region == primary {
      throw Complaint(
        node.mark,
        "\"signing\" has a key in the primary region; what goes on elsewhere when that "
          + "is lost could not be signed")
    }
    drill = try readDrill(fields["drill"], accounts, mapping)
    acceptedGaps = try fields.optional("accepted_gaps", readGaps) ?? []
  }
}

func readRegion(_ node: YAMLNode, _ name: String) throws(Complaint) -> String {
  let text = try node.text(name)
  guard !isRegionName(text) else { return text }
  let region = String(text.dropLast())
  let hint =
    text.last?.isLetter == true && isRegionName(region)
    ? "; \"\(text)\" names a zone of \"\(region)\"" : ", such as us-east-1"
  throw Complaint(
    node.mark, "\"\(name)\" must be the name of a region\(hint), not \(node.found)")
}

private func readObjectives(_ node: YAMLNode?) throws(Complaint) -> MeshFile.Objectives {
  guard let node else { return .init(rpo: nil, rto: nil) }
  let fields = try Fields(node, section: "objectives", keys: ["rpo", "rto"])
  return .init(
    rpo: try fields.optional("rpo", readDuration), rto: try fields.optional("rto", readDuration))
}

func readDuration(_ node: YAMLNode, _ name: String) throws(Complaint) -> Int {
  guard case .scalar = node.content, !node.isNull, let seconds = seconds(in: try node.text(name))
  else {
    let forms = "a duration above zero such as 90s, 15m, 2h, 1d or 1h30m"
    throw Complaint(node.mark, "\"\(name)\" must be \(forms), not \(node.found)")
  }
  return seconds
}

private func readRetention(
  _ node: YAMLNode, _ name: String
) throws(Complaint) -> MeshFile.Retention? {
  guard !node.isNull else { return nil }
  let keys = ["last", "daily", "weekly", "monthly", "yearly"]
  let fields = try Fields(node, section: name, keys: keys)
  let counts = try keys.map { (key) throws(Complaint) in
    try fields.optional(key) { (node, name) throws(Complaint) in try node.count(name) } ?? 0
  }
  guard counts.contains(where: { $0 > 0 }) else {
    throw Complaint(
      node.mark, "\"retention\" would keep no snapshot; leave it out to keep every one")
  }
  return .init(
    last: counts[0], daily: counts[1], weekly: counts[2], monthly: counts[3], yearly: counts[4])
}

private func readSelectors(_ node: YAMLNode, _ name: String) throws(Complaint) -> [Selector] {
  func selector(_ text: String) -> Selector? {
    switch Selector(text) {
    case nil, .kind: nil
    case let selector: selector
    }
  }
  let texts = try node.texts(name) { (node, text) throws(Complaint) in
    guard selector(text) == nil else { return }
    throw Complaint(
      node.mark, "\"\(name)\" takes databases and database.table, not \(node.found)")
  }
  return texts.compactMap(selector)
}

private func readCapture(_ node: YAMLNode?) throws(Complaint) -> MeshFile.Capture {
  guard let node else { return .none }
  let fields = try Fields(
    node, section: "capture", keys: ["partition_statistics", "table_versions"])
  return .init(
    partitionStatistics: try fields.optional("partition_statistics", readSelectors) ?? [],
    tableVersions: try fields.optional("table_versions") { (node, name) throws(Complaint) in
      try node.count(name)
    } ?? 0)
}

private func readOverrides(_ node: YAMLNode?) throws(Complaint) -> MeshFile.Overrides {
  let nothing = YAMLNode(mark: .start, content: .scalar("", plain: true))
  let fields = try Fields(
    node ?? nothing, section: "mapping", keys: ["buckets", "kms", "principals", "accounts"])
  func pairs(
    _ key: String, _ what: String, _ holds: (String) -> Bool
  ) throws(Complaint) -> [String: String] {
    try fields[key]?.pairs(key) { (mark, text) throws(Complaint) in
      guard !holds(text) else { return }
      throw Complaint(mark, "\"\(key)\" maps \(what), not \"\(shortened(text))\"")
    } ?? [:]
  }
  return .init(
    buckets: try pairs("buckets", "names of buckets", isBucketName),
    kms: try pairs("kms", "key ids, aliases and ARNs") { !$0.contains(where: \.isWhitespace) },
    principals: try pairs("principals", "ARNs and account ids", isPrincipal),
    accounts: try pairs("accounts", "account ids of twelve digits", isAccountID))
}
