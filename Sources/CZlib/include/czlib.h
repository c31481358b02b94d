// zlib's inflate over memory, with what Swift can't see of it: macros that hold a struct's size.
#ifndef CZLIB_H
#define CZLIB_H

#include <stddef.h>
#include <stdint.h>

enum czlib_form {
  CZLIB_RAW = -15,  // deflate without a header, as Avro has it, perhaps with zlib's checksum behind it
  CZLIB_GZIP = 31,
};

enum czlib_result {
  CZLIB_DONE,
  CZLIB_FULL,     // `capacity` was too small
  CZLIB_DAMAGED,  // no such data, data behind its end, or no end
  CZLIB_NO_MEMORY,
};

// Inflates all of `input`, which is one stream; `written` is set to the bytes in `output`.
enum czlib_result czlib_inflate(enum czlib_form form, const uint8_t *input, size_t count, uint8_t *output,
                                size_t capacity, size_t *written);

// A stream that is inflated as it comes; NULL where there is no memory.
struct czlib_stream;
struct czlib_stream *czlib_open(enum czlib_form form);

// Inflates some of `input`: `consumed` and `written` are set. CZLIB_FULL: call again, with the input that is
// left; there may be more. CZLIB_DONE: a stream has ended, and what is left of the input begins another.
enum czlib_result czlib_next(struct czlib_stream *stream, const uint8_t *input, size_t count, size_t *consumed,
                             uint8_t *output, size_t capacity, size_t *written);

void czlib_close(struct czlib_stream *stream);

// CRC-32 of all of `input`.
uint32_t czlib_crc32(const uint8_t *input, size_t count);

#endif
