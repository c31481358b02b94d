#include "writer.hpp"

#include <algorithm>

namespace canonical {

using namespace simdjson;

namespace {

// The first eight bytes as a number that compares as they do.
uint64_t order_of(std::string_view key) {
  unsigned char first[8] = {};
  memcpy(first, key.data(), std::min(key.size(), sizeof first));
  uint64_t order = 0;
  for (unsigned char byte : first) order = order << 8 | byte;
  return order;
}

}  // namespace

void Writer::write_array(ondemand::array array, int depth) {
  out.push_back('[');
  bool first = true;
  for (auto element : array) {
    if (!first) out.push_back(',');
    first = false;
    write(std::move(element).take_value(), depth + 1);
  }
  out.push_back(']');
}

// Appends `"name":`.
Writer::Member Writer::write_key(RawString name) {
  Member member{0, out.size(), 0, 0, -1};
  out.push_back('"');
  if (name.has_escape) {
    append_canonical_string(out, name.text);
    bool unpaired = false;
    member.decoded = int(decoded_.size());
    decoded_.push_back(decode(name.text, unpaired));
  } else {
    out.append_padded(name.text);
  }
  member.key_end = out.size();
  member.order = order_of(key_of(member));
  out.push_back('"');
  out.push_back(':');
  return member;
}

void Writer::write_object(ondemand::object object, int depth, std::string_view skip,
                          std::string_view watch, Span *watched) {
  out.push_back('{');
  size_t begin = out.size(), first = members_.size(), first_decoded = decoded_.size();
  for (auto result : object) {
    ondemand::field field = std::move(result).take_value();
    RawString name = raw_string(field.key(), end_);
    if (!skip.empty() && name.text == skip) continue;
    if (members_.size() > first) out.push_back(',');
    Member member = write_key(name);
    write(field.value(), depth + 1);
    member.end = out.size();
    members_.push_back(member);
  }
  sort_members(begin, first);
  if (watched) watch_member(first, watch, *watched);
  members_.resize(first);
  decoded_.resize(first_decoded);
  out.push_back('}');
}

std::string_view Writer::key_of(const Member &member) const {
  if (member.decoded >= 0) return decoded_[size_t(member.decoded)];
  return {out.data() + member.begin + 1, member.key_end - member.begin - 1};
}

bool Writer::precedes(const Member &left, const Member &right) const {
  if (left.order != right.order) return left.order < right.order;
  return key_of(left) < key_of(right);
}

// Puts the members that stand in `out` from `begin` on into order. Most come in order or nearly
// so, and are few.
void Writer::sort_members(size_t begin, size_t first) {
  Member *members = members_.data() + first;
  size_t count = members_.size() - first;
  auto before = [&](const Member &a, const Member &b) { return precedes(a, b); };
  bool in_order = true;
  for (size_t i = 1; i < count && in_order; ++i) in_order = before(members[i - 1], members[i]);
  if (in_order) return;
  std::sort(members, members + count, before);
  for (size_t i = 1; i < count; ++i) {
    if (!before(members[i - 1], members[i])) throw Failure{"an object with a name twice"};
  }
  size_t size = out.size() - begin;
  scratch_.begin(size);
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) scratch_.push_back(',');
    Member &member = members[i];
    size_t length = member.end - member.begin, key = member.key_end - member.begin;
    size_t place = begin + scratch_.size();
    scratch_.append_padded({out.data() + member.begin, length});
    member.begin = place;
    member.key_end = place + key;
    member.end = place + length;
  }
  memcpy(out.data() + begin, scratch_.data(), size);
}

void Writer::watch_member(size_t first, std::string_view watch, Span &watched) const {
  watched = Span();
  for (size_t i = first; i < members_.size(); ++i) {
    if (key_of(members_[i]) == watch) watched = {members_[i].key_end + 2, members_[i].end, true};
  }
}

}  // namespace canonical
