import Foundation

/// What the environment asks of these tests.
enum Setting {
    /// A number above 0; nil where there is none.
    static func number(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
    }
}
