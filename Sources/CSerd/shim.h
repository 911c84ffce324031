#include <serd/serd.h>
#include <stdarg.h>
#include <stdio.h>

// The arguments of an error are a va_list, which Swift cannot pass on.
static inline void cserd_describe(const SerdError *error, char *text, size_t size) {
    vsnprintf(text, size, error->fmt, *error->args);
}
