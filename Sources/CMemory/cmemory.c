#include "cmemory.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>

void cmemory_use_one_heap(void) { mallopt(M_ARENA_MAX, 1); }
#else
void cmemory_use_one_heap(void) {}
#endif
