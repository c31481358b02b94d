import CanonicalJSON
import Foundation
import Testing

/// What keeps an archive whole, as those do it who look after it.
@Suite struct ArchiveTests {
  @Test func checkedHeldAndPruned() throws {
    let mesh = try StandIn()
    for _ in 0..<4 { #expect(try mesh.meshdr("snapshot").exitCode == 0) }
    let rows = try mesh.meshdr("list", "--output", "json").json()["snapshots"]?.array ?? []
    let ids = rows.compactMap { $0["snapshot"]?.string }
    try #require(ids.count == 4)
    #expect(try mesh.meshdr("hold", ids[3], "--reason", "ticket 4711").exitCode == 0)
    #expect(try mesh.meshdr("list").output.contains("ticket 4711"))

    try mesh.retain("last: 1, yearly: 1")
    let dry = try mesh.meshdr("prune", "--dry-run")
    #expect(
      dry.output.contains("last, yearly, newest complete") && dry.output.contains("kept by hold"))
    #expect(try mesh.meshdr("list", "--output", "json").json()["snapshots"]?.array?.count == 4)
    let pruned = try mesh.meshdr("prune", "--output", "json").json()
    #expect(pruned["removed"]?.strings == [ids[1], ids[2]])

    let verified = try mesh.meshdr("verify", "--output", "json")
    #expect(verified.exitCode == 0, "\(verified.output)")
    #expect(try verified.json()["manifests"] == 2)
    let part = try mesh.meshdr("verify", "--read-data-subset", "1/3", "--output", "json").json()
    #expect(try part["packs"] == verified.json()["packs"])
    #expect(try part["packsRead"] != verified.json()["packsRead"])
    #expect(try mesh.meshdr("verify", "--read-data-subset", "4/3").exitCode == 2)
    #expect(try mesh.meshdr("verify", "latest", "--all").exitCode == 2)

    // One is carried to another store by hand.
    #expect(try mesh.meshdr("export", ids[3], "--to", "carried.tar.zst").exitCode == 0)
    #expect(try mesh.meshdr("export", ids[3], "--to", "carried.tar.zst").exitCode == 2)
    #expect(try mesh.meshdr("import", "carried.tar.zst", "--store", "elsewhere").exitCode == 0)
    #expect(try mesh.meshdr("import", "carried.tar.zst", "--store", "elsewhere").exitCode == 0)
    #expect(try mesh.meshdr("verify", "--store", "elsewhere").exitCode == 0)
    #expect(try mesh.meshdr("diff", ids[3], "latest").exitCode == 0)
    #expect(try mesh.meshdr("import", "meshdr.yaml", "--store", "elsewhere").exitCode == 5)

    // A held snapshot that somebody removes by hand is missed.
    let manifest = "\(mesh.folder)/archive/snapshots/\(ids[3]).json"
    try FileManager.default.removeItem(atPath: manifest)
    let missed = try mesh.meshdr("verify")
    #expect(missed.exitCode == 5 && missed.output.contains(ids[3]))
    // Once it is known what became of it, the nightly job is green again, and the list tells for good.
    #expect(try mesh.meshdr("verify", "--acknowledge", ids[3]).exitCode == 2)
    #expect(
      try mesh.meshdr("verify", "--acknowledge", ids[0], "--reason", "none").exitCode == 2)
    let known = try mesh.meshdr(
      "verify", "--acknowledge", ids[3], "--reason", "by hand, ticket 4712", "--output", "json")
    #expect(known.exitCode == 0, "\(known.output)\(known.errors)")
    #expect(known.errors.contains("is lost, acknowledged"))
    #expect(try mesh.meshdr("verify").exitCode == 0)
    let losses = try mesh.meshdr("list", "--output", "json").json()["acknowledged"]
    #expect(try losses == known.json()["acknowledged"])
    #expect(losses?.array?.first?["snapshot"]?.string == ids[3])
    #expect(losses?.array?.first?["by"]?.string?.contains("arn:aws:") == true)
    #expect(try mesh.meshdr("list").output.contains("ticket 4712"))
    // Whoever would restore the newest that is left is told that there was a newer one.
    let gone = try mesh.meshdr("snapshot", "--output", "json").json()["snapshot"]?.string ?? ""
    try FileManager.default.removeItem(atPath: "\(mesh.folder)/archive/snapshots/\(gone).json")
    let warnings = try mesh.meshdr("status", "--output", "json").json()["warnings"]?.strings ?? []
    #expect(warnings.contains { $0.contains(gone) }, "\(warnings)")
    let plan = try mesh.meshdr("plan", "--region", "eu-west-1")
    #expect(plan.exitCode == 0 && plan.errors.contains("\(gone) is newer than"), "\(plan.errors)")

    // Damage to what one account has keeps no other from being restored.
    let newest = "\(mesh.folder)/archive/snapshots/\(ids[0]).json"
    let packs = try JSON(parsing: Array(Data(contentsOf: URL(filePath: newest))))["packs"]?.array
    let groups = (packs ?? []).filter { $0["group"]?["database"]?.string != nil }
    let (lost, name) = (groups.first?["group"]?["account"]?.string, groups.first?["name"]?.string)
    let other = groups.lazy.compactMap { $0["group"]?["account"]?.string }.first { $0 != lost }
    let digest = try #require(name)
    let blob = try #require(try Self.file(called: digest, in: mesh.folder + "/archive"))
    try Data("no pack".utf8).write(to: URL(filePath: blob))
    #expect(try mesh.meshdr("plan", "--region", "eu-west-1").exitCode == 5)
    let account = try #require(other)
    let rest = try mesh.meshdr(
      "plan", "--region", "eu-west-1", "--account", account, "--output", "json")
    #expect(rest.exitCode == 0, "\(rest.errors)")
  }

  private static func file(called name: String, in folder: String) throws -> String? {
    try FileManager.default.subpathsOfDirectory(atPath: folder)
      .first { $0.contains(name) && $0.hasPrefix("packs/") }.map { "\(folder)/\($0)" }
  }
}

/// What no snapshot survives, its store does.
@Suite struct ArchiveFaultTests {
  @Test func killedAtAnyMomentAndOnAFullDisk() throws {
    let mesh = try StandIn()
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    for seconds in [0.1, 0.4, 0.8] {
      let running = try mesh.start(["snapshot", "--no-progress"])
      Thread.sleep(forTimeInterval: seconds)
      running.send(SIGKILL)
      _ = running.finish()
      let verified = try mesh.meshdr("verify", "--all")
      #expect(verified.exitCode == 0, "after \(seconds) s: \(verified.output)")
    }
    // No file may be larger than a few kilobytes, as on a disk that is full.
    for blocks in [0, 1, 4, 16] {
      let script =
        "(trap '' XFSZ; ulimit -f \(blocks); exec \(meshdrPath) snapshot --store full) 2>&1 | cat"
      let limited = try Running(
        "/bin/bash", ["-c", script], in: mesh.folder, environment: mesh.environment
      ).finish()
      #expect(limited.output.contains("can't"), "\(limited.output)")
      #expect(try mesh.meshdr("list", "--store", "full").output.contains("no snapshots"))
    }
    #expect(try mesh.meshdr("snapshot", "--store", "full").exitCode == 0)
    #expect(try mesh.meshdr("verify", "--store", "full").exitCode == 0)
    let last = try mesh.meshdr("snapshot", "--output", "json").json()
    #expect(last["packs"]?["written"] == 0)
    #expect(try mesh.meshdr("verify", "--all").exitCode == 0)
  }
}

extension ArchiveFaultTests {
  /// Each call that changes the bucket while a snapshot is sealed is the last one: a claim and the next,
  /// the manifest, its head; and what they replace.
  @Test func killedAtEveryStepOfSealingInS3() throws {
    let mesh = try StandIn()
    try mesh.makeBucket("nimbus-dr-archive")
    let store = ["--store", "s3://nimbus-dr-archive/meshdr"]
    #expect(try mesh.start(["snapshot"] + store).finish().exitCode == 0)
    for (operation, count) in [("PutObject", 4), ("DeleteObject", 3)] {
      for number in 0..<count {
        let fault: JSON = [
          "service": "s3", "operation": .string(operation), "action": "stall", "seconds": 9,
          "after": JSON(number), "times": 1,
        ]
        try mesh.control("POST", "faults", ["faults": [fault]])
        let running = try mesh.start(["snapshot", "--no-progress"] + store)
        #expect(try mesh.hasStruck(within: 30), "\(operation) \(number)")
        running.send(SIGKILL)
        #expect(running.finish().exitCode == 128 + SIGKILL)
        try mesh.control("DELETE", "faults")
        let verified = try mesh.start(["verify"] + store).finish()
        #expect(verified.exitCode == 0, "\(operation) \(number): \(verified.output)")
      }
    }
    let last = try mesh.start(["snapshot", "--output", "json"] + store).finish()
    #expect(try last.json()["packs"]?["written"] == 0)
    #expect(try mesh.start(["verify", "--all"] + store).finish().exitCode == 0)
  }
}

/// An older snapshot was removed by hand.
@Suite struct BrokenChainTests {
  /// What is whole can be brought back, whatever became of its predecessor.
  @Test func aBrokenChainIsDamageAndKeepsNothingFromComingBack() throws {
    let mesh = try StandIn()
    let first = try mesh.meshdr("snapshot", "--output", "json").json()["snapshot"]?.string ?? ""
    #expect(try mesh.meshdr("snapshot").exitCode == 0)
    try FileManager.default.removeItem(atPath: "\(mesh.folder)/archive/snapshots/\(first).json")
    #expect(try mesh.meshdr("verify").exitCode == 5)
    for command in ["restore", "repoint", "drill"] {
      let outcome = try mesh.meshdr(command, "--region", "eu-west-1", "--dry-run")
      #expect(outcome.exitCode == 0, "\(command): \(outcome.errors)")
    }
  }
}

/// One snapshot, captured by many machines.
@Suite struct ShardTests {
  @Test func shardsMakeTheSnapshotOfOneMachine() throws {
    let mesh = try StandIn()
    let alone = try mesh.meshdr("snapshot", "--output", "json").json()
    let moment = String((alone["recoveryPoint"]?.string ?? "").prefix(19)) + "Z"
    let early = try mesh.meshdr("snapshot", "--seal", moment)
    #expect(early.exitCode == 1 && early.errors.contains("no shard"))

    let shards = try (1...2).map { number in
      try mesh.start(
        ["snapshot", "--id", moment, "--shard", "\(number)/3", "--store", "many"])
    }
    for shard in shards {
      let outcome = shard.finish()
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
    }
    // The third dies, and is missed.
    let dying = try mesh.start(["snapshot", "--id", moment, "--shard", "3/3", "--store", "many"])
    Thread.sleep(forTimeInterval: 0.2)
    dying.send(SIGKILL)
    #expect(dying.finish().exitCode == 128 + SIGKILL)
    let missing = try mesh.meshdr("snapshot", "--seal", moment, "--store", "many")
    #expect(missing.exitCode == 1 && missing.errors.contains("shard 3/3 is missing"))
    #expect(try mesh.meshdr("list", "--store", "many").output.contains("no snapshots"))
    let job = ["AWS_BATCH_JOB_ARRAY_INDEX": "2", "AWS_BATCH_JOB_ARRAY_SIZE": "3"]
    let third = try mesh.meshdr(
      "snapshot", "--id", moment, "--store", "many", "--output", "json", environment: job)
    #expect(try third.json()["shard"] == "3/3" && third.exitCode == 0)

    let sealed = try mesh.meshdr(
      "snapshot", "--seal", moment, "--store", "many", "--output", "json")
    #expect(sealed.exitCode == 0, "\(sealed.errors)")
    #expect(try sealed.json()["counts"] == alone["counts"])
    let (one, other) = try (manifest(mesh, "archive"), manifest(mesh, "many"))
    for part in ["packs", "counts", "complete", "warnings", "meshFile", "region", "mesh"] {
      #expect(one[part] == other[part], "\(part)")
    }
    func accounts(_ manifest: JSON) -> [JSON] {
      (manifest["accounts"]?.array ?? []).map { account in
        var account = account
        let names = (account["databases"]?.array ?? []).compactMap { $0["name"]?.string }
        account["databases"] = JSON(names)
        return account
      }
    }
    #expect(accounts(one) == accounts(other))
    #expect(try mesh.meshdr("verify", "--store", "many").exitCode == 0)
    let again = try mesh.meshdr("snapshot", "--seal", moment, "--store", "many")
    #expect(again.exitCode == 0)
    let late = try mesh.meshdr("snapshot", "--id", moment, "--shard", "1/3", "--store", "many")
    #expect(late.exitCode == 0 && late.errors.contains("too late"))
    let left = try FileManager.default.subpathsOfDirectory(atPath: "\(mesh.folder)/many/parts")
    #expect(!left.contains { $0.hasSuffix(".json") })
  }

  @Test func nonsenseIsRefused() throws {
    let mesh = try StandIn()
    for arguments in [
      ["--shard", "1/3"], ["--id", "2026-11-23T02:00Z"], ["--id", "latest", "--shard", "1/3"],
      ["--id", "2031-11-23T02:00Z", "--shard", "1/3"], ["--seal", "2001-11-23T02:00Z"],
      ["--id", "2026-11-23T02:00Z", "--shard", "4/3"], ["--seal", "x", "--id", "x"],
    ] {
      let outcome = try mesh.start(["snapshot"] + arguments).finish()
      #expect(outcome.exitCode == 2, "\(arguments): \(outcome.errors)")
    }
  }

  private func manifest(_ mesh: StandIn, _ store: String) throws -> JSON {
    let folder = "\(mesh.folder)/\(store)/snapshots"
    let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
    return try JSON(parsing: String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))
  }
}

extension StandIn {
  /// Whether the fault in force strikes within so many seconds.
  func hasStruck(within seconds: Double) throws -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      let faults = try control("GET", "faults")["faults"]?.array ?? []
      if faults.contains(where: { $0["fired"] != 0 }) { return true }
      Thread.sleep(forTimeInterval: 0.05)
    }
    return false
  }

  /// Writes a retention policy into the mesh file.
  func retain(_ policy: String) throws {
    let path = "\(folder)/meshdr.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try (text + "\nretention: {\(policy)}\n").write(
      toFile: path, atomically: true, encoding: .utf8)
  }
}
