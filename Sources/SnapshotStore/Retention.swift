/// How many snapshots a prune keeps.
public struct RetentionPolicy: Sendable, Hashable {
  /// The newest ones, whatever their time.
  public var last: Int
  /// Days, weeks (from Monday on), months and years, UTC, of which one snapshot each is kept: the
  /// newest complete one, or the newest if none is complete. Days without a snapshot don't count.
  public var daily: Int
  /// See `daily`.
  public var weekly: Int
  /// See `daily`.
  public var monthly: Int
  /// See `daily`.
  public var yearly: Int

  /// Numbers below 1 keep nothing.
  public init(
    last: Int = 0, daily: Int = 0, weekly: Int = 0, monthly: Int = 0, yearly: Int = 0
  ) {
    self.last = last
    self.daily = daily
    self.weekly = weekly
    self.monthly = monthly
    self.yearly = yearly
  }
}

/// Why a snapshot stays.
public enum RetentionRule: String, Sendable, Hashable, CaseIterable {
  case last, daily, weekly, monthly, yearly
  /// The newest complete one of its mesh and region, which no policy removes.
  case newestComplete
  /// Somebody put it on hold.
  case hold
  /// The store keeps it, whoever wants to remove it.
  case lock
}

/// One snapshot as the policy sees it.
public struct RetentionCandidate: Sendable, Hashable {
  /// The snapshot's id.
  public let id: String
  /// The mesh's name: with the region, what is counted by itself.
  public let mesh: String
  /// The region that was captured.
  public let region: String
  /// The recovery point.
  public let time: UTCTime
  /// Whether all accounts were captured whole.
  public let complete: Bool
  /// Whether it is on hold.
  public let held: Bool

  /// - Parameter time: the recovery point.
  public init(
    id: String, mesh: String = "", region: String = "", time: UTCTime, complete: Bool,
    held: Bool = false
  ) {
    self.id = id
    self.mesh = mesh
    self.region = region
    self.time = time
    self.complete = complete
    self.held = held
  }
}

/// What the policy says of one snapshot.
public struct RetentionDecision: Sendable, Hashable {
  /// The snapshot's id.
  public let id: String
  /// The recovery point.
  public let time: UTCTime
  /// The rules that keep it, in the order of `RetentionRule`; empty if it goes.
  public var keptBy: [RetentionRule]
  /// Until when the store keeps it, where nothing else does.
  public var lockedUntil: UTCTime?
}

extension RetentionPolicy {
  /// Decides which snapshots stay. Each mesh and region is counted by itself.
  /// - Returns: one decision for each snapshot, newest first.
  public func decide(_ snapshots: [RetentionCandidate]) -> [RetentionDecision] {
    let newestFirst = snapshots.sorted { ($0.time, $0.id) > ($1.time, $1.id) }
    var kept: [String: Set<RetentionRule>] = [:]
    for series in Dictionary(grouping: newestFirst, by: { [$0.mesh, $0.region] }).values {
      for (rule, id) in keep(series) { kept[id, default: []].insert(rule) }
    }
    return newestFirst.map { snapshot in
      let rules = kept[snapshot.id] ?? []
      return RetentionDecision(
        id: snapshot.id, time: snapshot.time,
        keptBy: RetentionRule.allCases.filter(rules.contains))
    }
  }

  private func keep(_ series: [RetentionCandidate]) -> [(RetentionRule, String)] {
    var kept = series.prefix(max(last, 0)).map { (RetentionRule.last, $0.id) }
    kept += newestOfEach(daily, series) { [$0.dayNumber] }.map { (.daily, $0) }
    // The first day of 1970 was a Thursday.
    kept += newestOfEach(weekly, series) { [($0.dayNumber + 3).flooredDivision(by: 7)] }
      .map { (.weekly, $0) }
    kept += newestOfEach(monthly, series) { [$0.day.year, $0.day.month] }.map { (.monthly, $0) }
    kept += newestOfEach(yearly, series) { [$0.day.year] }.map { (.yearly, $0) }
    if let newest = series.first(where: \.complete) { kept.append((.newestComplete, newest.id)) }
    kept += series.filter(\.held).map { (.hold, $0.id) }
    return kept
  }

  /// - Parameter series: newest first.
  private func newestOfEach(
    _ count: Int, _ series: [RetentionCandidate], _ period: (UTCTime) -> [Int]
  ) -> [String] {
    var periods: [[Int]] = []
    var chosen: [[Int]: RetentionCandidate] = [:]
    for snapshot in series {
      let period = period(snapshot.time)
      if let other = chosen[period] {
        if !other.complete && snapshot.complete { chosen[period] = snapshot }
      } else if periods.count < count {
        periods.append(period)
        chosen[period] = snapshot
      }
    }
    return periods.compactMap { chosen[$0]?.id }
  }
}
