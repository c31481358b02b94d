// Canonical output of one JSON value, read through simdjson's on-demand API.
#ifndef CSIMDJSON_WRITER_HPP
#define CSIMDJSON_WRITER_HPP

#include <simdjson.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
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
      bytes_.reset(static_cast<char *>(malloc(count + kSlack)));
      capacity_ = bytes_ ? count + kSlack : 0;
      if (!bytes_) throw std::bad_alloc();
    }
    at_ = bytes_.get();
  }

  // Gives the room away, to be freed by free().
  char *take() {
    capacity_ = 0;
    return bytes_.release();
  }

  size_t size() const { return size_t(at_ - bytes_.get()); }
  const char *data() const { return bytes_.get(); }
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
  struct Free {
    void operator()(char *bytes) const { free(bytes); }
  };

  std::unique_ptr<char, Free> bytes_;
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

// Reads a value into a list of its parts, which point into the text, and writes those in canonical
// order: so every byte is copied once.
class Writer {
 public:
  // Begins a text of at most `count` bytes that ends, with its padding, at `end`.
  void begin(size_t count, const char *end) {
    out.begin(count);
    end_ = end;
  }

  Buffer out;

  template <typename Value>
  void write(Value &&value, int depth) {
    parts_.clear();
    read(value, depth);
    emit(0);
  }

  // Leaves out the member `skip`, and tells where the value of the member `watch` came to stand.
  void write_object(simdjson::ondemand::object object, int depth, std::string_view skip = {},
                    std::string_view watch = {}, Span *watched = nullptr);

 private:
  enum class Kind : uint8_t { scalar, string, escaped, array, object };

  // A scalar, string or name, or the head of an array or object, whose parts follow it: of an
  // object, name and value by turns.
  struct Part {
    const char *text;
    uint32_t size;  // bytes of text, or elements or members
    uint32_t next;  // the part behind it and all that it holds
    Kind kind;
  };

  // A member that is to be put in order.
  struct Member {
    uint64_t order;  // the first bytes of its name, most significant first
    uint32_t name;   // a part
  };

  template <typename Value>
  void read(Value &&value, int depth);
  void read_array(simdjson::ondemand::array array, int depth);
  void read_object(simdjson::ondemand::object object, int depth, std::string_view skip);
  void add(Kind kind, std::string_view text);
  size_t begin_structure(Kind kind);
  void end_structure(size_t head, size_t count);

  uint32_t emit(uint32_t index);
  uint32_t emit_object(uint32_t index, std::string_view watch, Span *watched);
  void emit_string(const Part &part);
  void sort_members(size_t first);
  bool precedes(const Member &left, const Member &right) const;

  const char *end_ = nullptr;
  std::vector<Part> parts_;
  // Those of all objects that are being written, the innermost last.
  std::vector<Member> members_;
};

template <typename Value>
void Writer::read(Value &&value, int depth) {
  if (depth > kMaximumDepth) throw Failure{"nested too deeply"};
  using simdjson::ondemand::json_type;
  switch (json_type(value.type())) {
    case json_type::object:
      return read_object(value.get_object(), depth, {});
    case json_type::array:
      return read_array(value.get_array(), depth);
    case json_type::string: {
      RawString raw = raw_string(value.get_raw_json_string(), end_);
      return add(raw.has_escape ? Kind::escaped : Kind::string, raw.text);
    }
    default:
      add(Kind::scalar, scalar_token(value.raw_json_token()));
  }
}

}  // namespace canonical
#endif
