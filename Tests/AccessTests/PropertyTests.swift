import Access
import LakeSamples
import MeshModel
import Testing

/// The compact form against the enumerated one, on meshes that follow from fixed seeds.
@Suite struct PropertyTests {
  struct Place: Hashable {
    let principal: String
    let resource: AccessResource
  }

  @Test(arguments: 0..<6)
  func bothGiveTheSameAccess(block: Int) throws {
    for seed in block * 10..<block * 10 + 10 {
      var maker = MeshMaker(seed: UInt64(seed))
      let records = maker.records()
      let (set, slow) = (try AccessSet(of: records), try Enumeration(records))
      let atoms = slow.atoms
      for principal in Set(set.principals).union(atoms.map(\.principal)) {
        let theirs = atoms.filter { $0.principal == principal }
        #expect(
          Self.atoms(set, principal) == theirs, "seed \(seed), \(principal)")
      }
    }
  }

  @Test(arguments: 0..<6)
  func bothFindTheSameBeyond(block: Int) throws {
    for seed in block * 10..<block * 10 + 10 {
      var maker = MeshMaker(seed: UInt64(1000 + seed))
      let (old, new) = (maker.records(), maker.records())
      // Neighbours share most of their records, as regions do.
      let kept = old.filter { _ in maker.chance(90) }
      let added = new.filter { $0.key.kindName == "grant" && maker.chance(20) }
      let next = MeshMaker.unique(kept + added)
      for (one, other) in [(old, next), (next, old), (old, new)] {
        try compare(one, other, seed)
      }
    }
  }

  private func compare(_ one: [Record], _ other: [Record], _ seed: Int) throws {
    let found = try AccessSet(of: one).beyond(AccessSet(of: other))
    let (slow, slowOther) = (try Enumeration(one), try Enumeration(other))
    let atoms = slow.atoms
    var expected: Set<Place> = []
    for principal in Set(atoms.map(\.principal)) {
      let rest = atoms.filter { $0.principal == principal }
        .subtracting(slowOther.withGroups(principal))
      expected.formUnion(rest.map { Place(principal: principal, resource: $0.resource) })
    }
    let places = found.filter { $0.resource.scope != nil }
      .map { Place(principal: $0.principal, resource: $0.resource) }
    #expect(Set(places) == expected, "seed \(seed)")
    #expect(places.count == Set(places).count, "seed \(seed): each place once")
  }

  /// The compact access of one principal, written out.
  private static func atoms(_ set: AccessSet, _ principal: String) -> Set<Enumeration.Atom> {
    var atoms: Set<Enumeration.Atom> = []
    for excess in set.everything(of: principal) where excess.resource.scope != nil {
      for name in excess.access.permissions.names {
        atoms.insert(
          .init(
            principal: principal, resource: excess.resource,
            permission: name.replacing(" with grant option", with: "+")))
      }
      let readings = [
        ("SELECT", excess.access.reading), ("SELECT+", excess.access.grantableReading),
      ]
      for (permission, reading) in readings {
        for (rows, columns) in reading.parts {
          for column in ["a", "b", "c"] where columns.names.contains(column) != columns.isComplement
          {
            for row in [[], ["r = 1"], ["s = 1"], ["r = 1", "s = 1"]] as [Set<String>]
            where rows.conditions.isSubset(of: row) {
              atoms.insert(
                .init(
                  principal: principal, resource: excess.resource, column: column, row: row,
                  permission: permission))
            }
          }
        }
      }
    }
    return atoms
  }
}
