import MeshModel

private typealias Accounts = MeshFile.Accounts

/// Reads the section `accounts`.
func readAccounts(_ node: YAMLNode) throws(Complaint) -> MeshFile.Accounts {
  let keys = ["from", "units", "exclude", "list", "reader_role", "restorer_role"]
  let fields = try Fields(node, section: "accounts", keys: keys)
  let list = try fields.optional("list", readList) ?? []
  let from = try fields.optional("from", readSource)
  let units = try fields.optional("units") { (node, name) throws(Complaint) in
    try node.texts(name)
  }
  let accounts = Accounts(
    from: from ?? (fields["list"] == nil ? .organization : .list),
    units: units ?? [],
    unitMarks: try fields["units"]?.elements("units").map(\.mark) ?? [],
    mark: (fields["from"] ?? node).mark,
    exclude: try fields.optional("exclude", readIDs) ?? [],
    list: list,
    readerRole: try fields.optional("reader_role", readRole) ?? nil,
    restorerRole: try fields.optional("restorer_role", readRole) ?? nil)
  if accounts.from == .list && accounts.listed.isEmpty {
    let why = list.isEmpty ? "the list holds none" : "\"exclude\" leaves none of the list"
    let place = fields["list"] ?? fields["from"] ?? node
    throw Complaint(place.mark, "\"accounts\" comes from a list, but \(why)")
  }
  return accounts
}

private func readSource(_ node: YAMLNode, _ name: String) throws(Complaint) -> Accounts.Source {
  guard let source = Accounts.Source(rawValue: try node.text(name)) else {
    throw Complaint(node.mark, "\"from\" must be organization or list, not \(node.found)")
  }
  return source
}

/// A role's name, with its path if it has one; nil where it was left empty.
func readRole(_ node: YAMLNode, _ name: String) throws(Complaint) -> String? {
  if node.isNull { return nil }
  if case .scalar("", _) = node.content { return nil }
  let text = try node.text(name)
  let allowed = Set("+=,.@_-/")
  guard text.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || allowed.contains($0)) })
  else {
    let hint = text.hasPrefix("arn:") ? "; it is assumed in each account, so no ARN can do" : ""
    throw Complaint(node.mark, "\"\(name)\" must be a role's name, not \(node.found)\(hint)")
  }
  return text
}

private func readIDs(_ node: YAMLNode, _ name: String) throws(Complaint) -> [String] {
  try node.texts(name) { (node, _) throws(Complaint) in _ = try readID(node, name) }
}

private func readList(_ node: YAMLNode, _ name: String) throws(Complaint) -> [MeshFile.Account] {
  var accounts: [MeshFile.Account] = []
  var lines: [String: Int] = [:]
  for element in try node.elements(name) {
    let fields = try Fields(element, section: "accounts.list", keys: ["id", "name"])
    let idNode = try fields.required("id")
    let id = try readID(idNode, "id")
    let nameNode = fields["name"] ?? idNode
    let name = try nameNode.text("name")
    if name != id && isAccountID(name) {
      throw Complaint(nameNode.mark, "name \"\(name)\" is the id of another account")
    }
    for (what, text, mark) in [("id", id, idNode.mark), ("name", name, nameNode.mark)] {
      if let line = lines["\(what) \(text)"] {
        throw Complaint(mark, "account \(what) \"\(text)\" stands twice, first in line \(line)")
      }
      lines["\(what) \(text)"] = mark.line
    }
    accounts.append(.init(id: id, name: name))
  }
  return accounts
}

private func readID(_ node: YAMLNode, _ name: String) throws(Complaint) -> String {
  let text = try node.text(name)
  guard !isAccountID(text) else { return text }
  throw Complaint(
    node.mark, "account id \(node.found) is not twelve digits\(hint(forBadID: node, text))")
}

func hint(forBadID node: YAMLNode, _ text: String) -> String {
  let digits = text.filter { $0.isASCII && $0.isNumber }
  if digits.count == 12 && text.allSatisfy({ digits.contains($0) || "- _".contains($0) }) {
    return "; write it as \"\(digits)\""
  }
  guard digits == text, digits.count < 12, case .scalar(_, plain: true) = node.content else {
    return ""
  }
  let whole = String(repeating: "0", count: 12 - digits.count) + digits
  return "; if it lost its leading zeros, write it in quotes: \"\(whole)\""
}
