#include "csimdjson.h"
#include "writer.hpp"

#include <cstring>
#include <new>

using namespace simdjson;
using canonical::Failure;
using canonical::RawString;
using canonical::Writer;

struct csj_reader {
  ondemand::parser parser;
  std::string input;
  Writer writer;
  std::vector<csj_slice> elements;
  std::vector<csj_slice> names;

  const char *padded_end = nullptr;
  size_t size = 0;

  // simdjson reads past the end of the text: where there is no room for that, a copy has it.
  ondemand::document open(const uint8_t *text, size_t count, size_t behind) {
    const char *begin = reinterpret_cast<const char *>(text);
    if (behind < SIMDJSON_PADDING) {
      if (input.capacity() < count + SIMDJSON_PADDING) input.reserve(count + SIMDJSON_PADDING);
      input.assign(begin, count);
      input.append(SIMDJSON_PADDING, ' ');
      begin = input.data();
    }
    size = count;
    padded_end = begin + count + SIMDJSON_PADDING;
    return parser.iterate(begin, count, count + SIMDJSON_PADDING);
  }

  const char *end() const { return padded_end; }

  void begin_writing() { writer.begin(size, end()); }

  csj_slice written(size_t begin, size_t end) const {
    return {reinterpret_cast<const uint8_t *>(writer.out.data()) + begin, end - begin};
  }
};

namespace {

template <typename Body>
const char *guarded(Body body) {
  try {
    body();
    return nullptr;
  } catch (const Failure &failure) {
    return failure.message;
  } catch (const simdjson_error &error) {
    return error_message(error.error());
  } catch (const std::bad_alloc &) {
    return "out of memory";
  }
}

void expect_end(ondemand::document &document) {
  // Past the last token there is no location to tell.
  if (document.current_location().error() != OUT_OF_BOUNDS) {
    throw Failure{"something stands behind the value"};
  }
}

// simdjson tells a lone scalar apart from a structure by its first character.
ondemand::value root_of(ondemand::document &document) {
  if (document.is_scalar()) throw Failure{"neither an object nor an array"};
  return document.get_value();
}

// Writes one element of the list, and notes where it and the member that names it stand.
void read_element(csj_reader &reader, ondemand::value value, std::string_view name) {
  Writer &writer = reader.writer;
  size_t begin = writer.out.size();
  canonical::Span span;
  if (!name.empty() && value.type() == ondemand::json_type::object) {
    writer.write_object(value.get_object(), 1, {}, name, &span);
  } else {
    writer.write(value, 1);
  }
  reader.elements.push_back(reader.written(begin, writer.out.size()));
  if (name.empty()) return;
  reader.names.push_back(span.found ? reader.written(span.begin, span.end) : csj_slice{});
}

// Writes the elements of the list, then the rest of the object, into one buffer. That does not
// move: its size is known before.
void read_page(csj_reader &reader, ondemand::document &document, std::string_view list,
               std::string_view name, csj_page &page) {
  reader.begin_writing();
  reader.elements.clear();
  reader.names.clear();
  page.list_found = false;
  ondemand::object object = document.get_object();
  for (auto result : object) {
    ondemand::field field = std::move(result).take_value();
    if (canonical::raw_string(field.key(), reader.end()).text != list) continue;
    if (page.list_found) throw Failure{"an object with a name twice"};
    page.list_found = true;
    if (field.value().is_null()) continue;
    for (auto element : field.value().get_array()) {
      read_element(reader, std::move(element).take_value(), name);
    }
  }
  expect_end(document);
  size_t rest = reader.writer.out.size();
  document.rewind();
  reader.writer.write_object(document.get_object(), 0, list);

  page.elements = reader.elements.data();
  page.element_count = reader.elements.size();
  page.names = reader.names.data();
  page.list = reader.written(0, rest);
  page.rest = reader.written(rest, reader.writer.out.size());
}

void visit_string(RawString raw, void *context,
                  void (*emit)(void *, const uint8_t *, size_t, bool)) {
  auto bytes = [](const char *text) { return reinterpret_cast<const uint8_t *>(text); };
  if (!raw.has_escape) return emit(context, bytes(raw.text.data()), raw.text.size(), false);
  bool unpaired = false;
  std::string text = canonical::decode(raw.text, unpaired);
  if (!unpaired) return emit(context, bytes(text.data()), text.size(), false);
  canonical::Buffer token;
  token.begin(raw.text.size());
  canonical::append_canonical_string(token, raw.text);
  emit(context, bytes(token.data()), token.size(), true);
}

void visit_scalar(std::string_view raw, const csj_visitor &visitor) {
  std::string_view token = canonical::scalar_token(raw);
  if (token == "null") return visitor.null_value(visitor.context);
  if (token == "true" || token == "false") return visitor.bool_value(visitor.context, token == "true");
  visitor.number(visitor.context, reinterpret_cast<const uint8_t *>(token.data()), token.size());
}

void visit(ondemand::value value, const csj_visitor &visitor, const char *end, int depth) {
  if (depth > canonical::kMaximumDepth) throw Failure{"nested too deeply"};
  switch (value.type()) {
    case ondemand::json_type::object:
      visitor.begin_object(visitor.context);
      for (auto result : value.get_object()) {
        ondemand::field field = std::move(result).take_value();
        visit_string(canonical::raw_string(field.key(), end), visitor.context, visitor.key);
        visit(field.value(), visitor, end, depth + 1);
      }
      return visitor.end_object(visitor.context);
    case ondemand::json_type::array:
      visitor.begin_array(visitor.context);
      for (auto element : value.get_array()) {
        visit(std::move(element).take_value(), visitor, end, depth + 1);
      }
      return visitor.end_array(visitor.context);
    case ondemand::json_type::string:
      return visit_string(canonical::raw_string(value.get_raw_json_string(), end),
                          visitor.context, visitor.string);
    default:
      visit_scalar(value.raw_json_token(), visitor);
  }
}

}  // namespace

csj_reader *csj_reader_create(void) { return new (std::nothrow) csj_reader; }

void csj_reader_destroy(csj_reader *reader) { delete reader; }

const char *csj_canonicalize(csj_reader *reader, const uint8_t *text, size_t count, size_t behind,
                             csj_slice *canonical_form) {
  return guarded([&] {
    ondemand::document document = reader->open(text, count, behind);
    reader->begin_writing();
    reader->writer.write(root_of(document), 0);
    expect_end(document);
    *canonical_form = reader->written(0, reader->writer.out.size());
  });
}

const char *csj_read_page(csj_reader *reader, const uint8_t *text, size_t count, size_t behind,
                          const char *list_member, const char *name_member, csj_page *page) {
  return guarded([&] {
    ondemand::document document = reader->open(text, count, behind);
    read_page(*reader, document, list_member, name_member ? name_member : "", *page);
  });
}

const char *csj_visit(csj_reader *reader, const uint8_t *text, size_t count, size_t behind,
                      const csj_visitor *visitor) {
  return guarded([&] {
    ondemand::document document = reader->open(text, count, behind);
    visit(root_of(document), *visitor, reader->end(), 0);
    expect_end(document);
  });
}

uint8_t *csj_take_output(csj_reader *reader) {
  return reinterpret_cast<uint8_t *>(reader->writer.out.take());
}
