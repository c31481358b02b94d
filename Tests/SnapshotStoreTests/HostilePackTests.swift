import CArchive
import CanonicalJSON
import Foundation
import MeshModel
import Testing

@testable import SnapshotStore

/// Packs whose digest is right and whose contents are not.
@Suite struct HostilePackTests {
  private let group = PackGroup(account: "1", database: "d")
  private let scratch: TemporaryFolder

  init() throws {
    scratch = try TemporaryFolder()
  }

  private func lines(_ records: [Record]) -> [UInt8] {
    var lines: [UInt8] = []
    for record in records { RecordLine.append(record, to: &lines) }
    return lines
  }

  private func records(_ count: Int) -> [Record] {
    (0..<count).map { record("1", table, ["d", "t\($0)"]) }
  }

  private func member(_ content: [UInt8], count: Int = 3) -> ManifestMember {
    let keys = records(count).map(\.key)
    return ManifestMember(
      path: group.memberPath(service: "glue", kind: "table", firstKey: keys[0].text),
      kind: table, records: count, bytes: content.count, digest: SHA256.digest(content),
      firstKey: keys[0], lastKey: keys[count - 1])
  }

  /// What reading a pack of `entries` says if the manifest promises `members`.
  private func damage(_ entries: [TarEntry], _ members: [ManifestMember]) async throws -> String? {
    try await damage(bytes: try tar(entries), members)
  }

  private func damage(bytes: [UInt8], _ members: [ManifestMember]) async throws -> String? {
    let pack = ManifestPack(
      digest: SHA256.digest(bytes), bytes: bytes.count, group: group, members: members)
    let store = MemoryStore([pack.blobName: bytes])
    let manifest = try Manifest(
      id: "20261123T020000Z-00000001", details: details(), packs: [pack], previous: nil)
    let report = try await Archive(store: store).reader(manifest).verify()
    #expect(report.damaged.allSatisfy { $0.pack == pack.digest })
    return report.damaged.first?.what
  }

  /// The same for one member with this content.
  private func damage(_ content: [UInt8], count: Int = 3) async throws -> String? {
    let expected = member(content, count: count)
    return try await damage([TarEntry(expected.path, content)], [expected])
  }

  @Test func whatIsRightPasses() async throws {
    #expect(try await damage(lines(records(3))) == nil)
  }

  @Test func onlyTheMembersOfTheManifest() async throws {
    let content = lines(records(3))
    let right = member(content)
    let entry = TarEntry(right.path, content)
    for path in ["/etc/passwd", "../x", "\(right.path)/../x", "./\(right.path)", "else", ""] {
      let found = try await damage([TarEntry(path, content)], [right])
      #expect(found != nil, "\(path)")
    }
    #expect(try await damage([], [right])?.contains("ends before") == true)
    #expect(try await damage([entry, entry], [right])?.contains("unknown") == true)
    #expect(try await damage([TarEntry("extra", [1]), entry], [right]) != nil)
    var large = entry
    large.content += content
    #expect(try await damage([large], [right])?.contains("bytes instead of") == true)
  }

  /// What a header promises is not believed, and nothing is allocated for it.
  @Test(arguments: [3, 1 << 31, 1 << 40, 1 << 62])
  func hugeMembersAreRefused(_ size: Int) async throws {
    let content = lines(records(3))
    let right = member(content)
    let archive = hugeTar(right.path, promising: size, content)
    let zst = scratch.path + "/huge.tar.zst"
    try Data(archive).write(to: URL(fileURLWithPath: scratch.path + "/huge.tar"))
    #expect(try run("zstd", "-q", scratch.path + "/huge.tar", "-o", zst).status == 0)
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: zst)))
    #expect(try await damage(bytes: bytes, [right])?.contains("bytes instead of") == true)
    // Also where the manifest promises as much.
    let much = ManifestMember(
      path: right.path, kind: right.kind, records: 3, bytes: size, digest: right.digest,
      firstKey: right.firstKey, lastKey: right.lastKey)
    #expect(try await damage(bytes: bytes, [much]) != nil)
  }

  /// One header of ustar, whose size is in base 256 as GNU tar writes large ones.
  private func hugeTar(_ path: String, promising size: Int, _ content: [UInt8]) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func set(_ offset: Int, _ bytes: some Sequence<UInt8>) {
      for (index, byte) in bytes.enumerated() { header[offset + index] = byte }
    }
    set(0, path.utf8)
    for offset in [100, 108, 116] { set(offset, "0000000".utf8) }
    header[124] = 0x80
    set(128, (0..<8).reversed().map { UInt8(truncatingIfNeeded: size >> ($0 * 8)) })
    set(136, "00000000000".utf8)
    set(148, "        ".utf8)
    header[156] = UInt8(ascii: "0")
    set(257, Array("ustar".utf8) + [0] + Array("00".utf8))
    let sum = header.reduce(0) { $0 + Int($1) }
    let octal = String(sum, radix: 8)
    set(148, Array(String(repeating: "0", count: 6 - octal.count).utf8) + Array(octal.utf8) + [0])
    let padding = [UInt8](repeating: 0, count: 1024 + (512 - content.count % 512) % 512)
    return header + content + padding
  }

  @Test(arguments: [TarEntry.Kind.symbolicLink, .hardLink, .folder, .device])
  func onlyPlainFiles(_ kind: TarEntry.Kind) async throws {
    let right = member(lines(records(3)))
    let found = try await damage([TarEntry(right.path, [], kind)], [right])
    #expect(found?.contains("no plain file") == true)
  }

  @Test func contentsAreAsTheManifestSays() async throws {
    let right = records(3)
    let first = lines([right[0]])
    let last = lines([right[2]])
    #expect(try await damage(lines([right[0], right[2]])) != nil)
    #expect(try await damage(lines(records(4))) != nil)
    #expect(try await damage(lines([right[1], right[0], right[2]])) != nil)
    #expect(try await damage(lines([right[0], right[2], right[1]])) != nil)
    #expect(try await damage(lines([right[0], right[0], right[2]])) != nil)
    #expect(try await damage(Array(lines(right).dropLast())) != nil)
    #expect(try await damage(lines(right) + [10]) != nil)
    let foreign = lines([record("1", table, ["d2", "t"])])
    #expect(try await damage(first + foreign + last) != nil)
    for line in [
      #"{"body":{"b":1,"a":2},"key":"1/glue/table/d/t1"}"#,
      #"{"body":{},"key":"1/glue/table/d/t1" }"#, #"{"key":"1/glue/table/d/t1","body":{}}"#,
      #"{"body":{},"key":"1/glue/table/d/\u00741"}"#, #"{"body":{,"key":"1/glue/table/d/t1"}"#,
      #"{"body":{"a":1},"more":1,"key":"1/glue/table/d/t1"}"#, "",
      #"{"body":{"a":1},"g":1,"key":"1/glue/table/d/t1"}"#,
      #"{"body":[1],"key":"1/glue/table/d/t1"}"#, "{\"body\":{\"a\":\"\u{0}\"}}", "{}",
      "\"\"", "\"}",
      #"{"body":{},"key":"}"#, #"{"body":,"key":""}"#, #"{"body":"#,
    ] {
      #expect(try await damage(first + Array("\(line)\n".utf8) + last) != nil, "\(line)")
    }
  }
}

/// One entry of an archive that no honest writer makes.
struct TarEntry {
  enum Kind: Sendable { case file, symbolicLink, hardLink, folder, device }

  var path: String
  var content: [UInt8]
  var kind: Kind

  init(_ path: String, _ content: [UInt8], _ kind: Kind = .file) {
    self.path = path
    self.content = content
    self.kind = kind
  }
}

/// A `.tar.zst` of any entries, by libarchive.
func tar(_ entries: [TarEntry]) throws -> [UInt8] {
  let archive = try #require(archive_write_new())
  let header = try #require(archive_entry_new())
  defer {
    archive_entry_free(header)
    archive_write_free(archive)
  }
  archive_write_set_format_pax_restricted(archive)
  archive_write_add_filter_zstd(archive)
  archive_write_set_bytes_in_last_block(archive, 1)
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  var used = 0
  let count = buffer.count
  try buffer.withUnsafeMutableBytes { bytes in
    #expect(archive_write_open_memory(archive, bytes.baseAddress, count, &used) == ARCHIVE_OK)
    for entry in entries { try add(entry, header, archive) }
    #expect(archive_write_close(archive) == ARCHIVE_OK)
  }
  return Array(buffer[..<used])
}

private func add(_ entry: TarEntry, _ header: OpaquePointer, _ archive: OpaquePointer) throws {
  carchive_describe_file(header, entry.path, Int64(entry.content.count))
  switch entry.kind {
  case .file: break
  case .symbolicLink:
    archive_entry_set_filetype(header, 0o120000)
    archive_entry_set_symlink(header, "/etc/passwd")
  case .hardLink: archive_entry_set_hardlink(header, "/etc/passwd")
  case .folder: archive_entry_set_filetype(header, 0o040000)
  case .device: archive_entry_set_filetype(header, 0o020000)
  }
  archive_write_header(archive, header)
  if !entry.content.isEmpty {
    entry.content.withUnsafeBytes {
      _ = archive_write_data(archive, $0.baseAddress, $0.count)
    }
  }
}
