#include "writer.hpp"

#include <algorithm>

namespace canonical {

using namespace simdjson;

namespace {

// The first eight bytes as a number that compares as they do. Eight bytes can be read.
uint64_t order_of(std::string_view key) {
  uint64_t word;
  memcpy(&word, key.data(), sizeof word);
  uint64_t order = __builtin_bswap64(word);
  size_t missing = key.size() < 8 ? 8 - key.size() : 0;
  return missing == 8 ? 0 : order >> 8 * missing << 8 * missing;
}

std::string decoded(std::string_view token) {
  bool unpaired = false;
  return decode(token, unpaired);
}

}  // namespace

void Writer::add(Kind kind, std::string_view text) {
  parts_.push_back({text.data(), uint32_t(text.size()), uint32_t(parts_.size() + 1), kind});
}

size_t Writer::begin_structure(Kind kind) {
  parts_.push_back({nullptr, 0, 0, kind});
  return parts_.size() - 1;
}

void Writer::end_structure(size_t head, size_t count) {
  parts_[head].size = uint32_t(count);
  parts_[head].next = uint32_t(parts_.size());
}

void Writer::read_array(ondemand::array array, int depth) {
  size_t head = begin_structure(Kind::array), count = 0;
  for (auto element : array) {
    read(std::move(element).take_value(), depth + 1);
    ++count;
  }
  end_structure(head, count);
}

void Writer::read_object(ondemand::object object, int depth, std::string_view skip) {
  size_t head = begin_structure(Kind::object), count = 0;
  for (auto result : object) {
    ondemand::field field = std::move(result).take_value();
    RawString name = raw_string(field.key(), end_);
    if (!skip.empty() && name.text == skip) continue;
    add(name.has_escape ? Kind::escaped : Kind::string, name.text);
    read(field.value(), depth + 1);
    ++count;
  }
  end_structure(head, count);
}

void Writer::write_object(ondemand::object object, int depth, std::string_view skip,
                          std::string_view watch, Span *watched) {
  parts_.clear();
  read_object(object, depth, skip);
  emit_object(0, watch, watched);
}

// Writes a part and what it holds; gives the one behind.
uint32_t Writer::emit(uint32_t index) {
  const Part &part = parts_[index];
  switch (part.kind) {
    case Kind::object:
      return emit_object(index, {}, nullptr);
    case Kind::array: {
      out.push_back('[');
      uint32_t at = index + 1;
      for (uint32_t i = 0; i < part.size; ++i) {
        if (i > 0) out.push_back(',');
        at = emit(at);
      }
      out.push_back(']');
      return at;
    }
    case Kind::scalar:
      out.append_padded({part.text, part.size});
      return index + 1;
    default:
      emit_string(part);
      return index + 1;
  }
}

void Writer::emit_string(const Part &part) {
  out.push_back('"');
  std::string_view text{part.text, part.size};
  if (part.kind == Kind::escaped) {
    append_canonical_string(out, text);
  } else {
    out.append_padded(text);
  }
  out.push_back('"');
}

uint32_t Writer::emit_object(uint32_t index, std::string_view watch, Span *watched) {
  size_t first = members_.size();
  uint32_t count = parts_[index].size, at = index + 1;
  for (uint32_t i = 0; i < count; ++i) {
    const Part &name = parts_[at];
    bool plain = name.kind == Kind::string;
    members_.push_back(
        {plain ? order_of({name.text, name.size}) : order_of(decoded({name.text, name.size})), at});
    at = parts_[at + 1].next;
  }
  sort_members(first);
  out.push_back('{');
  for (uint32_t i = 0; i < count; ++i) {
    if (i > 0) out.push_back(',');
    uint32_t name = members_[first + i].name;
    emit_string(parts_[name]);
    out.push_back(':');
    size_t begin = out.size();
    emit(name + 1);
    if (watched && std::string_view(parts_[name].text, parts_[name].size) == watch) {
      *watched = {begin, out.size(), true};
    }
  }
  out.push_back('}');
  members_.resize(first);
  return at;
}

bool Writer::precedes(const Member &left, const Member &right) const {
  if (left.order != right.order) return left.order < right.order;
  const Part &a = parts_[left.name], &b = parts_[right.name];
  std::string_view left_name{a.text, a.size}, right_name{b.text, b.size};
  if (a.kind == Kind::string && b.kind == Kind::string) return left_name < right_name;
  return decoded(left_name) < decoded(right_name);
}

// Objects have few members, mostly: those are put in order by insertion.
void Writer::sort_members(size_t first) {
  Member *members = members_.data() + first;
  size_t count = members_.size() - first;
  if (count > 24) {
    std::sort(members, members + count,
              [this](const Member &a, const Member &b) { return precedes(a, b); });
  } else {
    for (size_t i = 1; i < count; ++i) {
      Member member = members[i];
      size_t at = i;
      for (; at > 0 && precedes(member, members[at - 1]); --at) members[at] = members[at - 1];
      members[at] = member;
    }
  }
  for (size_t i = 1; i < count; ++i) {
    if (!precedes(members[i - 1], members[i])) throw Failure{"an object with a name twice"};
  }
}

}  // namespace canonical
