// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let cloudTrailLookupEvents = AWSOperation(
    .cloudTrail, "LookupEvents", effect: .read,
    paging: Paging(
      list: "Events",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 50))
}
