import Foundation

/// Wall and processor time since it was made.
struct Stopwatch {
    private let wallStart = ContinuousClock.now
    private let cpuStart = Stopwatch.cpuSeconds()

    var wall: Double { Stopwatch.seconds(since: wallStart) }
    var cpu: Double { Stopwatch.cpuSeconds() - cpuStart }

    static func seconds(since start: ContinuousClock.Instant) -> Double {
        let parts = (ContinuousClock.now - start).components
        return Double(parts.seconds) + Double(parts.attoseconds) / 1e18
    }

    /// User and system time of the process, all threads.
    static func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}

/// Starts of the measures, the same in every engine; see `Benchmarks/README.md`.
struct Starts {
    private var state: UInt64

    init(seed: UInt64 = 42) { state = seed }

    mutating func next(below count: UInt64) -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (state >> 33) % count
    }
}

/// Prints one measure as a line of JSON.
func report(
    _ measure: String, _ value: Double, _ unit: String, _ spent: (wall: Double, cpu: Double),
    operations: Int, rows: Int = 0, answer: Int? = nil
) {
    let count = Double(max(operations, 1))
    var line = "{\"engine\":\"cairn\",\"measure\":\"\(measure)\",\"value\":\(short(value)),"
    line += "\"unit\":\"\(unit)\",\"cpu_us_per_op\":\(short(spent.cpu * 1e6 / count)),"
    line += "\"rows_per_op\":\(short(Double(rows) / count)),\"ops\":\(operations)"
    if let answer { line += ",\"answer\":\(answer)" }
    print(line + "}")
    fflush(nil)
}

private func short(_ value: Double) -> String { String(format: "%.6g", value) }

/// What was asked for on the command line.
enum Asked {
    /// The words behind an option, which follow it separated by commas; nil without it.
    static func words(behind option: String) -> [String]? {
        let arguments = CommandLine.arguments
        guard let place = arguments.firstIndex(of: option), place + 1 < arguments.count else {
            return nil
        }
        return arguments[place + 1].split(separator: ",").map(String.init)
    }

    /// The read measures that are wanted, for profiles; nil means all.
    private static let measures = words(behind: "--only")

    static func isWanted(_ measure: String) -> Bool { measures?.contains(measure) ?? true }
}

/// Runs a read measure twice and reports the second run.
func measureReads(
    _ name: String, operations: Int, _ body: () throws -> (rows: Int, answer: Int)
) rethrows {
    guard Asked.isWanted(name) else { return }
    _ = try body()
    let watch = Stopwatch()
    let result = try body()
    let spent = (watch.wall, watch.cpu)
    report(
        name, spent.0 * 1e6 / Double(operations), "us/op", spent, operations: operations,
        rows: result.rows, answer: result.answer)
}
