// A C face for simdjson: canonical JSON, pages cut into records, and a visitor.
//
// Canonical form: object members sorted by the code points of their names, no white space,
// number tokens exactly as they came, strings in UTF-8 with the shortest escapes, unpaired
// surrogates kept as \udXXX in lower case.
#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A reader owns its buffers and reuses them from call to call. One thread at a time.
typedef struct csj_reader csj_reader;

typedef struct {
  const uint8_t *bytes;
  size_t count;
} csj_slice;

typedef struct {
  bool list_found;            // whether the object has the list member at all
  const csj_slice *elements;  // each element of the list, canonical
  size_t element_count;
  const csj_slice *names;     // the naming member of each, canonical; without bytes where there is none
  csj_slice list;             // all elements, one right behind the other
  csj_slice rest;             // the object without the list member, canonical
} csj_page;

typedef struct {
  void *context;
  void (*null_value)(void *context);
  void (*bool_value)(void *context, bool value);
  void (*number)(void *context, const uint8_t *token, size_t count);
  // Decoded UTF-8, or, when `unpaired`, the canonical token between its quotes.
  void (*string)(void *context, const uint8_t *bytes, size_t count, bool unpaired);
  void (*key)(void *context, const uint8_t *bytes, size_t count, bool unpaired);
  void (*begin_object)(void *context);
  void (*end_object)(void *context);
  void (*begin_array)(void *context);
  void (*end_array)(void *context);
} csj_visitor;

csj_reader *csj_reader_create(void);
void csj_reader_destroy(csj_reader *reader);

// Each returns NULL when it is done, or a message that lives as long as the program.
// Behind the text `behind` bytes can be read, whatever they are: a text with many of them is not copied.
// What a slice points at lives until the next call with the same reader.
const char *csj_canonicalize(csj_reader *reader, const uint8_t *text, size_t count, size_t behind,
                             csj_slice *canonical);
// `name_member` may be NULL: no names then.
const char *csj_read_page(csj_reader *reader, const uint8_t *text, size_t count, size_t behind,
                          const char *list_member, const char *name_member, csj_page *page);
const char *csj_visit(csj_reader *reader, const uint8_t *text, size_t count, size_t behind,
                      const csj_visitor *visitor);

// The buffer that the slices of the last canonical form or page point into, for the caller to keep
// and to free() one day. NULL where there is none.
uint8_t *csj_take_output(csj_reader *reader);

#ifdef __cplusplus
}
#endif
#endif
