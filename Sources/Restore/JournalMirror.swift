import SnapshotStore
import Synchronization

/// Carries a journal to the store while it grows, so that another machine can resume the run.
///
/// Blobs are written once, so what was written since the last time becomes a blob of its own:
/// `journals/RUN/000001-NONCE.ndjson` and so on, NDJSON like the file. A machine that dies loses in the store
/// what it wrote since, and nothing that was flushed.
public final class JournalMirror: Sendable {
  private struct Chunk {
    var number: Int
    var bytes: [UInt8]
  }

  private struct State {
    var next: Int
    var buffer: [UInt8] = []
    /// What could not be written yet.
    var unsent: [Chunk] = []
  }

  private let store: any BlobStore
  private let run: String
  private let nonce: String
  private let state: Mutex<State>

  /// Goes on behind what other machines wrote of the same run.
  /// - Parameter nonce: letters and digits that no other process has.
  /// - Throws: `ArchiveError`.
  public init(_ run: String, in store: any BlobStore, nonce: String) async throws {
    self.store = store
    self.run = run
    self.nonce = nonce
    let prefix = Self.prefix(run)
    let numbers = try await store.list(prefix: prefix).compactMap {
      Int($0.name.dropFirst(prefix.count).prefix { $0 != "-" })
    }
    state = Mutex(State(next: (numbers.max() ?? 0) + 1))
  }

  /// Where the chunks of a run are.
  public static func prefix(_ run: String) -> String { "journals/\(run)/" }

  func append(_ line: [UInt8]) { state.withLock { $0.buffer += line } }

  /// Brings everything that was written until now into the store. What fails is kept and tried again
  /// the next time.
  /// - Throws: `ArchiveError`.
  public func flush() async throws {
    var chunks = take()
    while let chunk = chunks.first {
      do {
        _ = try await store.put(name(chunk.number), .bytes(chunk.bytes))
        chunks.removeFirst()
      } catch {
        state.withLock { [chunks] state in state.unsent = chunks + state.unsent }
        throw error
      }
    }
  }

  private func take() -> [Chunk] {
    state.withLock { state in
      var chunks = state.unsent
      state.unsent = []
      if !state.buffer.isEmpty {
        chunks.append(Chunk(number: state.next, bytes: state.buffer))
        state.buffer = []
        state.next += 1
      }
      return chunks
    }
  }

  private func name(_ number: Int) -> String {
    let digits = String(number)
    return Self.prefix(run) + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      + "-\(nonce).ndjson"
  }
}
