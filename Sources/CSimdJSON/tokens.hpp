// The tokens of a JSON text, as simdjson's first stage finds them: 64 bytes at a time, with the
// widest instructions that the processor has. It checks that the text is UTF-8 and that every string
// has an end and no bare control characters; the order of the tokens is for who walks them to check.
#ifndef CSIMDJSON_TOKENS_HPP
#define CSIMDJSON_TOKENS_HPP

#include <simdjson.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace canonical {

// What ends a reading. The message is a literal.
struct Failure {
  const char *message;
};

constexpr int kMaximumDepth = 512;

// How many bytes behind every token can be read.
constexpr size_t kSlack = 64;

// A string token as it stood between its quotes.
struct RawString {
  std::string_view text;
  bool has_escape;
};

// A place among the tokens.
class Cursor {
 public:
  Cursor(const char *text, size_t size, const uint32_t *begin, const uint32_t *end)
      : text_(text), at_(begin), end_(end), size_(uint32_t(size)) {}

  // How many tokens are left.
  size_t count() const { return size_t(end_ - at_); }

  bool at_end() const { return at_ == end_; }

  // The first character of the token; 0 at the end, where no token begins.
  char peek() const { return at_ == end_ ? '\0' : text_[*at_]; }

  void skip() { ++at_; }

  // Goes past a token of one character.
  void expect(char token, const char *message) {
    if (peek() != token) throw Failure{message};
    ++at_;
  }

  // The string at which the cursor stands. Nothing but white space lies between its last quote and
  // the next token.
  RawString string() {
    if (peek() != '"') throw Failure{"a name that is no string"};
    const char *begin = text_ + *at_ + 1;
    const char *last = text_ + next() - 1;
    while (last > begin && *last != '"') --last;
    if (last < begin || *last != '"') throw Failure{"a string without an end"};
    ++at_;
    size_t size = size_t(last - begin);
    return {{begin, size}, has_backslash(begin, size)};
  }

  // Any other token of more than one character, with the white space behind it.
  std::string_view scalar() {
    const char *begin = text_ + *at_;
    std::string_view token(begin, size_t(text_ + next() - begin));
    ++at_;
    return token;
  }

 private:
  uint32_t next() const { return at_ + 1 == end_ ? size_ : at_[1]; }

  // Eight bytes at a time; those behind the end are not counted.
  static bool has_backslash(const char *text, size_t size) {
    if (size > 64) return memchr(text, '\\', size) != nullptr;
    constexpr uint64_t ones = 0x0101010101010101;
    uint64_t found = 0;
    while (true) {
      uint64_t word;
      memcpy(&word, text, sizeof word);
      word ^= ones * '\\';
      if (size < 8) {
        if (size == 0) break;
        word |= ~uint64_t(0) << 8 * size;
        found |= (word - ones) & ~word;
        break;
      }
      found |= (word - ones) & ~word;
      text += 8;
      size -= 8;
    }
    return (found & ones << 7) != 0;
  }

  static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first byte is the lowest");

  const char *text_;
  const uint32_t *at_;
  const uint32_t *end_;
  uint32_t size_;
};

// Goes past a value, whose form is not looked at.
inline void skip_value(Cursor &cursor) {
  size_t depth = 0;
  do {
    switch (cursor.peek()) {
      case '\0':
        throw Failure{"a value is missing"};
      case '{':
      case '[':
        ++depth;
        break;
      case '}':
      case ']':
        if (depth == 0) throw Failure{"a value is missing"};
        --depth;
    }
    cursor.skip();
  } while (depth > 0);
}

// Finds the tokens of one text after the other, reusing its buffers.
class Tokens {
 public:
  // The cursor, and what it gives, live as long as the text and until the next call.
  // Behind the text `behind` bytes can be read: a text with few of them is copied.
  Cursor scan(const uint8_t *text, size_t count, size_t behind) {
    if (count == 0) throw Failure{"no value"};
    const char *begin = reinterpret_cast<const char *>(text);
    if (behind < kSlack) {
      if (copy_.capacity() < count + kSlack) copy_.reserve(count + kSlack);
      copy_.assign(begin, count);
      copy_.append(kSlack, ' ');
      begin = copy_.data();
    }
    check(allocate(count));
    check(scanner_->stage1(reinterpret_cast<const uint8_t *>(begin), count,
                           simdjson::stage1_mode::regular));
    const uint32_t *indexes = scanner_->structural_indexes.get();
    return {begin, count, indexes, indexes + scanner_->n_structural_indexes};
  }

 private:
  simdjson::error_code allocate(size_t count) {
    if (!scanner_) {
      return simdjson::get_active_implementation()->create_dom_parser_implementation(
          count, kMaximumDepth, scanner_);
    }
    return count > scanner_->capacity() ? scanner_->set_capacity(count) : simdjson::SUCCESS;
  }

  static void check(simdjson::error_code code) {
    if (code) throw Failure{simdjson::error_message(code)};
  }

  std::unique_ptr<simdjson::internal::dom_parser_implementation> scanner_;
  std::string copy_;
};

// Calls `body(name)` for every member of an object, the cursor standing at the member's value, which
// `body` goes past.
template <typename Body>
void for_each_member(Cursor &cursor, Body body) {
  cursor.expect('{', "no object");
  if (cursor.peek() == '}') return cursor.skip();
  while (true) {
    RawString name = cursor.string();
    cursor.expect(':', "a member without a value");
    body(name);
    if (cursor.peek() == '}') return cursor.skip();
    cursor.expect(',', "an object without an end");
  }
}

// The same for every element of an array.
template <typename Body>
void for_each_element(Cursor &cursor, Body body) {
  cursor.expect('[', "no list");
  if (cursor.peek() == ']') return cursor.skip();
  while (true) {
    body();
    if (cursor.peek() == ']') return cursor.skip();
    cursor.expect(',', "a list without an end");
  }
}

}  // namespace canonical
#endif
