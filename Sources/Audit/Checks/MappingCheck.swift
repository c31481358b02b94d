import MeshModel

/// Everything that names a bucket or a key of the primary has a counterpart in the secondary.
struct MappingCheck: AuditCheck {
  func findings(_ facts: AuditFacts) -> [Finding] {
    let problems = facts.snapshot?.digest.unmapped ?? []
    let byName = Dictionary(grouping: problems, by: \.name)
    return byName.sorted { $0.key < $1.key }.map { name, problems in
      let names = Set(problems.map(\.key.name)).sorted()
      let more = names.count > 3 ? " and \(names.count - 3) more" : ""
      return Finding(
        .blocker, "no-counterpart", name,
        "\(problems[0].message); needed by \(names.prefix(3).joined(separator: ", "))\(more)",
        remedy: "replicate it, or name its counterpart under mapping: in the mesh file")
    }
  }
}
