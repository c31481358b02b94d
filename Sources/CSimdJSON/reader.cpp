#include "csimdjson.h"
#include "writer.hpp"

#include <cstring>
#include <new>

using canonical::Cursor;
using canonical::Failure;
using canonical::RawString;
using canonical::Writer;

struct csj_reader {
  canonical::Tokens tokens;
  Writer writer;
  std::vector<csj_slice> elements;
  std::vector<csj_slice> names;

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
  } catch (const std::bad_alloc &) {
    return "out of memory";
  }
}

void expect_end(const Cursor &cursor) {
  if (!cursor.at_end()) throw Failure{"something stands behind the value"};
}

void expect_structure(const Cursor &cursor) {
  if (cursor.peek() != '{' && cursor.peek() != '[') {
    throw Failure{"neither an object nor an array"};
  }
}

// Writes one element of the list, and notes where it and the member that names it stand.
void read_element(csj_reader &reader, Cursor &cursor, std::string_view name) {
  Writer &writer = reader.writer;
  size_t begin = writer.out.size();
  canonical::Span span;
  if (!name.empty() && cursor.peek() == '{') {
    writer.write_object(cursor, 1, name, &span);
  } else {
    writer.write(cursor, 1);
  }
  reader.elements.push_back(reader.written(begin, writer.out.size()));
  if (name.empty()) return;
  reader.names.push_back(span.found ? reader.written(span.begin, span.end) : csj_slice{});
}

// Writes the elements of the list, then the rest of the object, into one buffer. That does not
// move: its size is known before.
void read_page(csj_reader &reader, Cursor cursor, size_t count, std::string_view list,
               std::string_view name, csj_page &page) {
  Writer &writer = reader.writer;
  writer.begin(count, cursor.count());
  reader.elements.clear();
  reader.names.clear();
  page.list_found = false;
  Cursor begin = cursor, behind = cursor;
  canonical::for_each_member(cursor, [&](RawString member) {
    if (member.text != list) return canonical::skip_value(cursor);
    if (page.list_found) throw Failure{"an object with a name twice"};
    page.list_found = true;
    if (cursor.peek() == 'n') {
      canonical::scalar_token(cursor.scalar());
    } else {
      canonical::for_each_element(cursor, [&] { read_element(reader, cursor, name); });
    }
    behind = cursor;
  });
  expect_end(cursor);
  size_t rest = writer.out.size();
  writer.write_object_without(begin, list, behind);

  page.elements = reader.elements.data();
  page.element_count = reader.elements.size();
  page.names = reader.names.data();
  page.list = reader.written(0, rest);
  page.rest = reader.written(rest, writer.out.size());
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
  token.set_end(canonical::put_canonical_string(token.end(), raw.text));
  emit(context, bytes(token.data()), token.size(), true);
}

void visit_scalar(std::string_view raw, const csj_visitor &visitor) {
  std::string_view token = canonical::scalar_token(raw);
  if (token == "null") return visitor.null_value(visitor.context);
  if (token == "true" || token == "false") return visitor.bool_value(visitor.context, token == "true");
  visitor.number(visitor.context, reinterpret_cast<const uint8_t *>(token.data()), token.size());
}

void visit(Cursor &cursor, const csj_visitor &visitor, int depth) {
  if (depth > canonical::kMaximumDepth) throw Failure{"nested too deeply"};
  switch (cursor.peek()) {
    case '{':
      visitor.begin_object(visitor.context);
      canonical::for_each_member(cursor, [&](RawString name) {
        visit_string(name, visitor.context, visitor.key);
        visit(cursor, visitor, depth + 1);
      });
      return visitor.end_object(visitor.context);
    case '[':
      visitor.begin_array(visitor.context);
      canonical::for_each_element(cursor, [&] { visit(cursor, visitor, depth + 1); });
      return visitor.end_array(visitor.context);
    case '"':
      return visit_string(cursor.string(), visitor.context, visitor.string);
    case '\0':
      throw Failure{"a value is missing"};
    default:
      visit_scalar(cursor.scalar(), visitor);
  }
}

}  // namespace

csj_reader *csj_reader_create(void) { return new (std::nothrow) csj_reader; }

void csj_reader_destroy(csj_reader *reader) { delete reader; }

const char *csj_canonicalize(csj_reader *reader, const uint8_t *text, size_t count, size_t behind,
                             csj_slice *canonical_form) {
  return guarded([&] {
    Cursor cursor = reader->tokens.scan(text, count, behind);
    reader->writer.begin(count, cursor.count());
    expect_structure(cursor);
    reader->writer.write(cursor, 0);
    expect_end(cursor);
    *canonical_form = reader->written(0, reader->writer.out.size());
  });
}

const char *csj_read_page(csj_reader *reader, const uint8_t *text, size_t count, size_t behind,
                          const char *list_member, const char *name_member, csj_page *page) {
  return guarded([&] {
    Cursor cursor = reader->tokens.scan(text, count, behind);
    read_page(*reader, cursor, count, list_member, name_member ? name_member : "", *page);
  });
}

const char *csj_visit(csj_reader *reader, const uint8_t *text, size_t count, size_t behind,
                      const csj_visitor *visitor) {
  return guarded([&] {
    Cursor cursor = reader->tokens.scan(text, count, behind);
    expect_structure(cursor);
    visit(cursor, *visitor, 0);
    expect_end(cursor);
  });
}

uint8_t *csj_take_output(csj_reader *reader) {
  return reinterpret_cast<uint8_t *>(reader->writer.out.take());
}
