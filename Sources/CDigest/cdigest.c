#include "cdigest.h"

#include <openssl/evp.h>

// The context of libcrypto is the digest: the struct is never defined.
static EVP_MD_CTX *context(cdigest *digest) { return (EVP_MD_CTX *)digest; }

cdigest *cdigest_sha256_create(void) {
  EVP_MD_CTX *created = EVP_MD_CTX_new();
  if (created && EVP_DigestInit_ex(created, EVP_sha256(), NULL) == 1) return (cdigest *)created;
  EVP_MD_CTX_free(created);
  return NULL;
}

bool cdigest_update(cdigest *digest, const void *bytes, size_t count) {
  return EVP_DigestUpdate(context(digest), bytes, count) == 1;
}

bool cdigest_finish(cdigest *digest, uint8_t *result) {
  return EVP_DigestFinal_ex(context(digest), result, NULL) == 1 &&
         EVP_DigestInit_ex(context(digest), EVP_sha256(), NULL) == 1;
}

void cdigest_destroy(cdigest *digest) { EVP_MD_CTX_free(context(digest)); }
