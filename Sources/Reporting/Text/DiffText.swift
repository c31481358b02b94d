import CanonicalJSON
import MeshModel

/// Tells people what became of records. Lines are never wrapped: keys are there to be copied.
public struct DiffText: Sendable {
  /// Whole values, however long they are.
  private let whole: Bool
  private static let longest = 100

  /// - Parameter whole: shows long values to their end.
  public init(whole: Bool = false) {
    self.whole = whole
  }

  /// A line for each record with a line for each member that changed, and the counts.
  public func changes(_ changes: [RecordChange]) -> String {
    guard !changes.isEmpty else { return "no differences" }
    let counts = RecordChange.What.allCases.compactMap { what -> String? in
      let count = changes.count { $0.what == what }
      return count == 0 ? nil : "\(Figures.count(count)) \(what.rawValue)"
    }
    return (changes.flatMap(lines) + [counts.joined(separator: ", ")]).joined(separator: "\n")
  }

  private func lines(_ change: RecordChange) -> [String] {
    let sign =
      switch change.what {
      case .added: "+"
      case .removed: "-"
      case .changed: "~"
      }
    let head = "\(sign) \(Printable.clean(change.key.text))"
    guard change.values.isEmpty else {
      return [head] + change.values.map(line)
    }
    let fields = change.fields.joined(separator: ", ")
    return [fields.isEmpty ? head : "\(head)  \(Printable.clean(fields))"]
  }

  private func line(_ field: FieldChange) -> String {
    "    \(Printable.clean(field.path)): \(text(field.old)) → \(text(field.new))"
  }

  private func text(_ value: JSON?) -> String {
    guard let value else { return "(none)" }
    let text = Printable.clean(value.canonicalText)
    return whole ? text : Printable.cut(text, to: Self.longest)
  }
}
