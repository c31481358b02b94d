// SHA-256 from libcrypto.
#ifndef CDIGEST_H
#define CDIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cdigest_signature.h"

enum { CDIGEST_SHA256_SIZE = 32 };

typedef struct cdigest cdigest;

// NULL where libcrypto has no memory or no SHA-256.
cdigest *cdigest_sha256_create(void);

bool cdigest_update(cdigest *digest, const void *bytes, size_t count);

// Writes CDIGEST_SHA256_SIZE bytes. The digest then begins anew.
bool cdigest_finish(cdigest *digest, uint8_t *result);

void cdigest_destroy(cdigest *digest);

#endif
