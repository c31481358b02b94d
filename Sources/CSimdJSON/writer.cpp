#include "writer.hpp"

#include <algorithm>

namespace canonical {

using namespace simdjson;

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

// Appends `"name":` and returns where the name ends.
size_t Writer::write_key(ondemand::field &field, std::string &decoded) {
  std::string_view raw = raw_string(field.key(), end_);
  out.push_back('"');
  size_t begin = out.size();
  append_canonical_string(out, raw);
  size_t end = out.size();
  if (raw.find('\\') != std::string_view::npos) {
    bool unpaired = false;
    decoded = decode(std::string_view(out).substr(begin, end - begin), unpaired);
  }
  out.append("\":");
  return end;
}

void Writer::write_object(ondemand::object object, int depth, std::string_view skip) {
  out.push_back('{');
  size_t begin = out.size();
  std::vector<Member> members;
  for (auto result : object) {
    ondemand::field field = std::move(result).take_value();
    if (!skip.empty() && raw_string(field.key(), end_) == skip) continue;
    Member member{out.size(), 0, 0, {}};
    member.key_end = write_key(field, member.decoded);
    write(field.value(), depth + 1);
    member.end = out.size();
    members.push_back(std::move(member));
  }
  sort_members(begin, members);
  out.push_back('}');
}

std::string_view Writer::key_of(const Member &member) const {
  if (!member.decoded.empty()) return member.decoded;
  return std::string_view(out).substr(member.begin + 1, member.key_end - member.begin - 1);
}

// Puts the members that stand in `out` from `begin` on into order, with commas between them.
void Writer::sort_members(size_t begin, std::vector<Member> &members) {
  auto before = [&](const Member &a, const Member &b) { return key_of(a) < key_of(b); };
  std::sort(members.begin(), members.end(), before);
  for (size_t i = 1; i < members.size(); ++i) {
    if (!before(members[i - 1], members[i])) throw Failure{"an object with a name twice"};
  }
  scratch_.assign(out, begin, std::string::npos);
  out.resize(begin);
  for (const Member &member : members) {
    if (out.size() > begin) out.push_back(',');
    out.append(scratch_, member.begin - begin, member.end - member.begin);
  }
}

}  // namespace canonical
