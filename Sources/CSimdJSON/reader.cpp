#include "csimdjson.h"
#include "writer.hpp"

#include <cstring>
#include <new>

using namespace simdjson;
using canonical::Failure;
using canonical::Writer;

struct csj_reader {
  ondemand::parser parser;
  std::string input;
  std::string output;
  std::vector<csj_slice> elements;

  // simdjson reads past the end of the text: the copy leaves it room for that.
  ondemand::document open(const uint8_t *text, size_t count) {
    if (input.capacity() < count + SIMDJSON_PADDING) input.reserve(count + SIMDJSON_PADDING);
    input.assign(reinterpret_cast<const char *>(text), count);
    input.append(SIMDJSON_PADDING, ' ');
    return parser.iterate(input.data(), count, input.size());
  }

  const char *end() const { return input.data() + input.size(); }
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

csj_slice slice_of(const std::string &bytes, size_t begin, size_t end) {
  return {reinterpret_cast<const uint8_t *>(bytes.data()) + begin, end - begin};
}

// Writes the elements of the list, then the rest of the object, into one buffer. Offsets are
// turned into pointers only when the buffer has stopped growing.
void read_page(csj_reader &reader, ondemand::document &document, std::string_view list,
               csj_page &page) {
  Writer writer(reader.end(), std::move(reader.output));
  std::vector<size_t> ends;
  page.list_found = false;
  ondemand::object object = document.get_object();
  for (auto result : object) {
    ondemand::field field = std::move(result).take_value();
    if (canonical::raw_string(field.key(), reader.end()) != list) continue;
    if (page.list_found) throw Failure{"an object with a name twice"};
    page.list_found = true;
    if (field.value().is_null()) continue;
    for (auto element : field.value().get_array()) {
      writer.write(std::move(element).take_value(), 1);
      ends.push_back(writer.out.size());
    }
  }
  expect_end(document);
  size_t rest = writer.out.size();
  document.rewind();
  writer.write_object(document.get_object(), 0, list);
  reader.output = std::move(writer.out);

  reader.elements.clear();
  size_t begin = 0;
  for (size_t end : ends) {
    reader.elements.push_back(slice_of(reader.output, begin, end));
    begin = end;
  }
  page.elements = reader.elements.data();
  page.element_count = reader.elements.size();
  page.rest = slice_of(reader.output, rest, reader.output.size());
}

void visit_string(std::string_view raw, void *context,
                  void (*emit)(void *, const uint8_t *, size_t, bool)) {
  bool unpaired = false;
  std::string text = canonical::decode(raw, unpaired);
  if (unpaired) {
    text.clear();
    canonical::append_canonical_string(text, raw);
  }
  emit(context, reinterpret_cast<const uint8_t *>(text.data()), text.size(), unpaired);
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

const char *csj_canonicalize(csj_reader *reader, const uint8_t *text, size_t count,
                             csj_slice *canonical_form) {
  return guarded([&] {
    ondemand::document document = reader->open(text, count);
    Writer writer(reader->end(), std::move(reader->output));
    writer.write(root_of(document), 0);
    expect_end(document);
    reader->output = std::move(writer.out);
    *canonical_form = slice_of(reader->output, 0, reader->output.size());
  });
}

const char *csj_read_page(csj_reader *reader, const uint8_t *text, size_t count,
                          const char *list_member, csj_page *page) {
  return guarded([&] {
    ondemand::document document = reader->open(text, count);
    read_page(*reader, document, list_member, *page);
  });
}

const char *csj_visit(csj_reader *reader, const uint8_t *text, size_t count,
                      const csj_visitor *visitor) {
  return guarded([&] {
    ondemand::document document = reader->open(text, count);
    visit(root_of(document), *visitor, reader->end(), 0);
    expect_end(document);
  });
}
