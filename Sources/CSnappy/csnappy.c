#include "csnappy.h"

#include <snappy-c.h>

bool csnappy_length(const uint8_t *input, size_t count, size_t *length) {
  return snappy_uncompressed_length((const char *)input, count, length) == SNAPPY_OK;
}

bool csnappy_unpack(const uint8_t *input, size_t count, uint8_t *output, size_t length) {
  size_t written = length;
  return snappy_uncompress((const char *)input, count, (char *)output, &written) == SNAPPY_OK &&
         written == length;
}
