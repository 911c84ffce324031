import Foundation
import GraphStore

/// Long lives and small memories; every mode prints JSON, an object a line.
///
///     store-soak live DATABASE COMMITS LOG HISTORY   a graph of constant size, changed so often;
///                                                    the log keeps LOG positions, history HISTORY
///     store-soak fill DATABASE MEGABYTES             a database of about that size
///     store-soak use DATABASE                        reads all of it, changes it and checks it
@main
struct StoreSoak {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let numbers = arguments.dropFirst(2).compactMap { UInt64($0) }
        switch (arguments.first, arguments.count, numbers.count) {
        case ("live", 5, 3):
            try Life(
                path: arguments[1], commits: numbers[0], log: numbers[1], history: numbers[2]
            ).run()
        case ("fill", 3, 1):
            try LargeStore(path: arguments[1]).fill(bytes: Int(numbers[0]) << 20)
        case ("use", 2, 0):
            try LargeStore(path: arguments[1]).use()
        default:
            print("usage: store-soak live|fill|use DATABASE [NUMBERS]")
            exit(64)
        }
    }
}

/// Prints fields as one object.
func say(_ fields: KeyValuePairs<String, Any>) {
    let text = fields.map { key, value in
        value is String ? "\"\(key)\":\"\(value)\"" : "\"\(key)\":\(value)"
    }
    print("{" + text.joined(separator: ",") + "}")
    fflush(nil)
}

/// A field of `/proc/self/status`, in kilobytes.
func memory(_ field: String) -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") }
    return line?.split(whereSeparator: { " \t".contains($0) }).dropFirst().first
        .flatMap { Int($0) } ?? 0
}

/// The size of the data file in bytes.
func fileBytes(_ path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path + "/data.mdb")
    return (attributes?[.size] as? NSNumber)?.intValue ?? 0
}

/// The generator of `Benchmarks/README.md`.
struct Numbers {
    private var state: UInt64 = 42

    mutating func next(below count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(count))
    }
}
