import CanonicalJSON

extension JSON {
  /// A time in an answer, in seconds since 1970: protocols write a number, or a text.
  public var time: Double? { double ?? string.flatMap(Timestamps.iso8601) }

  /// A time as protocols in JSON take it.
  /// - Parameter time: seconds since 1970.
  public init(time: Double) { self = JSON(Int(time)) }
}
