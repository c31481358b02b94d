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
    end_ = bytes_.get();
  }

  // Gives the room away, to be freed by free().
  char *take() {
    capacity_ = 0;
    return bytes_.release();
  }

  size_t size() const { return size_t(end_ - bytes_.get()); }
  const char *data() const { return bytes_.get(); }

  // Where the next byte goes. Who writes there says afterwards how far.
  char *end() const { return end_; }
  void set_end(char *end) { end_ = end; }

 private:
  struct Free {
    void operator()(char *bytes) const { free(bytes); }
  };

  std::unique_ptr<char, Free> bytes_;
  size_t capacity_ = 0;
  char *end_ = nullptr;
};

// Each `put` writes to `at` and gives the place behind.
inline char *put(char *at, std::string_view text) {
  memcpy(at, text.data(), text.size());
  return at + text.size();
}

// Of text with `kSlack` readable bytes behind it.
inline char *put_padded(char *at, const char *text, size_t size) {
  memcpy(at, text, 32);
  if (size > 32) memcpy(at + 32, text + 32, size - 32);
  return at + size;
}

// A number, true, false or null without the white space behind it; throws on anything else.
std::string_view scalar_token(std::string_view raw);

// Puts the canonical form of a token with escapes.
char *put_canonical_string(char *at, std::string_view raw);

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
  // Begins a text of so many bytes and tokens.
  void begin(size_t count, size_t tokens) {
    out.begin(count);
    used_ = 0;
    if (room_ < tokens) {
      parts_.reset(static_cast<Part *>(malloc(tokens * sizeof(Part))));
      room_ = parts_ ? tokens : 0;
      if (!parts_) throw std::bad_alloc();
    }
  }

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
    uint32_t next;  // how many parts it and all that it holds are
    Kind kind;
  };

  // A member that is to be put in order.
  struct Member {
    uint64_t order;    // the first bytes of its name, most significant first
    const Part *name;  // its value follows
    uint32_t place;    // among the members as they came
  };

  // How the members of the last object of some size and depth had to be put in order. Those of the
  // next one mostly come in the same order.
  struct Habit {
    static constexpr size_t kMembers = 32;
    uint8_t places[kMembers];
    bool known = false;
  };
  static constexpr size_t kDepths = 8;

  // The list of parts grows at its end, `at`: each gives the new one. There is room for as many parts
  // as the text has tokens.
  Part *read(Cursor &cursor, Part *at, int depth);
  Part *read_array(Cursor &cursor, Part *at, int depth);
  Part *read_object(Cursor &cursor, Part *at, int depth);
  Part *read_member(Cursor &cursor, Part *at, int depth, RawString name);
  static Part *add_string(Part *at, RawString raw);
  Part *end_structure(Part *head, Part *end, Kind kind, size_t count);

  // Each goes past the part and all that it holds, and gives the place behind what it wrote.
  char *emit(const Part *&part, char *at, size_t depth);
  char *emit_object(const Part *&part, char *at, size_t depth, std::string_view watch,
                    Span *watched);
  static char *emit_string(const Part &part, char *at);
  Habit *habit(size_t count, size_t depth);
  static uint64_t order_of(const Part &name);
  static void sort_members(Member *members, size_t count, Habit *habit);
  static bool precedes(const Member &left, const Member &right);

  struct Free {
    void operator()(Part *parts) const { free(parts); }
  };

  std::unique_ptr<Part, Free> parts_;
  size_t room_ = 0;
  // The first of them are those of all objects that are being written, the innermost last.
  std::vector<Member> members_;
  size_t used_ = 0;
  Habit habits_[kDepths][Habit::kMembers + 1];
};

}  // namespace canonical
#endif
