// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let cloudWatchGetMetricData = AWSOperation(
    .cloudWatch, "GetMetricData", effect: .read,
    paging: Paging(
      list: "MetricDataResults",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxDatapoints",
      largest: nil))
  public static let cloudWatchListMetrics = AWSOperation(
    .cloudWatch, "ListMetrics", effect: .read,
    paging: Paging(
      list: "Metrics",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: nil,
      largest: nil))
}
