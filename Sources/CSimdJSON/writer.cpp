#include "writer.hpp"

#include <algorithm>

namespace canonical {

namespace {

std::string decoded(std::string_view token) {
  bool unpaired = false;
  return decode(token, unpaired);
}

// The first eight bytes as a number that compares as they do. Eight bytes can be read.
uint64_t order_of_text(std::string_view key) {
  uint64_t word;
  memcpy(&word, key.data(), sizeof word);
  uint64_t order = __builtin_bswap64(word);
  size_t missing = key.size() < 8 ? 8 - key.size() : 0;
  return missing == 8 ? 0 : order >> 8 * missing << 8 * missing;
}

}  // namespace

void Writer::add_string(RawString raw) {
  parts_.push_back({raw.text.data(), uint32_t(raw.text.size()), uint32_t(parts_.size() + 1),
                    raw.has_escape ? Kind::escaped : Kind::string});
}

size_t Writer::begin_structure(Kind kind) {
  parts_.push_back({nullptr, 0, 0, kind});
  return parts_.size() - 1;
}

void Writer::end_structure(size_t head, size_t count) {
  parts_[head].size = uint32_t(count);
  parts_[head].next = uint32_t(parts_.size());
}

void Writer::read(Cursor &cursor, int depth) {
  if (depth > kMaximumDepth) throw Failure{"nested too deeply"};
  switch (cursor.peek()) {
    case '{':
      return read_object(cursor, depth);
    case '[':
      return read_array(cursor, depth);
    case '"':
      return add_string(cursor.string());
    case '\0':
      throw Failure{"a value is missing"};
    default: {
      std::string_view token = scalar_token(cursor.scalar());
      parts_.push_back(
          {token.data(), uint32_t(token.size()), uint32_t(parts_.size() + 1), Kind::scalar});
    }
  }
}

void Writer::read_array(Cursor &cursor, int depth) {
  size_t head = begin_structure(Kind::array), count = 0;
  for_each_element(cursor, [&] {
    read(cursor, depth + 1);
    ++count;
  });
  end_structure(head, count);
}

void Writer::read_member(Cursor &cursor, int depth, RawString name) {
  add_string(name);
  read(cursor, depth + 1);
}

void Writer::read_object(Cursor &cursor, int depth) {
  size_t head = begin_structure(Kind::object), count = 0;
  for_each_member(cursor, [&](RawString name) {
    read_member(cursor, depth, name);
    ++count;
  });
  end_structure(head, count);
}

void Writer::write(Cursor &cursor, int depth) {
  parts_.clear();
  read(cursor, depth);
  emit(0, 0);
}

void Writer::write_object(Cursor &cursor, int depth, std::string_view watch, Span *watched) {
  parts_.clear();
  read_object(cursor, depth);
  emit_object(0, 0, watch, watched);
}

void Writer::write_object_without(Cursor &cursor, std::string_view skip, const Cursor &behind) {
  parts_.clear();
  size_t head = begin_structure(Kind::object), count = 0;
  for_each_member(cursor, [&](RawString name) {
    if (name.text == skip) {
      cursor = behind;
    } else {
      read_member(cursor, 0, name);
      ++count;
    }
  });
  end_structure(head, count);
  emit_object(0, 0, {}, nullptr);
}

// Writes a part and what it holds; gives the one behind.
uint32_t Writer::emit(uint32_t index, size_t depth) {
  const Part &part = parts_[index];
  switch (part.kind) {
    case Kind::object:
      return emit_object(index, depth, {}, nullptr);
    case Kind::array: {
      out.push_back('[');
      uint32_t at = index + 1;
      for (uint32_t i = 0; i < part.size; ++i) {
        if (i > 0) out.push_back(',');
        at = emit(at, depth + 1);
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

uint32_t Writer::emit_object(uint32_t index, size_t depth, std::string_view watch, Span *watched) {
  size_t first = members_.size();
  uint32_t count = parts_[index].size, at = index + 1;
  for (uint32_t i = 0; i < count; ++i) {
    members_.push_back({order_of(parts_[at]), at, i});
    at = parts_[at + 1].next;
  }
  sort_members(first, habit(count, depth));
  out.push_back('{');
  for (uint32_t i = 0; i < count; ++i) {
    if (i > 0) out.push_back(',');
    uint32_t name = members_[first + i].name;
    emit_string(parts_[name]);
    out.push_back(':');
    size_t begin = out.size();
    emit(name + 1, depth + 1);
    if (watched && std::string_view(parts_[name].text, parts_[name].size) == watch) {
      *watched = {begin, out.size(), true};
    }
  }
  out.push_back('}');
  members_.resize(first);
  return at;
}

uint64_t Writer::order_of(const Part &name) const {
  std::string_view text{name.text, name.size};
  return order_of_text(name.kind == Kind::string ? text : std::string_view(decoded(text)));
}

bool Writer::precedes(const Member &left, const Member &right) const {
  if (left.order != right.order) return left.order < right.order;
  const Part &a = parts_[left.name], &b = parts_[right.name];
  std::string_view left_name{a.text, a.size}, right_name{b.text, b.size};
  if (a.kind == Kind::string && b.kind == Kind::string) return left_name < right_name;
  return decoded(left_name) < decoded(right_name);
}

Writer::Habit *Writer::habit(size_t count, size_t depth) {
  return count > 1 && count <= Habit::kMembers && depth < kDepths ? &habits_[depth][count] : nullptr;
}

// Objects have few members, mostly: those are put in order by insertion, after the habit has done
// what it can.
void Writer::sort_members(size_t first, Habit *habit) {
  Member *members = members_.data() + first;
  size_t count = members_.size() - first;
  if (habit && habit->known) {
    Member as_they_came[Habit::kMembers];
    std::copy(members, members + count, as_they_came);
    for (size_t i = 0; i < count; ++i) members[i] = as_they_came[habit->places[i]];
  }
  bool moved = false;
  if (count > Habit::kMembers) {
    std::sort(members, members + count,
              [this](const Member &a, const Member &b) { return precedes(a, b); });
  } else {
    for (size_t i = 1; i < count; ++i) {
      if (members[i - 1].order < members[i].order) continue;
      Member member = members[i];
      size_t at = i;
      for (; at > 0 && precedes(member, members[at - 1]); --at) members[at] = members[at - 1];
      members[at] = member;
      moved |= at != i;
    }
  }
  for (size_t i = 1; i < count; ++i) {
    if (members[i - 1].order >= members[i].order && !precedes(members[i - 1], members[i])) {
      throw Failure{"an object with a name twice"};
    }
  }
  if (habit && (moved || !habit->known)) {
    for (size_t i = 0; i < count; ++i) habit->places[i] = uint8_t(members[i].place);
    habit->known = true;
  }
}

}  // namespace canonical
