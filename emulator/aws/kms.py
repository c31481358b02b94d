"""KMS: signatures as they can be checked outside of it.

moto hashes a digest once more, salts PSS with as much as fits, and answers a wrong signature with
`SignatureValid: false`. "Sign", "Verify" and "GetPublicKey" in the API reference, and the developer
guide's "Key spec reference" (PSS salt as long as the digest), say what is right.
"""

import base64
import hashlib
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
from moto.kms.models import kms_backends

from emulator.aws.registry import handles
from emulator.front.call import Call
from emulator.front.errors import AWSError

HASHES: dict[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}


def signing_key(call: Call) -> Any:
    """The asymmetric key that the call names by id, ARN or alias."""
    named = str(call.get("KeyId"))
    account, region = call.account, call.region
    if named.startswith("arn:"):
        account, elsewhere = named.split(":")[4], named.split(":")[3] != region
        if elsewhere:
            raise AWSError("NotFoundException", f"Invalid arn {named.split(':')[3]}")
    backend = kms_backends[account][region]
    key = backend.keys.get(backend.any_id_to_key_id(named))
    if key is None:
        raise AWSError("NotFoundException", f"Key '{named}' does not exist")
    if not key.enabled or key.key_state != "Enabled":
        raise AWSError("DisabledException", f"{key.arn} is disabled.")
    if key.key_usage != "SIGN_VERIFY":
        raise AWSError("InvalidKeyUsageException", f"{key.arn} key usage is {key.key_usage} which is not valid for this.")
    return key


def prehashed(call: Call, key: Any) -> tuple[bytes, str]:
    """The digest that is signed, and the algorithm's name."""
    algorithm = str(call.get("SigningAlgorithm"))
    if algorithm not in (key.signing_algorithms or []):
        raise AWSError("InvalidKeyUsageException", f"Algorithm {algorithm} is not supported by key {key.arn}.")
    message = base64.b64decode(call.get("Message"))
    size = algorithm[-3:]
    if call.get("MessageType", "RAW") == "RAW":
        message = hashlib.new(f"sha{size}", message).digest()
    if len(message) != int(size) // 8:
        raise AWSError("ValidationException", f"Digest is invalid length for algorithm {algorithm}.")
    return message, algorithm


def scheme(algorithm: str) -> tuple[Any, ...]:
    chosen = HASHES[algorithm[-3:]]
    if algorithm.startswith("ECDSA"):
        return (ec.ECDSA(utils.Prehashed(chosen)),)
    pad = padding.PSS(padding.MGF1(chosen), padding.PSS.DIGEST_LENGTH) if "PSS" in algorithm else padding.PKCS1v15()
    return pad, utils.Prehashed(chosen)


@handles("kms", "Sign")
def sign(call: Call) -> dict[str, Any]:
    key = signing_key(call)
    digest, algorithm = prehashed(call, key)
    signature = key.private_key.private_key.sign(digest, *scheme(algorithm))
    return {"KeyId": key.arn, "Signature": base64.b64encode(signature).decode(), "SigningAlgorithm": algorithm}


@handles("kms", "Verify")
def verify(call: Call) -> dict[str, Any]:
    key = signing_key(call)
    digest, algorithm = prehashed(call, key)
    try:
        key.private_key.private_key.public_key().verify(base64.b64decode(call.get("Signature")), digest, *scheme(algorithm))
    except InvalidSignature as error:
        raise AWSError("KMSInvalidSignatureException", "") from error
    return {"KeyId": key.arn, "SignatureValid": True, "SigningAlgorithm": algorithm}


@handles("kms", "GetPublicKey")
def get_public_key(call: Call) -> dict[str, Any]:
    key = signing_key(call)
    return {
        "KeyId": key.arn, "PublicKey": base64.b64encode(key.private_key.public_key()).decode(),
        "KeySpec": key.key_spec, "CustomerMasterKeySpec": key.key_spec, "KeyUsage": key.key_usage,
        "SigningAlgorithms": key.signing_algorithms}
