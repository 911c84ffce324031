import Glibc

/// Which sanitizer this process was built with.
enum Sanitizer {
    /// Whether memory comes from the sanitizer, past any library that is loaded before others.
    static let allocates = isThere("__asan_init") || isThere("__tsan_init")

    private static func isThere(_ symbol: String) -> Bool { unsafe dlsym(nil, symbol) != nil }
}
