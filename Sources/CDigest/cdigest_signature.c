#include "cdigest_signature.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <string.h>

static EVP_PKEY *read_key(const char *pem) {
  BIO *text = BIO_new_mem_buf(pem, -1);
  EVP_PKEY *key = text ? PEM_read_bio_PUBKEY(text, NULL, NULL, NULL) : NULL;
  BIO_free(text);
  return key;
}

bool cdigest_same_key(const char *pem, const char *other) {
  EVP_PKEY *first = read_key(pem), *second = read_key(other);
  bool same = first && second && EVP_PKEY_eq(first, second) == 1;
  EVP_PKEY_free(first);
  EVP_PKEY_free(second);
  return same;
}

// The key's type has to be that of the algorithm: an RSA key says nothing of ECDSA.
static bool begin(EVP_PKEY_CTX *context, EVP_PKEY *key, bool pss) {
  if (EVP_PKEY_get_base_id(key) != (pss ? EVP_PKEY_RSA : EVP_PKEY_EC)) return false;
  if (EVP_PKEY_verify_init(context) != 1) return false;
  if (pss && (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) != 1 ||
              EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) != 1))
    return false;
  return EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1;
}

// `signature` is base64 with its padding, which counts as three bytes a block in what is decoded.
static long decode(const char *signature, unsigned char *bytes, size_t room) {
  size_t length = strlen(signature);
  if (length == 0 || length % 4 != 0 || length / 4 * 3 > room) return -1;
  long count = EVP_DecodeBlock(bytes, (const unsigned char *)signature, (int)length);
  if (count < 0) return -1;
  if (signature[length - 1] == '=') count--;
  if (signature[length - 2] == '=') count--;
  return count;
}

bool cdigest_verify(const char *pem, bool pss, const uint8_t *digest, const char *signature) {
  unsigned char bytes[4096];
  long count = decode(signature, bytes, sizeof bytes);
  EVP_PKEY *key = read_key(pem);
  EVP_PKEY_CTX *context = key ? EVP_PKEY_CTX_new(key, NULL) : NULL;
  bool valid = count > 0 && context && begin(context, key, pss) &&
               EVP_PKEY_verify(context, bytes, (size_t)count, digest, 32) == 1;
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(key);
  return valid;
}
