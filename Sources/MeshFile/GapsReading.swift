import MeshModel

extension MeshFile {
  /// Data that the mesh's owners have decided to do without: what is measured of it is told, and does not
  /// count against the objective.
  public struct AcceptedGap: Sendable, Equatable {
    /// A location as `meshdr rpo` names it; everything below it is meant, too.
    public let location: String
    /// Why it can be done without.
    public let reason: String

    /// Whether a location lies in it.
    public func covers(_ other: String) -> Bool {
      other == location || other.hasPrefix(location.hasSuffix("/") ? location : location + "/")
    }
  }
}

/// Reads `accepted_gaps`: each has a reason.
func readGaps(_ node: YAMLNode, _ name: String) throws(Complaint) -> [MeshFile.AcceptedGap] {
  guard !node.isNull else { return [] }
  var gaps: [MeshFile.AcceptedGap] = []
  for element in try node.elements(name) {
    let fields = try Fields(element, section: name, keys: ["location", "reason"])
    let place = try fields.required("location")
    let location = try place.text("location")
    guard location.contains(where: { ":/".contains($0) }) else {
      throw Complaint(
        place.mark,
        "\"location\" must be one as meshdr rpo names it, such as s3://bucket/prefix/, "
          + "not \(place.found)")
    }
    guard !gaps.contains(where: { $0.location == location }) else {
      throw Complaint(place.mark, "\"\(shortened(location))\" stands twice in \"\(name)\"")
    }
    gaps.append(.init(location: location, reason: try fields.required("reason").text("reason")))
  }
  return gaps
}
