/// How snapshots are named: `20261123T020000Z-3f9a1c2b`, the recovery point to the second and
/// eight hexadecimal digits that tell apart two snapshots of one second. Ids sort as time does.
public enum SnapshotID {
  /// - Parameter suffix: chosen at random by the caller; two snapshots of one second must differ
  ///   in it.
  public static func make(recoveryPoint: UTCTime, suffix: UInt32) -> String {
    let digits = String(suffix, radix: 16)
    return recoveryPoint.compact + "-" + String(repeating: "0", count: 8 - digits.count) + digits
  }

  /// The id that a text stands for which many machines are given: an id, or a moment, of which every
  /// one of them makes the same id.
  /// - Parameters:
  ///   - text: `20261123T020000Z-3f9a1c2b`, `20261123T020000Z` or `2026-11-23T02:00Z`.
  ///   - mesh: the mesh's name: two meshes of one store don't get the same id.
  /// - Throws: `ArchiveError` (`.invalid`).
  public static func named(_ text: String, mesh: String) throws -> String {
    if isValid(text), recoveryPoint(text) != nil { return text }
    guard let moment = UTCTime(compact: text) ?? UTCTime(text) else {
      throw ArchiveError(
        .invalid,
        "“\(text)” names no snapshot to be: give a moment such as 2026-11-23T02:00Z, or an "
          + "id such as 20261123T020000Z-3f9a1c2b")
    }
    let digest = SHA256.digest(Array("\(mesh) \(moment.compact)".utf8))
    return make(recoveryPoint: moment, suffix: UInt32(digest.prefix(8), radix: 16) ?? 0)
  }

  /// Whether a text has the form of an id.
  public static func isValid(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count == 25, bytes[8] == UInt8(ascii: "T"), bytes[15] == UInt8(ascii: "Z"),
      bytes[16] == UInt8(ascii: "-")
    else { return false }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return (bytes[..<8] + bytes[9..<15]).allSatisfy(digits.contains)
      && bytes[17...].allSatisfy(isHexadecimal)
  }

  /// The name of a snapshot's manifest in the store.
  static func blobName(_ id: String) -> String { "snapshots/\(id).json" }

  /// The id in a manifest's name; nil for the names of other things.
  static func id(ofBlob name: String) -> String? {
    guard name.hasPrefix("snapshots/"), name.hasSuffix(".json") else { return nil }
    let id = String(name.dropFirst("snapshots/".count).dropLast(".json".count))
    return isValid(id) ? id : nil
  }
}
