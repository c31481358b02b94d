"""Checks the signatures of manifests with the openssl program, as docs/archive-format.md says."""

import base64
import subprocess
import tempfile
from pathlib import Path

PSS = ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"]
OPTIONS = {"ECDSA_SHA_256": [], "RSASSA_PSS_SHA_256": PSS}


def check_signature(store, manifest, read, require):
    """Nothing where there is no signature. `read` parses a file in canonical form."""
    path = store / "signatures" / f"{manifest['snapshot']}.json"
    if not path.exists():
        return
    signature = read(path)
    require(signature["snapshot"] == manifest["snapshot"], "the signature of another snapshot")
    require(signature["digest"] == manifest["digest"], "the signature of another manifest")
    require(signature["algorithm"] in OPTIONS, "an unknown algorithm")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "key").write_text(signature["publicKey"])
        (folder / "digest").write_bytes(bytes.fromhex(signature["digest"]))
        (folder / "signature").write_bytes(base64.b64decode(signature["signature"], validate=True))
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key", "-in", "digest",
                   "-sigfile", "signature", "-pkeyopt", "digest:sha256"]
        done = subprocess.run(command + OPTIONS[signature["algorithm"]], cwd=folder,
                              capture_output=True)
    require(done.returncode == 0, "a wrong signature")
