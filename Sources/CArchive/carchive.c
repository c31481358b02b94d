#include "carchive.h"

void carchive_describe_file(struct archive_entry *entry, const char *name, int64_t size) {
  archive_entry_clear(entry);
  archive_entry_set_pathname(entry, name);
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, size);
  archive_entry_set_mtime(entry, 0, 0);
  archive_entry_set_uid(entry, 0);
  archive_entry_set_gid(entry, 0);
}

bool carchive_is_plain_file(struct archive_entry *entry) {
  return archive_entry_filetype(entry) == AE_IFREG && archive_entry_size_is_set(entry) &&
         !archive_entry_hardlink(entry) && !archive_entry_symlink(entry);
}
