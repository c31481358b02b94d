// Canonical output of one JSON value, read through simdjson's on-demand API.
#ifndef CSIMDJSON_WRITER_HPP
#define CSIMDJSON_WRITER_HPP

#include <simdjson.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace canonical {

// What ends a reading. The message is a literal.
struct Failure {
  const char *message;
};

constexpr int kMaximumDepth = 512;

// Room of a size that is known before the writing begins: no append has to look whether there is
// some left. The canonical form of a text is never longer than the text.
class Buffer {
 public:
  // Empties the buffer and makes room.
  void begin(size_t count) {
    if (capacity_ < count + kSlack) {
      capacity_ = count + kSlack;
      bytes_.reset(new char[capacity_]);
    }
    at_ = bytes_.get();
  }

  size_t size() const { return size_t(at_ - bytes_.get()); }
  const char *data() const { return bytes_.get(); }
  char *data() { return bytes_.get(); }
  void resize(size_t count) { at_ = bytes_.get() + count; }
  void push_back(char byte) { *at_++ = byte; }

  void append(std::string_view text) {
    memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }

  // As `append`, for text with `kSlack` readable bytes behind it.
  void append_padded(std::string_view text) {
    if (text.size() <= 32) {
      memcpy(at_, text.data(), 32);
    } else {
      memcpy(at_, text.data(), text.size());
    }
    at_ += text.size();
  }

  static constexpr size_t kSlack = 64;

 private:
  std::unique_ptr<char[]> bytes_;
  size_t capacity_ = 0;
  char *at_ = nullptr;
};

// A string token as it stood between its quotes.
struct RawString {
  std::string_view text;
  bool has_escape;
};

// `end` is the end of the padding behind the text.
RawString raw_string(simdjson::ondemand::raw_json_string start, const char *end);

// A number, true, false or null without the white space behind it; throws on anything else.
std::string_view scalar_token(std::string_view raw);

// Appends the canonical form of a token with escapes.
void append_canonical_string(Buffer &out, std::string_view raw);

// Decodes a token. Unpaired surrogates become three-byte sequences (as in WTF-8), and `unpaired`
// tells that there was one.
std::string decode(std::string_view token, bool &unpaired);

// A part of what was written.
struct Span {
  size_t begin = 0, end = 0;
  bool found = false;
};

class Writer {
 public:
  // Begins a text of at most `count` bytes that ends, with its padding, at `end`.
  void begin(size_t count, const char *end) {
    out.begin(count);
    end_ = end;
    members_.clear();
    decoded_.clear();
  }

  Buffer out;

  template <typename Value>
  void write(Value &&value, int depth);
  // Leaves out the member `skip`, and tells where the value of the member `watch` came to stand.
  void write_object(simdjson::ondemand::object object, int depth, std::string_view skip = {},
                    std::string_view watch = {}, Span *watched = nullptr);

 private:
  // A member that stands in `out`, without a comma.
  struct Member {
    uint64_t order;  // the first bytes of its name, most significant first
    size_t begin, key_end, end;
    int decoded;  // which of `decoded_` is its name, -1 where that has no escape
  };

  void write_array(simdjson::ondemand::array array, int depth);
  Member write_key(RawString name);
  void sort_members(size_t begin, size_t first);
  bool precedes(const Member &left, const Member &right) const;
  std::string_view key_of(const Member &member) const;
  void watch_member(size_t first, std::string_view watch, Span &watched) const;

  const char *end_ = nullptr;
  // Those of all objects that are open, the innermost last.
  std::vector<Member> members_;
  std::vector<std::string> decoded_;
  Buffer scratch_;
};

template <typename Value>
void Writer::write(Value &&value, int depth) {
  if (depth > kMaximumDepth) throw Failure{"nested too deeply"};
  using simdjson::ondemand::json_type;
  switch (json_type(value.type())) {
    case json_type::object:
      return write_object(value.get_object(), depth);
    case json_type::array:
      return write_array(value.get_array(), depth);
    case json_type::string: {
      RawString raw = raw_string(value.get_raw_json_string(), end_);
      out.push_back('"');
      if (raw.has_escape) {
        append_canonical_string(out, raw.text);
      } else {
        out.append_padded(raw.text);
      }
      out.push_back('"');
      return;
    }
    default:
      out.append(scalar_token(value.raw_json_token()));
  }
}

}  // namespace canonical
#endif
