import MeshModel

/// A pack that is whole and in no store yet.
struct BuiltPack {
  let content: BlobContent
  let description: ManifestPack
}

/// Cuts one group's records into packs. Where it cuts depends on the records alone: on their
/// keys, mostly, so that a change in one place leaves the packs behind it as they were.
struct PackBuilder<Records: RawRecordStream> {
  private let group: PackGroup
  private let limits: PackLimits
  private let scratchDirectory: String
  private var ahead: RawRecord?
  private var begun = false
  private var last: RawRecord?

  init(_ group: PackGroup, _ limits: PackLimits, scratchDirectory: String) {
    self.group = group
    self.limits = limits
    self.scratchDirectory = scratchDirectory
  }

  /// The next pack; nil when all records are in packs.
  /// - Throws: `ArchiveError` (`.conflict`) for records out of order or of another group, (`.io`),
  ///   and what the records throw.
  mutating func next(_ records: inout Records) throws -> BuiltPack? {
    if !begun { ahead = try records.nextRaw() }
    begun = true
    guard var record = ahead else { return nil }
    let pack = try OpenPack(group, scratchDirectory: scratchDirectory)
    var size = 0
    while true {
      try checkOrder(record)
      size += RecordLine.sizeWithoutEscapes(record)
      try pack.append(record)
      ahead = try records.nextRaw()
      guard let following = ahead, !limits.endsPack(of: size, before: following) else { break }
      record = following
    }
    return try pack.finish()
  }

  private mutating func checkOrder(_ record: RawRecord) throws {
    if let last, !last.hasKey(before: record) {
      throw ArchiveError(
        .conflict, "\(try record.key()) comes behind \(try last.key()), but should be greater")
    }
    last = record
  }
}

/// How large packs become, in bytes of lines before they are compressed.
struct PackLimits: Sendable {
  /// No pack is larger, unless it holds a single record.
  let maximum: Int

  /// No pack of a group that needs several is smaller, but for the last.
  private var minimum: Int { maximum / 8 }
  /// What lies between the least size and a cut, on average.
  private var stretch: Int { maximum / 4 }

  /// Whether a pack of `size` bytes is to end before `record`. A record begins a new pack with a
  /// probability proportional to its size, drawn from its key.
  func endsPack(of size: Int, before record: RawRecord) -> Bool {
    let added = RecordLine.sizeWithoutEscapes(record)
    if size + added > maximum { return true }
    guard size >= minimum else { return false }
    let draw = mixedHash(record.keyBytes) >> 32
    return Double(draw) / 4_294_967_296 * Double(max(stretch, 1)) < Double(added)
  }
}

/// FNV-1a, and a last step that spreads it over all bits.
private func mixedHash(_ text: UnsafeBufferPointer<UInt8>) -> UInt64 {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  hash ^= hash >> 33
  hash = hash &* 0xff51_afd7_ed55_8ccd
  return hash ^ hash >> 33
}
