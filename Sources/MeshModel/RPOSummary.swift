import CanonicalJSON

/// What a measurement said of the data beside a snapshot, short enough for the snapshot's manifest. The
/// whole of it is kept as the run.
public struct RPOSummary: Sendable, Hashable {
  /// A product or a table that is not within the objective, or not known to be.
  public struct Shortfall: Sendable, Hashable {
    /// A location, or `database.table`.
    public var subject: String
    public var status: RPOResult.Status
    /// Nil where it is not known.
    public var lagSeconds: Double?
  }

  /// How many shortfalls are named.
  public static let named = 100

  /// The run that has all of it; empty where nothing could be measured.
  public var run = ""
  /// When it began, RFC 3339 in UTC; empty where nothing could be measured.
  public var started = ""
  public var objectiveSeconds: Double?
  /// The worst of all; nil where it is not known.
  public var worstSeconds: Double?
  public var met = false
  /// How many products there were, by status.
  public var products: [RPOResult.Status: Int] = [:]
  /// How many tables name their own files, by what of them is whole.
  public var tables: [RPOResult.Status: Int] = [:]
  /// The worst first; `named` of them at most.
  public var shortfalls: [Shortfall] = []
  /// Why nothing could be measured; nil where something was.
  public var problem: String?

  public init(_ result: RPOResult) {
    run = result.run
    started = result.started
    objectiveSeconds = result.objectiveSeconds
    worstSeconds = result.worstSeconds
    met = result.met
    for product in result.products { products[product.status, default: 0] += 1 }
    for table in result.tables { tables[table.status, default: 0] += 1 }
    let all =
      result.counted.map {
        Shortfall(subject: $0.location, status: $0.status, lagSeconds: $0.lagSeconds)
      }
      + result.tables.filter { $0.accepted == nil }.map {
        Shortfall(subject: $0.name, status: $0.status, lagSeconds: $0.lagSeconds)
      }
    shortfalls = Array(
      all.filter { $0.status != .ok }.sorted {
        ($1.lagSeconds ?? -1, $0.subject) < ($0.lagSeconds ?? -1, $1.subject)
      }.prefix(Self.named))
  }

  /// Nothing could be measured: nothing is met.
  public init(problem: String) {
    self.problem = problem
  }
}

extension RPOSummary {
  public var json: JSON {
    func counts(_ counts: [RPOResult.Status: Int]) -> JSON {
      .object(
        Dictionary(
          uniqueKeysWithValues: RPOResult.Status.allCases.map {
            ($0.rawValue, JSON(counts[$0] ?? 0))
          }))
    }
    return [
      "run": .string(run), "started": .string(started),
      "objectiveSeconds": objectiveSeconds.map { JSON($0) } ?? .null,
      "worstSeconds": worstSeconds.map { JSON($0) } ?? .null, "met": .bool(met),
      "products": counts(products), "tables": counts(tables),
      "shortfalls": .array(
        shortfalls.map {
          [
            "subject": .string($0.subject), "status": .string($0.status.rawValue),
            "lagSeconds": $0.lagSeconds.map { JSON($0) } ?? .null,
          ]
        }),
      "problem": problem.map(JSON.string) ?? .null,
    ]
  }

  /// Reads what `json` wrote; what a later version has added is left aside.
  public init(json: JSON) {
    func counts(_ name: String) -> [RPOResult.Status: Int] {
      var found: [RPOResult.Status: Int] = [:]
      for status in RPOResult.Status.allCases {
        found[status] = json[name]?[status.rawValue]?.integer
      }
      return found.filter { $0.value > 0 }
    }
    run = json["run"]?.string ?? ""
    started = json["started"]?.string ?? ""
    objectiveSeconds = json["objectiveSeconds"]?.double
    worstSeconds = json["worstSeconds"]?.double
    met = json["met"]?.bool ?? false
    (products, tables) = (counts("products"), counts("tables"))
    for entry in json["shortfalls"]?.array ?? [] {
      guard let status = entry["status"]?.string.flatMap(RPOResult.Status.init) else { continue }
      shortfalls.append(
        Shortfall(
          subject: entry["subject"]?.string ?? "", status: status,
          lagSeconds: entry["lagSeconds"]?.double))
    }
    problem = json["problem"]?.string
  }
}
