#include "writer.hpp"

#include <cstring>

namespace canonical {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The four digits of \uXXXX at `at`, or -1.
int hex4(std::string_view raw, size_t at) {
  if (at + 4 > raw.size()) return -1;
  int value = 0;
  for (size_t i = at; i < at + 4; ++i) {
    int digit = hex_digit(raw[i]);
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_high(int unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(int unit) { return unit >= 0xDC00 && unit < 0xE000; }

template <typename Out>
void append_utf8(Out &out, uint32_t point) {
  if (point < 0x80) {
    out.push_back(char(point));
  } else if (point < 0x800) {
    out.push_back(char(0xC0 | point >> 6));
    out.push_back(char(0x80 | (point & 0x3F)));
  } else if (point < 0x10000) {
    out.push_back(char(0xE0 | point >> 12));
    out.push_back(char(0x80 | (point >> 6 & 0x3F)));
    out.push_back(char(0x80 | (point & 0x3F)));
  } else {
    out.push_back(char(0xF0 | point >> 18));
    out.push_back(char(0x80 | (point >> 12 & 0x3F)));
    out.push_back(char(0x80 | (point >> 6 & 0x3F)));
    out.push_back(char(0x80 | (point & 0x3F)));
  }
}

char *put_unit_escape(char *at, int unit) {
  static const char digits[] = "0123456789abcdef";
  at = put(at, "\\u");
  for (int shift = 12; shift >= 0; shift -= 4) *at++ = digits[unit >> shift & 0xF];
  return at;
}

// Bytes at a place that moves on.
struct Pen {
  char *at;

  void push_back(char byte) { *at++ = byte; }
  void append(std::string_view text) { at = put(at, text); }
};

// One code point in canonical form.
void append_canonical_point(Pen &pen, uint32_t point) {
  switch (point) {
    case '"': pen.append("\\\""); return;
    case '\\': pen.append("\\\\"); return;
    case '\b': pen.append("\\b"); return;
    case '\f': pen.append("\\f"); return;
    case '\n': pen.append("\\n"); return;
    case '\r': pen.append("\\r"); return;
    case '\t': pen.append("\\t"); return;
    default:
      if (point < 0x20 || (point >= 0xD800 && point < 0xE000)) {
        pen.at = put_unit_escape(pen.at, int(point));
      } else {
        append_utf8(pen, point);
      }
  }
}

// The code point of the escape at `at` (just behind the backslash); moves `at` past it.
uint32_t read_escape(std::string_view raw, size_t &at) {
  if (at >= raw.size()) throw Failure{"an escape is cut short"};
  char c = raw[at++];
  switch (c) {
    case '"': case '\\': case '/': return uint8_t(c);
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'u': break;
    default: throw Failure{"an unknown escape"};
  }
  int unit = hex4(raw, at);
  if (unit < 0) throw Failure{"a \\u escape without four digits"};
  at += 4;
  if (!is_high(unit) || at + 6 > raw.size() || raw[at] != '\\' || raw[at + 1] != 'u') {
    return uint32_t(unit);
  }
  int low = hex4(raw, at + 2);
  if (!is_low(low)) return uint32_t(unit);
  at += 6;
  return 0x10000 + (uint32_t(unit - 0xD800) << 10) + uint32_t(low - 0xDC00);
}

// Copies what needs no escape, hands each escape's code point to `emit`.
template <typename Out, typename Emit>
void for_each_escape(Out &out, std::string_view raw, Emit emit) {
  size_t at = 0;
  while (at < raw.size()) {
    auto found = static_cast<const char *>(memchr(raw.data() + at, '\\', raw.size() - at));
    size_t escape = found ? size_t(found - raw.data()) : raw.size();
    out.append(raw.substr(at, escape - at));
    if (!found) return;
    at = escape + 1;
    emit(read_escape(raw, at));
  }
}

size_t skip_digits(std::string_view token, size_t at) {
  while (at < token.size() && token[at] >= '0' && token[at] <= '9') ++at;
  return at;
}

bool is_number(std::string_view token) {
  size_t at = !token.empty() && token[0] == '-' ? 1 : 0;
  size_t digits = skip_digits(token, at);
  if (digits == at || (token[at] == '0' && digits > at + 1)) return false;
  at = digits;
  if (at < token.size() && token[at] == '.') {
    digits = skip_digits(token, at + 1);
    if (digits == at + 1) return false;
    at = digits;
  }
  if (at < token.size() && (token[at] | 0x20) == 'e') {
    size_t exponent = at + 1;
    if (exponent < token.size() && (token[exponent] == '+' || token[exponent] == '-')) ++exponent;
    at = skip_digits(token, exponent);
    if (at == exponent) return false;
  }
  return at == token.size();
}

}  // namespace

std::string_view scalar_token(std::string_view raw) {
  while (!raw.empty() && is_space(raw.back())) raw.remove_suffix(1);
  if (raw == "null" || raw == "true" || raw == "false" || is_number(raw)) return raw;
  throw Failure{"a value that is no JSON"};
}

char *put_canonical_string(char *at, std::string_view raw) {
  Pen pen{at};
  for_each_escape(pen, raw, [&](uint32_t point) { append_canonical_point(pen, point); });
  return pen.at;
}

std::string decode(std::string_view token, bool &unpaired) {
  std::string decoded;
  for_each_escape(decoded, token, [&](uint32_t point) {
    unpaired |= point >= 0xD800 && point < 0xE000;
    append_utf8(decoded, point);
  });
  return decoded;
}

}  // namespace canonical
