import CanonicalJSON

/// Writes JSON as the XML that a shape describes: for the few S3 requests with a body of XML.
struct XMLWriter {
  let service: AWSService

  /// A whole document with S3's name space on its root element.
  func document(_ value: JSON, _ shape: String, root: String) -> [UInt8] {
    let space = "http://s3.amazonaws.com/doc/2006-03-01/"
    return Array("<\(root) xmlns=\"\(space)\">\(content(value, shape))</\(root)>".utf8)
  }

  private func content(_ value: JSON, _ shape: String) -> String {
    switch AWSShape.xml(shape, of: service) {
    case .text, .number, .boolean: return escaped(value.wireText ?? "")
    case .list(let item, let element):
      return (value.array ?? []).map { tagged(item, content($0, element)) }.joined()
    case .object(let members):
      return members.map { member in
        guard let value = value[member.name] else { return "" }
        guard member.flat, case .list(_, let element) = AWSShape.xml(member.shape, of: service)
        else { return tagged(member.element, content(value, member.shape)) }
        return (value.array ?? []).map { tagged(member.element, content($0, element)) }.joined()
      }.joined()
    }
  }

  private func tagged(_ name: String, _ content: String) -> String {
    "<\(name)>\(content)</\(name)>"
  }

  private func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      // A bare carriage return would come back as a line feed.
      case "\r": result += "&#13;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension AWSShape {
  /// The XML form of a shape, by its kind where it is simple and else by its name.
  static func xml(_ name: String, of service: AWSService) -> XMLShape {
    switch name {
    case "text": .text
    case "number": .number
    case "boolean": .boolean
    default: table(of: service)[name] ?? .object([])
    }
  }

  private static func table(of service: AWSService) -> [String: XMLShape] {
    switch service.id {
    case "S3": s3XML
    case "STS": stsXML
    case "IAM": iamXML
    case "SNS": snsXML
    default: [:]
    }
  }
}
