import Glibc
import Testing

/// Programs that must not compile, each for the reason in its first line: what the types promise is
/// as much a part of the API as what the functions do.
@Suite struct `Misuse that does not compile` {
    private static let directory: String = {
        let file = "\(#filePath)"
        let end = file.utf8.lastIndex(of: UInt8(ascii: "/")) ?? file.startIndex
        return String(file[..<end])
    }()

    static let programs = Scratch.names(in: directory + "/CompileFail")
        .filter { $0.hasSuffix(".swift.txt") }

    @Test func `the programs are there`() {
        #expect(Self.programs.contains("control.swift.txt"))
        #expect(Self.programs.count > 10)
    }

    @Test(arguments: programs)
    func `is refused with the diagnostic it names`(program: String) throws {
        guard let compiler = Self.compiler else {
            print("skipped: no swiftc in PATH")
            return
        }
        let scratch = try Scratch()
        let text = try #require(Self.text(of: Self.directory + "/CompileFail/" + program))
        let source = scratch.file("program.swift")
        try Scratch.write(Array(text.utf8), to: source)
        let first = try #require(text.split(separator: "\n").first)
        try #require(first.hasPrefix("// expect: "))
        let expected = String(first.dropFirst("// expect: ".count))

        // The lifetime checks run on SIL: type checking alone would find nothing.
        let moduleMap = Self.directory + "/../../Sources/CLMDB/module.modulemap"
        let (status, output) = try Spawn.run(
            compiler,
            [
                "-emit-sil", "-Onone", "-parse-as-library", "-swift-version", "6",
                "-enable-experimental-feature", "Lifetimes", "-I",
                Spawn.buildDirectory + "/Modules", "-Xcc", "-fmodule-map-file=" + moduleMap,
                "-o", "/dev/null", source,
            ])
        if expected == "nothing" {
            #expect(status == 0, "\(output)")
        } else {
            #expect(status != 0, "it compiled")
            #expect(output.contains("error: "), "\(output)")
            #expect(output.contains(expected), "\(output)")
        }
    }

    /// The compiler of this toolchain, if there is one.
    private static let compiler: String? = {
        guard let path = unsafe getenv("PATH") else { return nil }
        return unsafe String(cString: path).split(separator: ":").lazy
            .map { "\($0)/swiftc" }.first { unsafe access($0, X_OK) == 0 }
    }()

    private static func text(of file: String) -> String? {
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        while let more = Spawn.read(descriptor), !more.isEmpty { bytes += more }
        return String(decoding: bytes, as: UTF8.self)
    }
}
