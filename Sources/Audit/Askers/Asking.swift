import AWSAccess
import CanonicalJSON
import Capture

extension Answer {
  /// What a question is answered; unknown where it fails, with what AWS says.
  static func asking(_ question: () async throws -> Value) async -> Answer {
    do {
      return .known(try await question())
    } catch let failure as AWSFailure {
      return .unknown(failure.inWords)
    } catch {
      return .unknown(String(describing: error))
    }
  }
}

extension AWSFailure {
  /// Without account and region, which the finding names.
  var inWords: String {
    let place = operation.isEmpty ? "" : "\(operation): "
    return "\(place)\(code): \(message)"
  }

  /// Whether nobody answered, as where a region is lost.
  var isSilence: Bool { status == nil || category == .transient }
}
