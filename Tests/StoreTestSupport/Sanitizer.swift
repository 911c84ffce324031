import Glibc

/// Which sanitizer this process, and what is built with it, was built with.
public enum Sanitizer {
    /// Whether memory comes from the sanitizer, past any library that is loaded before others.
    public static let allocates = isThere("__asan_init") || watchesThreads
    /// Whether it is ThreadSanitizer, which ends a program that may not write half a megabyte of
    /// a file as it starts.
    public static let watchesThreads = isThere("__tsan_init")

    private static func isThere(_ symbol: String) -> Bool { unsafe dlsym(nil, symbol) != nil }
}
