// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSShape {
  static let snsXML: [String: XMLShape] = [
    "PublishResponse": .object([
      .init("MessageId", "MessageId", "text"), .init("SequenceNumber", "SequenceNumber", "text"),
    ])
  ]
}
