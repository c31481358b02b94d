// Canonical output of one JSON value, read through simdjson's on-demand API.
#ifndef CSIMDJSON_WRITER_HPP
#define CSIMDJSON_WRITER_HPP

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace canonical {

// What ends a reading. The message is a literal.
struct Failure {
  const char *message;
};

constexpr int kMaximumDepth = 512;

// A string token as it stood between its quotes.
std::string_view raw_string(simdjson::ondemand::raw_json_string start, const char *end);

// A number, true, false or null without the white space behind it; throws on anything else.
std::string_view scalar_token(std::string_view raw);

// Appends the canonical form of what stands between the quotes of `raw`.
void append_canonical_string(std::string &out, std::string_view raw);

// Decodes a canonical token. Unpaired surrogates become three-byte sequences (as in WTF-8), and
// `unpaired` tells that there was one.
std::string decode(std::string_view canonical, bool &unpaired);

class Writer {
 public:
  // `end` is where the text ends; `buffer` is reused for what is written.
  Writer(const char *end, std::string buffer) : out(std::move(buffer)), end_(end) { out.clear(); }

  std::string out;

  template <typename Value>
  void write(Value &&value, int depth);
  void write_object(simdjson::ondemand::object object, int depth, std::string_view skip = {});

 private:
  struct Member {
    size_t begin, key_end, end;
    std::string decoded;  // only where the key has an escape
  };

  void write_array(simdjson::ondemand::array array, int depth);
  size_t write_key(simdjson::ondemand::field &field, std::string &decoded);
  void sort_members(size_t begin, std::vector<Member> &members);
  std::string_view key_of(const Member &member) const;

  const char *end_;
  std::string scratch_;
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
    case json_type::string:
      out.push_back('"');
      append_canonical_string(out, raw_string(value.get_raw_json_string(), end_));
      out.push_back('"');
      return;
    default:
      out.append(scalar_token(value.raw_json_token()));
  }
}

}  // namespace canonical
#endif
