// Digests and message authentication from libcrypto.
#ifndef MESHDR_CCRYPTO_H
#define MESHDR_CCRYPTO_H

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#endif
