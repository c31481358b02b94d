// Canonical output of JSON values, from their tokens.
#ifndef CSIMDJSON_WRITER_HPP
#define CSIMDJSON_WRITER_HPP

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include "tokens.hpp"

namespace canonical {

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
    memcpy(at_, text.data(), 32);
    if (text.size() > 32) memcpy(at_ + 32, text.data() + 32, text.size() - 32);
    at_ += text.size();
  }

 private:
  struct Free {
    void operator()(char *bytes) const { free(bytes); }
  };

  std::unique_ptr<char, Free> bytes_;
  size_t capacity_ = 0;
  char *at_ = nullptr;
};

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
  // Begins a text of at most `count` bytes.
  void begin(size_t count) { out.begin(count); }

  Buffer out;

  // Writes the value at which the cursor stands.
  void write(Cursor &cursor, int depth);

  // Writes an object, and tells where the value of the member `watch` came to stand.
  void write_object(Cursor &cursor, int depth, std::string_view watch, Span *watched);

  // Writes an object without the member `skip`. Behind its value the cursor stands at `behind`.
  void write_object_without(Cursor &cursor, std::string_view skip, const Cursor &behind);

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
    uint32_t place;  // among the members as they came
  };

  // How the members of the last object of some size and depth had to be put in order. Those of the
  // next one mostly come in the same order.
  struct Habit {
    static constexpr size_t kMembers = 32;
    uint8_t places[kMembers];
    bool known = false;
  };
  static constexpr size_t kDepths = 8;

  void read(Cursor &cursor, int depth);
  void read_array(Cursor &cursor, int depth);
  void read_object(Cursor &cursor, int depth);
  void read_member(Cursor &cursor, int depth, RawString name);
  void add_string(RawString raw);
  size_t begin_structure(Kind kind);
  void end_structure(size_t head, size_t count);

  uint32_t emit(uint32_t index, size_t depth);
  uint32_t emit_object(uint32_t index, size_t depth, std::string_view watch, Span *watched);
  void emit_string(const Part &part);
  Habit *habit(size_t count, size_t depth);
  uint64_t order_of(const Part &name) const;
  void sort_members(size_t first, Habit *habit);
  bool precedes(const Member &left, const Member &right) const;

  std::vector<Part> parts_;
  // Those of all objects that are being written, the innermost last.
  std::vector<Member> members_;
  Habit habits_[kDepths][Habit::kMembers + 1];
};

}  // namespace canonical
#endif
