import MeshModel
import Testing

@Suite struct RecordKeyTests {
  @Test func isReadable() {
    let key = RecordKey(account: "111122223333", kind: .table, path: ["sales", "orders"])
    #expect(key.text == "111122223333/glue/table/sales/orders")
    #expect(key.account == "111122223333")
    #expect(key.kindName == "table")
    #expect(key.name == "sales.orders")
  }

  @Test(arguments: [
    ["a/b", "c"], ["a", "b/c"], ["100%", "%2F"], ["", ""], ["日本", "\u{1F600}"], ["a\n", "\t"],
    ["dt=2026-01-01", " "], ["e\u{301}", "\u{E9}"],
  ])
  func anyNameComesBack(path: [String]) throws {
    let key = RecordKey(account: "111122223333", kind: .partition, path: path)
    let read = try #require(RecordKey(key.text))
    #expect(read == key)
    #expect(read.path.map { Array($0.utf8) } == path.map { Array($0.utf8) })
  }

  @Test func neighboursStayApart() {
    let left = RecordKey(account: "1", kind: .table, path: ["a/b", "c"])
    let right = RecordKey(account: "1", kind: .table, path: ["a", "b/c"])
    #expect(left != right)
  }

  @Test func composedAndDecomposedAccentsAreTwoNames() {
    let composed = RecordKey(account: "1", kind: .table, path: ["\u{E9}"])
    let decomposed = RecordKey(account: "1", kind: .table, path: ["e\u{301}"])
    #expect(composed != decomposed)
    #expect(decomposed < composed)
    #expect(Set([composed, decomposed]).count == 2)
  }

  @Test func textWithoutAKindIsNoKey() {
    #expect(RecordKey("111122223333/glue") == nil)
  }
}

extension Kind {
  fileprivate static let partition = Kind("glue", "partition", belongsToDatabase: true)
}
