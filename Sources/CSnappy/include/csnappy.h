// Snappy's raw format, through the library's own C interface, which takes characters for bytes.
#ifndef CSNAPPY_H
#define CSNAPPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Sets `length` to what `input` says that it grows to; false where it says nothing.
bool csnappy_length(const uint8_t *input, size_t count, size_t *length);

// Unpacks all of `input` into `output`, which has room for the `length` that it says; false where the data
// is damaged or grows to anything else.
bool csnappy_unpack(const uint8_t *input, size_t count, uint8_t *output, size_t length);

#endif
