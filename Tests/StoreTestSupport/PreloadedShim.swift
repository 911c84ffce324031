import Glibc

/// A C library that is put before the system's own in a child process, built by the system's
/// compiler when a test first asks for it.
package struct PreloadedShim: Sendable {
    /// Where the built library lies.
    package let path: String

    /// The settings of a child that is to load it.
    package var environment: [String: String] { ["LD_PRELOAD": path] }

    /// Builds a source into a directory; nil where there is no C compiler.
    package init?(source: String, in directory: TemporaryDirectory) throws {
        let compilers = ["/usr/bin/cc", "/usr/bin/gcc", "/usr/bin/clang"]
        guard let compiler = compilers.first(where: { unsafe access($0, X_OK) == 0 }) else {
            return nil
        }
        path = directory.file("shim.so")
        let build = try ChildProcess(
            compiler,
            ["-std=c11", "-O1", "-shared", "-fPIC", source, "-o", path, "-ldl", "-lpthread"])
        guard build.wait() == 0 else {
            throw Disagreement("\(compiler) could not build '\(source)'")
        }
    }
}
