"""Service Quotas of Glue and Lake Formation; moto knows those of VPC only.

The values are AWS's defaults, by "AWS Glue endpoints and quotas" and "AWS Lake Formation endpoints and quotas" of the
general reference. Codes are invented: AWS's are not published in one place. `RequestServiceQuotaIncrease` is granted
at once, or, by a lower value, taken away: AWS lets nobody lower a quota, and a test has to have one that is reached.
"""

from typing import Any

from moto.servicequotas.models import servicequotas_backends

from emulator.aws.paging import page
from emulator.aws.registry import handles
from emulator.front.call import Call
from emulator.front.errors import AWSError

DEFAULTS = {
    "glue": {
        "Max databases per account": 10_000, "Max tables per account": 1_000_000,
        "Max tables per database": 200_000, "Max partitions per account": 20_000_000,
        "Max partitions per table": 10_000_000, "Max functions per account": 100,
        "Max functions per database": 100, "Max connections per account": 1_000,
    },
    "lakeformation": {"Number of registered paths": 10_000, "Maximum number of LF-tags": 1_000},
}


def quotas(call: Call, service: str) -> dict[str, dict[str, Any]]:
    """The quotas of a service by their codes."""
    if service not in DEFAULTS:
        raise AWSError("NoSuchResourceException", f"The request failed because {service} is not known.", 404)
    kept = servicequotas_backends[call.account][call.region].__dict__.setdefault("standin_quotas", {})
    found = {}
    for number, (name, value) in enumerate(DEFAULTS[service].items()):
        code = f"L-{service.upper()[:4]}{number:04}"
        found[code] = {
            "ServiceCode": service, "ServiceName": service, "QuotaCode": code, "QuotaName": name,
            "QuotaArn": f"arn:aws:servicequotas:{call.region}:{call.account}:{service}/{code}",
            "Value": float(kept.get((service, code), value)), "Unit": "None", "Adjustable": True, "GlobalQuota": False,
        }
    return found


@handles("service-quotas", "ListServiceQuotas")
def list_quotas(call: Call) -> dict[str, Any]:
    chosen, more = page(call, list(quotas(call, call.params["ServiceCode"]).values()), 100)
    return {"Quotas": list(chosen), **more}


def find(call: Call) -> dict[str, Any]:
    found = quotas(call, call.params["ServiceCode"]).get(call.params["QuotaCode"])
    if found is None:
        raise AWSError("NoSuchResourceException", "The request failed because the specified quota does not exist.", 404)
    return found


@handles("service-quotas", "GetServiceQuota")
def get_quota(call: Call) -> dict[str, Any]:
    return {"Quota": find(call)}


@handles("service-quotas", "RequestServiceQuotaIncrease")
def request_increase(call: Call) -> dict[str, Any]:
    quota = find(call)
    kept = servicequotas_backends[call.account][call.region].__dict__.setdefault("standin_quotas", {})
    kept[quota["ServiceCode"], quota["QuotaCode"]] = call.params["DesiredValue"]
    return {"RequestedQuota": {
        "Id": "1", "ServiceCode": quota["ServiceCode"], "QuotaCode": quota["QuotaCode"], "QuotaName": quota["QuotaName"],
        "DesiredValue": call.params["DesiredValue"], "Status": "APPROVED"}}
