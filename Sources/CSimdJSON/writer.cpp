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

Writer::Part *Writer::add_string(Part *at, RawString raw) {
  *at = {raw.text.data(), uint32_t(raw.text.size()), 1,
         raw.has_escape ? Kind::escaped : Kind::string};
  return at + 1;
}

Writer::Part *Writer::end_structure(Part *head, Part *end, Kind kind, size_t count) {
  *head = {nullptr, uint32_t(count), uint32_t(end - head), kind};
  return end;
}

Writer::Part *Writer::read(Cursor &cursor, Part *at, int depth) {
  if (depth > kMaximumDepth) throw Failure{"nested too deeply"};
  switch (cursor.peek()) {
    case '{':
      return read_object(cursor, at, depth);
    case '[':
      return read_array(cursor, at, depth);
    case '"':
      return add_string(at, cursor.string());
    case '\0':
      throw Failure{"a value is missing"};
    default: {
      std::string_view token = scalar_token(cursor.scalar());
      *at = {token.data(), uint32_t(token.size()), 1, Kind::scalar};
      return at + 1;
    }
  }
}

Writer::Part *Writer::read_array(Cursor &cursor, Part *at, int depth) {
  Part *head = at++;
  size_t count = 0;
  for_each_element(cursor, [&] {
    at = read(cursor, at, depth + 1);
    ++count;
  });
  return end_structure(head, at, Kind::array, count);
}

Writer::Part *Writer::read_member(Cursor &cursor, Part *at, int depth, RawString name) {
  return read(cursor, add_string(at, name), depth + 1);
}

Writer::Part *Writer::read_object(Cursor &cursor, Part *at, int depth) {
  Part *head = at++;
  size_t count = 0;
  for_each_member(cursor, [&](RawString name) {
    at = read_member(cursor, at, depth, name);
    ++count;
  });
  return end_structure(head, at, Kind::object, count);
}

void Writer::write(Cursor &cursor, int depth) {
  read(cursor, parts_.get(), depth);
  const Part *part = parts_.get();
  out.set_end(emit(part, out.end(), 0));
}

void Writer::write_object(Cursor &cursor, int depth, std::string_view watch, Span *watched) {
  read_object(cursor, parts_.get(), depth);
  const Part *part = parts_.get();
  out.set_end(emit_object(part, out.end(), 0, watch, watched));
}

void Writer::write_object_without(Cursor &cursor, std::string_view skip, const Cursor &behind) {
  Part *head = parts_.get(), *at = head + 1;
  size_t count = 0;
  for_each_member(cursor, [&](RawString name) {
    if (name.text == skip) {
      cursor = behind;
    } else {
      at = read_member(cursor, at, 0, name);
      ++count;
    }
  });
  end_structure(head, at, Kind::object, count);
  const Part *part = head;
  out.set_end(emit_object(part, out.end(), 0, {}, nullptr));
}

char *Writer::emit(const Part *&part, char *at, size_t depth) {
  switch (part->kind) {
    case Kind::object:
      return emit_object(part, at, depth, {}, nullptr);
    case Kind::array: {
      *at++ = '[';
      uint32_t count = part->size;
      ++part;
      for (uint32_t i = 0; i < count; ++i) {
        if (i > 0) *at++ = ',';
        at = emit(part, at, depth + 1);
      }
      *at++ = ']';
      return at;
    }
    case Kind::scalar:
      at = put_padded(at, part->text, part->size);
      ++part;
      return at;
    default:
      at = emit_string(*part, at);
      ++part;
      return at;
  }
}

inline char *Writer::emit_string(const Part &part, char *at) {
  *at++ = '"';
  if (part.kind == Kind::escaped) {
    at = put_canonical_string(at, {part.text, part.size});
  } else {
    at = put_padded(at, part.text, part.size);
  }
  *at++ = '"';
  return at;
}

char *Writer::emit_object(const Part *&part, char *at, size_t depth, std::string_view watch,
                          Span *watched) {
  size_t first = used_;
  uint32_t count = part->size;
  ++part;
  used_ += count;
  if (members_.size() < used_) members_.resize(used_);
  for (uint32_t i = 0; i < count; ++i) {
    members_[first + i] = {order_of(*part), part, i};
    part += 1 + part[1].next;
  }
  sort_members(members_.data() + first, count, habit(count, depth));
  *at++ = '{';
  for (uint32_t i = 0; i < count; ++i) {
    if (i > 0) *at++ = ',';
    const Part *name = members_[first + i].name;
    at = emit_string(*name, at);
    *at++ = ':';
    char *begin = at;
    const Part *value = name + 1;
    at = emit(value, at, depth + 1);
    if (watched && std::string_view(name->text, name->size) == watch) {
      *watched = {size_t(begin - out.data()), size_t(at - out.data()), true};
    }
  }
  *at++ = '}';
  used_ = first;
  return at;
}

uint64_t Writer::order_of(const Part &name) {
  std::string_view text{name.text, name.size};
  return name.kind == Kind::string ? order_of_text(text) : order_of_text(decoded(text));
}

bool Writer::precedes(const Member &left, const Member &right) {
  if (left.order != right.order) return left.order < right.order;
  const Part &a = *left.name, &b = *right.name;
  std::string_view left_name{a.text, a.size}, right_name{b.text, b.size};
  if (a.kind == Kind::string && b.kind == Kind::string) return left_name < right_name;
  return decoded(left_name) < decoded(right_name);
}

Writer::Habit *Writer::habit(size_t count, size_t depth) {
  return count > 1 && count <= Habit::kMembers && depth < kDepths ? &habits_[depth][count] : nullptr;
}

// Objects have few members, mostly: those are put in order by insertion, after the habit has done
// what it can.
void Writer::sort_members(Member *members, size_t count, Habit *habit) {
  if (habit && habit->known) {
    Member as_they_came[Habit::kMembers];
    std::copy(members, members + count, as_they_came);
    for (size_t i = 0; i < count; ++i) members[i] = as_they_came[habit->places[i]];
  }
  bool moved = false;
  if (count > Habit::kMembers) {
    std::sort(members, members + count, precedes);
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
