#include "cyaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct cyaml_parser {
  yaml_parser_t yaml;
  yaml_event_t current;
  bool has_current;
  uint8_t *input;
};

cyaml_parser *cyaml_parser_new(const uint8_t *bytes, size_t count) {
  cyaml_parser *parser = calloc(1, sizeof *parser);
  if (!parser) return NULL;
  parser->input = malloc(count ? count : 1);
  if (!parser->input || !yaml_parser_initialize(&parser->yaml)) {
    free(parser->input);
    free(parser);
    return NULL;
  }
  if (count) memcpy(parser->input, bytes, count);
  yaml_parser_set_encoding(&parser->yaml, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser->yaml, parser->input, count);
  return parser;
}

static void drop_current(cyaml_parser *parser) {
  if (parser->has_current) yaml_event_delete(&parser->current);
  parser->has_current = false;
}

void cyaml_parser_free(cyaml_parser *parser) {
  if (!parser) return;
  drop_current(parser);
  yaml_parser_delete(&parser->yaml);
  free(parser->input);
  free(parser);
}

static cyaml_kind kind_of(yaml_event_type_t type) {
  switch (type) {
    case YAML_DOCUMENT_START_EVENT: return CYAML_DOCUMENT;
    case YAML_DOCUMENT_END_EVENT: return CYAML_DOCUMENT_END;
    case YAML_SCALAR_EVENT: return CYAML_SCALAR;
    case YAML_SEQUENCE_START_EVENT: return CYAML_LIST;
    case YAML_SEQUENCE_END_EVENT: return CYAML_LIST_END;
    case YAML_MAPPING_START_EVENT: return CYAML_MAP;
    case YAML_MAPPING_END_EVENT: return CYAML_MAP_END;
    case YAML_ALIAS_EVENT: return CYAML_ALIAS;
    default: return CYAML_STREAM_END;
  }
}

static void fill(cyaml_event *event, const yaml_event_t *from) {
  event->kind = kind_of(from->type);
  event->line = from->start_mark.line;
  event->column = from->start_mark.column;
  if (from->type == YAML_SCALAR_EVENT) {
    event->bytes = from->data.scalar.value;
    event->count = from->data.scalar.length;
    event->plain = from->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    event->anchored = from->data.scalar.anchor != NULL;
    event->tagged = from->data.scalar.tag != NULL;
  } else if (from->type == YAML_SEQUENCE_START_EVENT) {
    event->anchored = from->data.sequence_start.anchor != NULL;
    event->tagged = from->data.sequence_start.tag != NULL;
  } else if (from->type == YAML_MAPPING_START_EVENT) {
    event->anchored = from->data.mapping_start.anchor != NULL;
    event->tagged = from->data.mapping_start.tag != NULL;
  }
}

bool cyaml_parser_next(cyaml_parser *parser, cyaml_event *event) {
  do {
    drop_current(parser);
    if (!yaml_parser_parse(&parser->yaml, &parser->current)) return false;
    parser->has_current = true;
  } while (parser->current.type == YAML_STREAM_START_EVENT);
  memset(event, 0, sizeof *event);
  fill(event, &parser->current);
  return true;
}

cyaml_problem cyaml_parser_problem(const cyaml_parser *parser) {
  const yaml_parser_t *yaml = &parser->yaml;
  return (cyaml_problem){
      .message = yaml->problem ? yaml->problem : "memory is out",
      .context = yaml->context,
      .context_line = yaml->context_mark.line,
      .at_offset = yaml->error == YAML_READER_ERROR,
      .offset = yaml->problem_offset,
      .line = yaml->problem_mark.line,
      .column = yaml->problem_mark.column,
  };
}
