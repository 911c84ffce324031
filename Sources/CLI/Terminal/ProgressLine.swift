import Glibc
import Synchronization

/// One line on standard error that tells how far a long command is; it appears after a second and
/// vanishes at the end.
///
/// It may be told from any thread; each change of it is under its lock.
final class ProgressLine: Sendable {
    private struct State {
        var shownAt: ContinuousClock.Instant?
        var isShown = false
    }

    private let isEnabled: Bool
    private let started = ContinuousClock.now
    private let state = Mutex(State())

    /// Makes a line; it stays silent unless standard error is a terminal.
    init(isEnabled: Bool) { self.isEnabled = isEnabled }

    /// Shows where the work is, at most ten times a second.
    func show(_ text: @autoclosure () -> String) {
        guard isEnabled else { return }
        let now = ContinuousClock.now
        guard now - started > .seconds(1) else { return }
        let isDue = state.withLock { state in
            if let last = state.shownAt, now - last < .milliseconds(100) { return false }
            state.shownAt = now
            state.isShown = true
            return true
        }
        guard isDue else { return }
        let fitted = TextWidth.truncated(
            text(), to: (SystemCalls.terminalColumns(STDERR_FILENO) ?? 80) - 1)
        write("\r\u{1B}[K" + fitted)
    }

    /// Removes the line.
    func clear() {
        let wasShown = state.withLock { state in
            defer { state.isShown = false }
            return state.isShown
        }
        if wasShown { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) {
        _ = SystemCalls.write(Array(text.utf8), from: 0, to: STDERR_FILENO)
    }
}
