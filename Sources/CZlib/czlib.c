#include "czlib.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

enum czlib_result czlib_inflate(enum czlib_form form, const uint8_t *input, size_t count, uint8_t *output,
                                size_t capacity, size_t *written) {
  *written = 0;
  if (count > UINT_MAX || capacity > UINT_MAX) return CZLIB_NO_MEMORY;
  z_stream stream = {
      .next_in = (Bytef *)input,
      .avail_in = (uInt)count,
      .next_out = output,
      .avail_out = (uInt)capacity,
  };
  int opened = inflateInit2(&stream, form);
  if (opened != Z_OK) return CZLIB_NO_MEMORY;
  int code = inflate(&stream, Z_FINISH);
  *written = capacity - stream.avail_out;
  int full = stream.avail_out == 0 && code != Z_STREAM_END;
  // What writers of Avro take off zlib's wrapping differs: up to its four bytes of checksum may be left.
  unsigned spare = form == CZLIB_RAW ? 4 : 0;
  int whole = code == Z_STREAM_END && stream.avail_in <= spare;
  inflateEnd(&stream);
  if (code == Z_MEM_ERROR) return CZLIB_NO_MEMORY;
  if (code == Z_DATA_ERROR || code == Z_NEED_DICT || code == Z_STREAM_ERROR) return CZLIB_DAMAGED;
  return whole ? CZLIB_DONE : full ? CZLIB_FULL : CZLIB_DAMAGED;
}

struct czlib_stream {
  z_stream stream;
  int ended;
};

struct czlib_stream *czlib_open(enum czlib_form form) {
  struct czlib_stream *opened = calloc(1, sizeof *opened);
  if (opened == NULL) return NULL;
  if (inflateInit2(&opened->stream, form) == Z_OK) return opened;
  free(opened);
  return NULL;
}

enum czlib_result czlib_next(struct czlib_stream *opened, const uint8_t *input, size_t count, size_t *consumed,
                             uint8_t *output, size_t capacity, size_t *written) {
  *consumed = *written = 0;
  if (count > UINT_MAX || capacity > UINT_MAX) return CZLIB_NO_MEMORY;
  z_stream *stream = &opened->stream;
  if (opened->ended && inflateReset(stream) != Z_OK) return CZLIB_DAMAGED;
  opened->ended = 0;
  stream->next_in = (Bytef *)input;
  stream->avail_in = (uInt)count;
  stream->next_out = output;
  stream->avail_out = (uInt)capacity;
  int code = inflate(stream, Z_NO_FLUSH);
  *consumed = count - stream->avail_in;
  *written = capacity - stream->avail_out;
  opened->ended = code == Z_STREAM_END;
  if (code == Z_MEM_ERROR) return CZLIB_NO_MEMORY;
  // Z_BUF_ERROR: nothing could be done, for want of input.
  if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR) return CZLIB_DAMAGED;
  return opened->ended ? CZLIB_DONE : CZLIB_FULL;
}

void czlib_close(struct czlib_stream *opened) {
  if (opened == NULL) return;
  inflateEnd(&opened->stream);
  free(opened);
}

uint32_t czlib_crc32(const uint8_t *input, size_t count) {
  return (uint32_t)crc32_z(crc32_z(0, NULL, 0), input, count);
}
