import CanonicalJSON
import Testing

@Suite struct CanonicalFormTests {
  func canonical(_ text: String) throws -> String {
    String(decoding: try JSONReader().canonical(Array(text.utf8)), as: UTF8.self)
  }

  @Test(arguments: [
    (#" { "b" : 1 , "a" : [ ] } "#, #"{"a":[],"b":1}"#),
    (
      #"{"n":[1.0,1,-0,1e5,1E+05,12345678901234567890123]}"#,
      #"{"n":[1.0,1,-0,1e5,1E+05,12345678901234567890123]}"#
    ),
    (#"["\u00e9\u0041\/\n\u000a\u0000\u001F\"\\"]"#, #"["éA/\n\n\u0000\u001f\"\\"]"#),
    (
      #"["\uD83D\uDE00","\uD83D","x\uDE00\uD83Dy","\uD83D\\u"]"#,
      #"["😀","\ud83d","x\ude00\ud83dy","\ud83d\\u"]"#
    ),
    (#"{"\u0062":1,"a":2,"\"":3}"#, #"{"\"":3,"a":2,"b":1}"#),
    (#"{"x":{"z":null,"y":[true,false,{}]}}"#, #"{"x":{"y":[true,false,{}],"z":null}}"#),
  ])
  func isExact(text: String, expected: String) throws {
    #expect(try canonical(text) == expected)
    #expect(try canonical(expected) == expected)
  }

  @Test(arguments: [
    "", "1", "\"a\"", "[1", "[1,]", "{\"a\"}", "{\"a\":1,}", "[01]", "[1.]", "[.5]", "[1e]",
    "[tru]",
    "[nul]", "[\"\\x\"]", "[\"\\u12\"]", "[\"a]", "[1] 2", "{\"a\":1,\"a\":2}", "{\"a\":1 \"b\":2}",
    "[1 2]", "{\"a\":1,\"\\u0061\":2}", "[+1]", "[NaN]", "[\"\u{1}\"]", "[] []", "[1\u{0}]",
    "{\"a\":1\u{0}}", "[\"a\"\u{0}]", "[\"a\"b]", "[:1]", "{1:2}", "[1}", "{\"a\":1]",
  ])
  func refuses(text: String) {
    #expect(throws: JSONError.self) { try canonical(text) }
    #expect(throws: JSONError.self) { try JSON(parsing: text) }
  }

  @Test func everyTruncationIsRefused() throws {
    let text = Array(#"{"a":[1,{"b":"c\u0041"},null],"d":-1.5e3}"#.utf8)
    let reader = JSONReader()
    for length in 0..<text.count {
      #expect(throws: JSONError.self) { try reader.canonical(text[..<length]) }
    }
  }

  @Test func nestingHasALimit() {
    let deep = String(repeating: "[", count: 600) + String(repeating: "]", count: 600)
    #expect(throws: JSONError.self) { try canonical(deep) }
  }

  @Test func invalidUTF8IsRefused() {
    #expect(throws: JSONError.self) { try JSONReader().canonical([0x5B, 0x22, 0xFF, 0x22, 0x5D]) }
  }
}

@Suite struct JSONPageTests {
  @Test func elementsAndRest() throws {
    let text = #"{"NextToken":"t","List":[{"b":1,"a":"x"},{"c":[1.0]}],"More":{}}"#
    let page = try JSONReader().page(Array(text.utf8), list: "List")
    #expect(
      page.elements.map { String(decoding: $0, as: UTF8.self) } == [
        #"{"a":"x","b":1}"#, #"{"c":[1.0]}"#,
      ])
    #expect(page.listFound)
    #expect(page.rest == ["NextToken": "t", "More": [:]])
  }

  @Test(arguments: [("{}", false), (#"{"List":[]}"#, true), (#"{"List":null}"#, true)])
  func anEmptyPage(text: String, found: Bool) throws {
    let page = try JSONReader().page(Array(text.utf8), list: "List")
    #expect(page.elements.isEmpty)
    #expect(page.listFound == found)
  }

  @Test(arguments: [#"{"List":{}}"#, #"{"List":[1}"#, "[]", #"{"List":[],"List":[]}"#])
  func whatIsNoPage(text: String) {
    #expect(throws: JSONError.self) { try JSONReader().page(Array(text.utf8), list: "List") }
  }
}

@Suite struct JSONTreeTests {
  @Test(arguments: [
    #"{"a":[1.0,"\ud83d",{"b":null}],"z":true,"é":"😀\n\u0001"}"#, "[]", "{}", #"[-0,1e400]"#,
  ])
  func treeAndBytesAgree(text: String) throws {
    let tree = try JSON(parsing: text)
    #expect(tree.canonicalText == text)
    #expect(try JSON(parsing: tree.prettyText) == tree)
  }

  @Test func membersCanBeChanged() throws {
    var tree: JSON = ["a": ["b": 1], "c": nil]
    tree["c"] = "x"
    tree["a"]?["b"] = 2
    #expect(tree.canonicalText == #"{"a":{"b":2},"c":"x"}"#)
    #expect(tree.mapStrings { $0 + "!" }["c"] == "x!")
  }

  @Test func figuresAreRounded() {
    #expect(JSON(1.23456).canonicalText == "1.235")
    #expect(JSON(2.0).canonicalText == "2")
  }
}
