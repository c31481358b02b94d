/// One of several machines that capture a snapshot together, and which groups are its share.
public struct Shard: Sendable, Hashable, CustomStringConvertible {
  /// From 1 on.
  public let number: Int
  /// How many there are.
  public let count: Int

  /// More than AWS Batch lets an array job have.
  public static let most = 10_000

  /// The only one: its share is everything.
  public static let whole = Shard(number: 1, count: 1)

  private init(number: Int, count: Int) {
    self.number = number
    self.count = count
  }

  /// - Returns: nil unless 1 ≤ number ≤ count ≤ `most`.
  public init?(_ number: Int, of count: Int) {
    guard number > 0, number <= count, count <= Self.most else { return nil }
    self.number = number
    self.count = count
  }

  /// Reads `3/16`.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1] else { return nil }
    self.init(number, of: count)
  }

  /// `3/16`.
  public var description: String { "\(number)/\(count)" }

  /// Whether a group is in this shard's share. It depends on the account, the database and the number
  /// of shards alone: every group is in the share of exactly one.
  public func takes(_ group: PackGroup) -> Bool {
    let name = "\(group.account)/\(group.database ?? "")"
    let hash = UInt64(SHA256.digest(Array(name.utf8)).prefix(15), radix: 16) ?? 0
    return Int(hash % UInt64(count)) == number - 1
  }
}

extension Shard {
  /// The shard that is asked for.
  /// - Parameters:
  ///   - text: `3/16`; `auto/16`, where the number is the job's index in the environment; `auto` or
  ///     nil, where the count is there, too. Indexes begin at 0, numbers of shards at 1.
  ///   - environment: AWS Batch sets `AWS_BATCH_JOB_ARRAY_INDEX` and `AWS_BATCH_JOB_ARRAY_SIZE` in
  ///     array jobs, Kubernetes `JOB_COMPLETION_INDEX` in indexed ones; there the count is to be given
  ///     as `JOB_COMPLETIONS`.
  /// - Throws: `ArchiveError` (`.invalid`), saying what is missing.
  public static func chosen(
    by text: String?, environment: [String: String]
  ) throws -> Shard {
    let text = text ?? "auto"
    if let shard = Shard(text) { return shard }
    guard text == "auto" || text.hasPrefix("auto/") else {
      throw ArchiveError(
        .invalid, "“\(text)” is no shard: write 3/16 (1/16 to 16/16), auto/16 or auto")
    }
    let job = job(environment)
    let count = text == "auto" ? job?.size : String(text.dropFirst("auto/".count))
    guard let job else {
      throw ArchiveError(
        .invalid,
        "which shard is this? give --shard 3/16, or run it in an array job, which has "
          + "AWS_BATCH_JOB_ARRAY_INDEX or JOB_COMPLETION_INDEX in its environment")
    }
    guard let count else {
      throw ArchiveError(
        .invalid,
        "of how many shards? \(job.name) is \(job.index); give --shard auto/16, or set "
          + "\(job.sizeName)")
    }
    guard let index = Int(job.index), let total = Int(count),
      let shard = Shard(index + 1, of: total)
    else {
      throw ArchiveError(
        .invalid,
        "\(job.name) is “\(job.index)” of “\(count)” shards: the first is 0, the last one "
          + "less than their number")
    }
    return shard
  }

  private struct Job {
    let name: String
    let index: String
    let sizeName: String
    let size: String?
  }

  private static func job(_ environment: [String: String]) -> Job? {
    let names = [
      ("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"),
      ("JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"),
    ]
    for (name, sizeName) in names {
      guard let index = environment[name], !index.isEmpty else { continue }
      let size = environment[sizeName].flatMap { $0.isEmpty ? nil : $0 }
      return Job(name: name, index: index, sizeName: sizeName, size: size)
    }
    return nil
  }
}
