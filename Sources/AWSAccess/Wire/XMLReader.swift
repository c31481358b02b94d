import CanonicalJSON
import Foundation
import FoundationXML

/// An element with what stands in it.
struct XMLElement {
  let name: String
  let attributes: [String: String]
  var text = ""
  var children: [XMLElement] = []

  /// The first child of that name.
  subscript(name: String) -> XMLElement? { children.first { $0.name == name } }

  /// Reads a whole document. Meant for answers of some kilobytes.
  /// - Throws: `JSONError` for anything that is not well-formed.
  static func parse(_ bytes: [UInt8]) throws(JSONError) -> XMLElement {
    let parser = XMLParser(data: Data(bytes))
    let builder = XMLTreeBuilder()
    parser.delegate = builder
    guard parser.parse(), let root = builder.root else {
      throw JSONError("XML that is not well-formed, line \(parser.lineNumber)")
    }
    return root
  }

  /// The element as JSON.
  func json(_ shape: String, of service: AWSService) -> JSON {
    switch AWSShape.xml(shape, of: service) {
    case .text: return .string(text)
    case .boolean: return .bool(text == "true")
    // What is no number stays readable as what it is.
    case .number: return Double(text) == nil ? .string(text) : .number(text)
    case .list(let item, let element):
      return .array(children.filter { $0.name == item }.map { $0.json(element, of: service) })
    case .object(let members):
      return .object(
        Dictionary(members.compactMap { value(of: $0, service) }) { first, _ in first })
    }
  }

  private func value(of member: XMLShape.Member, _ service: AWSService) -> (String, JSON)? {
    if member.attribute { return attributes[member.element].map { (member.name, .string($0)) } }
    let found = children.filter { $0.name == member.element }
    guard let first = found.first else { return nil }
    guard member.flat, case .list(_, let element) = AWSShape.xml(member.shape, of: service) else {
      return (member.name, first.json(member.shape, of: service))
    }
    return (member.name, .array(found.map { $0.json(element, of: service) }))
  }
}

private final class XMLTreeBuilder: NSObject, XMLParserDelegate {
  private var open: [XMLElement] = []
  private(set) var root: XMLElement?

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(XMLElement(name: name, attributes: attributes))
  }

  func parser(_ parser: XMLParser, foundCharacters characters: String) {
    guard !open.isEmpty else { return }
    open[open.count - 1].text += characters
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard let closed = open.popLast() else { return }
    if open.isEmpty {
      root = closed
    } else {
      open[open.count - 1].children.append(closed)
    }
  }
}
