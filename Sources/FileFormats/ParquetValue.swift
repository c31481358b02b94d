/// One value of one row.
public enum ParquetValue: Sendable, Hashable {
  /// Nothing. `defined` is how many of the optional groups on the column's path are there all the same:
  /// 0 where the outermost is not.
  case null(defined: Int)
  case truth(Bool)
  /// 32 or 64 bits; times as the column's type has them, mostly milliseconds or microseconds.
  case integer(Int64)
  case bytes(ArraySlice<UInt8>)
  /// Of a repeated column.
  case list([ParquetValue])

  public var isNull: Bool { if case .null = self { true } else { false } }
  /// Nil for anything but a truth value.
  public var truth: Bool? { if case .truth(let value) = self { value } else { nil } }
  /// Nil for anything but a number.
  public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
  /// Nil for anything but bytes.
  public var bytes: ArraySlice<UInt8>? { if case .bytes(let value) = self { value } else { nil } }

  /// A text; nil for nothing.
  /// - Throws: `FormatError` for what is no text.
  public func text() throws -> String? {
    switch self {
    case .null: return nil
    case .bytes(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw FormatError("a text of it is no UTF-8")
      }
      return text
    default: throw FormatError("a value of it is no text")
    }
  }
}

/// Some rows in a row, column by column.
public struct ParquetBatch: Sendable {
  /// How many rows it has.
  public let rows: Int
  /// In the order in which they were asked for.
  fileprivate(set) var columns: [ParquetValues]

  init(rows: Int, columns: [ParquetValues]) {
    self.rows = rows
    self.columns = columns
  }

  /// - Parameters:
  ///   - column: its place among those that were asked for.
  ///   - row: 0 up to `rows`.
  public subscript(column: Int, row: Int) -> ParquetValue { columns[column][row] }
}

/// The values of one column for some rows.
enum ParquetValues: Sendable {
  case page(ParquetPage, from: Int)
  case lists(ArraySlice<ParquetValue>)

  subscript(row: Int) -> ParquetValue {
    switch self {
    case .page(let page, let first): page[first + row]
    case .lists(let lists): lists[lists.startIndex + row]
    }
  }
}
