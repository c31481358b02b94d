/// What was asked of AWS, or why there is no answer. What is not known is no pass, and no fault.
public enum Answer<Value: Sendable>: Sendable {
  case known(Value)
  /// Why it is not known, in a few words.
  case unknown(String)

  /// Nil where it is not known.
  public var value: Value? {
    if case .known(let value) = self { value } else { nil }
  }

  /// Nil where it is known.
  public var reason: String? {
    if case .unknown(let reason) = self { reason } else { nil }
  }
}

extension Answer: Equatable where Value: Equatable {}
