// A flat face for libyaml's event API: one parser handle, one event struct without unions.
#ifndef CYAML_H
#define CYAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  CYAML_STREAM_END,
  CYAML_DOCUMENT,
  CYAML_DOCUMENT_END,
  CYAML_SCALAR,
  CYAML_LIST,
  CYAML_LIST_END,
  CYAML_MAP,
  CYAML_MAP_END,
  CYAML_ALIAS,
} cyaml_kind;

// Lines and columns count from 0; columns count characters, not bytes. The pointers are valid
// until the next call with the same parser.
typedef struct {
  cyaml_kind kind;
  size_t line;
  size_t column;
  const uint8_t *bytes;  // of a scalar: its value in UTF-8, which may hold NUL
  size_t count;
  bool plain;            // of a scalar: written without quotes and not as a block
  bool anchored;
  bool tagged;
} cyaml_event;

typedef struct {
  const char *message;   // never NULL
  const char *context;   // what was being read; may be NULL
  size_t context_line;   // where that began
  bool at_offset;        // the reader stopped: only `offset`, in bytes, says where
  size_t offset;
  size_t line;
  size_t column;
} cyaml_problem;

typedef struct cyaml_parser cyaml_parser;

// Copies the bytes, which must be UTF-8. NULL when memory is out.
cyaml_parser *cyaml_parser_new(const uint8_t *bytes, size_t count);
void cyaml_parser_free(cyaml_parser *parser);

// False on a syntax error, which cyaml_parser_problem then describes. After a false or a
// CYAML_STREAM_END it must not be called again.
bool cyaml_parser_next(cyaml_parser *parser, cyaml_event *event);
cyaml_problem cyaml_parser_problem(const cyaml_parser *parser);

#ifdef __cplusplus
}
#endif
#endif
