// Signatures over SHA-256 digests, checked by libcrypto.
#ifndef CDIGEST_SIGNATURE_H
#define CDIGEST_SIGNATURE_H

#include <stdbool.h>
#include <stdint.h>

// Whether both texts hold the same public key (PEM, SubjectPublicKeyInfo). False where one can't be
// read.
bool cdigest_same_key(const char *pem, const char *other);

// Whether `signature` (base64) over the 32 bytes of `digest` is that of the key: RSASSA-PSS with
// MGF1 and a salt as long as the digest, or ECDSA with the signature in DER. False for anything that
// can't be read.
bool cdigest_verify(const char *pem, bool pss, const uint8_t *digest, const char *signature);

#endif
