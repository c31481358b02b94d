import CanonicalJSON
import MeshModel

/// The commands by which a person makes a resource share what it should be.
struct ShareCommands {
  private let region: String

  init(_ region: String) {
    self.region = region
  }

  /// - Parameters:
  ///   - body: the share as it should be.
  ///   - wanted: what of it two regions are compared by.
  func create(_ body: JSON, _ wanted: JSON) -> String {
    var input = wanted
    input["permissions"] = nil
    let arns = (wanted["permissions"]?.array ?? []).compactMap { $0["arn"]?.string }
    input["permissionArns"] = JSON(arns)
    input["name"] = body["name"]
    return CLICommand("ram create-resource-share", region: region)
      .option("cli-input-json", input).text
  }

  /// Shows what there is, takes away what is too much, and then gives what is missing.
  func change(_ arn: String, to wanted: JSON, from live: JSON) -> [String] {
    let show = CLICommand("ram get-resource-share-associations", region: region)
    let shown = ["PRINCIPAL", "RESOURCE"].map {
      show.option("association-type", $0).option("resource-share-arns", arn).text
    }
    return shown
      + [
        switchExternal(arn, to: wanted, from: live, off: true),
        associations("disassociate", live, without: wanted, arn),
      ].compactMap(\.self) + permissions(arn, to: wanted, from: live)
      + [
        associations("associate", wanted, without: live, arn),
        switchExternal(arn, to: wanted, from: live, off: false),
      ].compactMap(\.self) + tags(arn, to: wanted, from: live)
  }

  private func associations(
    _ verb: String, _ some: JSON, without others: JSON, _ arn: String
  ) -> String? {
    var input: JSON = ["resourceShareArn": .string(arn)]
    for list in ["principals", "resourceArns"] {
      let rest = Set((some[list] ?? []).strings).subtracting((others[list] ?? []).strings)
      if !rest.isEmpty { input[list] = JSON(rest.sorted()) }
    }
    guard (input.object ?? [:]).count > 1 else { return nil }
    return CLICommand("ram \(verb)-resource-share", region: region)
      .option("cli-input-json", input).text
  }

  /// A permission takes the place of the one that its type of resource has.
  private func permissions(_ arn: String, to wanted: JSON, from live: JSON) -> [String] {
    let present = live["permissions"]?.array ?? []
    return (wanted["permissions"]?.array ?? []).filter { !present.contains($0) }.map { permission in
      CLICommand("ram associate-resource-share-permission", region: region)
        .option("resource-share-arn", arn)
        .option("permission-arn", permission["arn"]?.string ?? "").text + " --replace"
    }
  }

  private func switchExternal(
    _ arn: String, to wanted: JSON, from live: JSON, off: Bool
  ) -> String? {
    let isWanted = wanted["allowExternalPrincipals"] == true
    guard wanted["allowExternalPrincipals"] != live["allowExternalPrincipals"], isWanted != off
    else { return nil }
    return CLICommand("ram update-resource-share", region: region)
      .option("resource-share-arn", arn).text
      + (isWanted ? " --allow-external-principals" : " --no-allow-external-principals")
  }

  private func tags(_ arn: String, to wanted: JSON, from live: JSON) -> [String] {
    let (have, want) = (live["tags"]?.array ?? [], wanted["tags"]?.array ?? [])
    let missing = want.filter { !have.contains($0) }
    let keys = Set(want.compactMap { $0["key"]?.string })
    let extra = have.compactMap { $0["key"]?.string }.filter { !keys.contains($0) }
    var commands: [String] = []
    if !missing.isEmpty {
      commands.append(
        CLICommand("ram tag-resource", region: region).option("resource-share-arn", arn)
          .option("tags", .array(missing)).text)
    }
    if !extra.isEmpty {
      commands.append(
        CLICommand("ram untag-resource", region: region).option("resource-share-arn", arn)
          .option("tag-keys", JSON(extra.sorted())).text)
    }
    return commands
  }
}
