import MeshModel

/// Whether a text has the form of a region's name: `us-east-1`, `us-gov-west-1`.
///
/// Which regions exist is for AWS to say; it adds some every year.
public func isRegionName(_ text: String) -> Bool {
  let parts = text.split(separator: "-", omittingEmptySubsequences: false)
  guard parts.count >= 3, let number = parts.last, (1...2).contains(number.utf8.count) else {
    return false
  }
  return number.utf8.allSatisfy { (0x30...0x39).contains($0) }
    && parts.dropLast().allSatisfy { part in
      part.count >= 2 && part.utf8.allSatisfy { (0x61...0x7A).contains($0) }
    }
}

/// The seconds of a duration such as `90s`, `15m`, `2h`, `1d` or `1h30m`.
///
/// Units go from the largest to the smallest, each at most once. Nil for a text of any other
/// form, and for a duration of zero or of more than a hundred years.
public func seconds(in text: String) -> Int? {
  let units: [(Character, Int)] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]
  let limit = 100 * 365 * 86_400
  var total = 0
  var next = 0
  var rest = text[...]
  while !rest.isEmpty {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    rest = rest.dropFirst(digits.count)
    guard let number = Int(digits), number <= limit, let letter = rest.popFirst(),
      let unit = units[next...].firstIndex(where: { $0.0 == letter })
    else { return nil }
    total += number * units[unit].1
    next = unit + 1
  }
  return (1...limit).contains(total) ? total : nil
}

/// What is wrong with a store's address, to be read after its name; nil if nothing is.
///
/// A store is a folder's path or `s3://bucket/prefix`. Nothing is looked up.
public func problemOfStore(_ text: String) -> String? {
  let forms = "must be a folder or s3://bucket/prefix"
  if text.isEmpty { return forms }
  if text.hasPrefix("s3://") {
    guard let location = S3Location(text), isBucketName(location.bucket) else {
      return "\(forms), with a bucket's name"
    }
    let parts = location.rest.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropFirst().dropLast().contains("") ? "\(forms), without empty parts" : nil
  }
  let beforeColon = text.prefix { $0 != ":" }
  let foreign =
    text.contains("://")
    || ["arn", "file", "s3", "s3a", "s3n"].contains(beforeColon.lowercased())
      && beforeColon.endIndex != text.endIndex
  return foreign ? forms : nil
}

/// Whether a text can name a bucket of S3, old ones included: these may have capitals,
/// underscores and up to 255 characters.
func isBucketName(_ text: String) -> Bool {
  func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
  }
  guard (3...255).contains(text.count), text.first.map(isPlain) == true else { return false }
  return text.allSatisfy { isPlain($0) || "-._".contains($0) }
}

/// Whether a text can be a principal: an ARN, or an account id alone or with a group behind it.
func isPrincipal(_ text: String) -> Bool {
  ARN(text) != nil || text.split(separator: ":").first.map { isAccountID(String($0)) } == true
}
