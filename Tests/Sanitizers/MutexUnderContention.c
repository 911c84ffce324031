// Lets ThreadSanitizer see a contended `Synchronization.Mutex`.
//
// The standard library inlines a mutex's first attempt, which is therefore instrumented, but waits for a held
// one, or asks the kernel once more whether it is free, in its shared library, which is not: what such a lock
// orders looks like a race. `script/test --sanitize thread` links this file into what it builds, so that these
// three functions stand in for the library's and take the mutex by an instrumented compare and exchange, or not
// at all. No other build contains it.
//
// The word of a mutex is 0, or the id of the thread that holds it.
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#define SELF __attribute__((swift_context))
#define SWIFT __attribute__((swiftcall))

SWIFT void lock(uint32_t thread, SELF uint32_t *word)
    __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT bool try_lock(SELF uint32_t *word) __asm__("$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF");
SWIFT void unlock(SELF uint32_t *word) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

SWIFT void lock(uint32_t thread, SELF uint32_t *word) {
    uint32_t free = 0;
    while (!__atomic_compare_exchange_n(word, &free, thread, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        free = 0;
        sched_yield();
    }
}

// The inlined attempt has just failed; another one is not needed.
SWIFT bool try_lock(SELF uint32_t *word) {
    (void)word;
    return false;
}

SWIFT void unlock(SELF uint32_t *word) { __atomic_store_n(word, 0, __ATOMIC_RELEASE); }
