import Foundation
import Synchronization

/// Anonymous memory: what is of this process alone, mapped files apart.
final class MemoryWatch: Sendable {
    private let peak = Atomic<Int>(0)
    private let isDone = Atomic<Bool>(false)

    /// Looks a thousand times a second from now on.
    init() {
        let thread = Thread { [weak self] in
            while let watch = self, !watch.isDone.load(ordering: .relaxed) {
                watch.note()
                usleep(1_000)
            }
        }
        thread.start()
    }

    /// The most that was seen.
    func peakMegabytes() -> Double {
        note()
        isDone.store(true, ordering: .relaxed)
        return Double(peak.load(ordering: .relaxed)) / 1000
    }

    private func note() {
        let now = Int(Self.kilobytes("RssAnon:"))
        peak.max(now, ordering: .relaxed)
    }

    static func kilobytes(_ field: String) -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
        let words = line?.split(separator: " ") ?? []
        return words.count > 1 ? Double(words[1].filter(\.isNumber)) ?? 0 : 0
    }

    /// Reports what is resident now, of its own and of mapped files.
    static func reportResident(_ name: String) {
        report("\(name)_anonymous", kilobytes("RssAnon:") / 1000, "MB", (0, 0), operations: 1)
        report("\(name)_mapped", kilobytes("RssFile:") / 1000, "MB", (0, 0), operations: 1)
    }
}
