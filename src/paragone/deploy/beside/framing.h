/* Messages as framing.py describes them, for a program that computes, in C or C++.

   `frame_open` comes first. Then `frame_read` puts the arrays of the next request into a frame that was all zeros at
   first, `frame_write` answers with arrays, and `frame_fail` with what failed. A request that is none ends the program.
   The numbers are written as the processor holds them: it has to be a little-endian one. */

#ifndef FRAMING_H
#define FRAMING_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_ARRAYS = 64, FRAME_AXES = 8, FRAME_TEXT = 4096 };
static const uint64_t FRAME_BYTES = UINT64_C(1) << 31;

typedef struct { char kind[4]; uint32_t count; uint64_t took_ns, peak_bytes; } FrameHead;   /* 24 bytes */
typedef struct { uint32_t type, axes; uint64_t lengths[FRAME_AXES]; } FrameArray;           /* 72 bytes */
typedef struct { FrameArray as; void *data; uint64_t size; } FrameTensor;
typedef struct { uint32_t count; FrameTensor tensors[FRAME_ARRAYS]; } Frame;

static FILE *frame_out;

/* Bytes of an element of a type, by the numbers of ONNX; 0 for one that is not sent. */
static inline uint64_t frame_item(uint32_t type) {
  static const uint64_t sizes[] = {0, 4, 1, 1, 0, 0, 4, 8, 0, 1, 2, 8};
  return type < sizeof sizes / sizeof *sizes ? sizes[type] : 0;
}

/* Take the standard output for answers: what libraries print goes to the standard error from here on. */
static inline void frame_open(void) {
  int kept = dup(STDOUT_FILENO);
  if (kept < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0 || !(frame_out = fdopen(kept, "wb"))) exit(3);
}

static inline void frame_must(int held, const char *what) {
  if (held) return;
  fprintf(stderr, "%s\n", what);
  exit(3);
}

/* The high-water mark of this process: VmHWM of proc(5). */
static inline uint64_t frame_peak(void) {
  char line[256];
  unsigned long long kib = 0;
  FILE *status = fopen("/proc/self/status", "r");
  while (status && fgets(line, sizeof line, status))
    if (sscanf(line, "VmHWM: %llu", &kib) == 1) break;
  if (status) fclose(status);
  return (uint64_t)kib * 1024;
}

static inline uint64_t frame_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

/* Bytes of an array. */
static inline uint64_t frame_size(const FrameArray *array) {
  uint64_t size = frame_item(array->type);
  frame_must(size != 0 && array->axes <= FRAME_AXES, "an array of a type or of axes that are not sent");
  for (uint32_t axis = 0; axis < array->axes; axis++) {
    frame_must(!array->lengths[axis] || size <= FRAME_BYTES / array->lengths[axis], "an array that is too large");
    size *= array->lengths[axis];
  }
  return size;
}

/* The next request; 0 at the end of the input. */
static inline int frame_read(Frame *frame) {
  FrameHead head;
  if (fread(&head, sizeof head, 1, stdin) != 1) return 0;
  frame_must(!memcmp(head.kind, "ARRS", 4) && head.count <= FRAME_ARRAYS, "no request");
  for (uint32_t place = 0; place < head.count; place++) {
    FrameTensor *tensor = &frame->tensors[place];
    frame_must(fread(&tensor->as, sizeof tensor->as, 1, stdin) == 1, "half a request");
    tensor->size = frame_size(&tensor->as);
    free(tensor->data);
    tensor->data = malloc(tensor->size ? tensor->size : 1);
    frame_must(tensor->data != NULL, "no memory for a request");
    frame_must(fread(tensor->data, 1, tensor->size, stdin) == tensor->size, "half a request");
  }
  frame->count = head.count;
  return 1;
}

static inline void frame_head(const char *kind, uint32_t count, uint64_t took_ns) {
  FrameHead head = {{kind[0], kind[1], kind[2], kind[3]}, count, took_ns, frame_peak()};
  fwrite(&head, sizeof head, 1, frame_out);
}

/* Answer with arrays, and the nanoseconds that the model took for them. */
static inline void frame_write(const Frame *frame, uint64_t took_ns) {
  frame_head("ARRS", frame->count, took_ns);
  for (uint32_t place = 0; place < frame->count; place++) {
    fwrite(&frame->tensors[place].as, sizeof frame->tensors[place].as, 1, frame_out);
    fwrite(frame->tensors[place].data, 1, frame->tensors[place].size, frame_out);
  }
  frame_must(fflush(frame_out) == 0, "the answer could not be written");
}

/* Answer with what failed. */
static inline void frame_fail(const char *text) {
  size_t whole = strlen(text);
  uint32_t size = whole < FRAME_TEXT ? (uint32_t)whole : FRAME_TEXT;
  frame_head("FAIL", size, 0);
  fwrite(text, 1, size, frame_out);
  frame_must(fflush(frame_out) == 0, "the answer could not be written");
}

#endif
