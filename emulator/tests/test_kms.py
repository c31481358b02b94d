"""KMS: signatures that can be checked by whoever has the public key."""

import hashlib

import pytest
from botocore.exceptions import ClientError
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

from emulator.tests.conftest import PRIMARY, SECONDARY, code_of

DIGEST = hashlib.sha256(b"manifest").digest()
CASES = [("RSA_2048", "RSASSA_PSS_SHA_256"), ("ECC_NIST_P256", "ECDSA_SHA_256")]


def make(kms, spec: str) -> str:
    return kms.create_key(KeySpec=spec, KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]


def sign(kms, key: str, algorithm: str, message: bytes = DIGEST, kind: str = "DIGEST") -> bytes:
    return kms.sign(KeyId=key, Message=message, MessageType=kind, SigningAlgorithm=algorithm)["Signature"]


@pytest.mark.parametrize("spec,algorithm", CASES)
@pytest.mark.parametrize("message,kind", [(DIGEST, "DIGEST"), (b"manifest", "RAW")])
def test_a_signature_can_be_checked_outside(standin, spec, algorithm, message, kind):
    kms = standin.client("kms", region=SECONDARY)
    key = make(kms, spec)
    signature = sign(kms, key, algorithm, message, kind)
    about = kms.get_public_key(KeyId=key)
    assert (about["KeyId"], about["KeySpec"]) == (key, spec)
    public = serialization.load_der_public_key(about["PublicKey"])
    prehashed = utils.Prehashed(hashes.SHA256())
    if spec.startswith("RSA"):
        public.verify(signature, DIGEST, padding.PSS(padding.MGF1(hashes.SHA256()), 32), prehashed)
    else:
        public.verify(signature, DIGEST, ec.ECDSA(prehashed))


@pytest.mark.parametrize("spec,algorithm", CASES)
def test_a_wrong_signature_is_an_error(standin, spec, algorithm):
    kms = standin.client("kms")
    key = make(kms, spec)
    members = {"KeyId": key, "MessageType": "DIGEST", "SigningAlgorithm": algorithm}
    signature = sign(kms, key, algorithm)
    assert kms.verify(Message=DIGEST, Signature=signature, **members)["SignatureValid"]
    with pytest.raises(ClientError) as error:
        kms.verify(Message=hashlib.sha256(b"other").digest(), Signature=signature, **members)
    assert code_of(error) == "KMSInvalidSignatureException"


def test_what_a_key_cannot_sign_is_refused(standin):
    kms = standin.client("kms")
    elliptic, symmetric = make(kms, "ECC_NIST_P256"), kms.create_key()["KeyMetadata"]["Arn"]
    cases = [(elliptic, "ECDSA_SHA_256", b"short", "ValidationException"),
             (elliptic, "RSASSA_PSS_SHA_256", DIGEST, "InvalidKeyUsageException"),
             (symmetric, "ECDSA_SHA_256", DIGEST, "InvalidKeyUsageException")]
    for key, algorithm, message, code in cases:
        with pytest.raises(ClientError) as error:
            sign(kms, key, algorithm, message)
        assert code_of(error) == code
    with pytest.raises(ClientError) as error:
        sign(standin.client("kms", region=SECONDARY), elliptic, "ECDSA_SHA_256")
    assert code_of(error) == "NotFoundException" and PRIMARY in str(error.value)
