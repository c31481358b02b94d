// Written by tools/generate-aws-model.py from botocore's service models. Do not edit.

extension AWSOperation {
  public static let serviceQuotasGetServiceQuota = AWSOperation(
    .serviceQuotas, "GetServiceQuota", effect: .read)
  public static let serviceQuotasListServiceQuotas = AWSOperation(
    .serviceQuotas, "ListServiceQuotas", effect: .read,
    paging: Paging(
      list: "Quotas",
      inputToken: "NextToken",
      outputToken: "NextToken",
      limit: "MaxResults",
      largest: 100))
}
