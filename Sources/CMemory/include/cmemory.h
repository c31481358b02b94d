// How the C library hands out memory.
#ifndef CMEMORY_H
#define CMEMORY_H

// Makes all threads allocate from one heap, where the C library can. glibc gives threads heaps of
// their own, and keeps in each what was freed there: a program that passes large pages from thread
// to thread then takes a multiple of what it uses. To be called before threads are started.
void cmemory_use_one_heap(void);

#endif
