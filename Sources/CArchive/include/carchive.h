// libarchive, with what Swift can't see of it: macros that hold a cast.
#ifndef CARCHIVE_H
#define CARCHIVE_H

#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>

// Fills `entry` as a regular file whose header depends on nothing but its name and size: owner 0,
// mode 0644, modified at the beginning of 1970.
void carchive_describe_file(struct archive_entry *entry, const char *name, int64_t size);

// Whether `entry` is a regular file of a known size and no link of either kind.
bool carchive_is_plain_file(struct archive_entry *entry);

#endif
