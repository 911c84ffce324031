import Glibc
import Synchronization

// The only calls of this program into C. Pointers never leave the call they are made for.

/// What the program asks of the operating system.
enum SystemCalls {
    /// Whether a descriptor is a terminal.
    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// How many columns the terminal of a descriptor has; nil when it is none.
    static func terminalColumns(_ descriptor: Int32) -> Int? {
        // `struct winsize`: rows, columns, and two fields of pixels, 16 bits each.
        var size: (rows: UInt16, columns: UInt16, UInt16, UInt16) = (0, 0, 0, 0)
        // SAFETY: the kernel fills the eight bytes that this request is defined for.
        let result = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size)
        return result == 0 && size.columns > 0 ? Int(size.columns) : nil
    }

    /// The value of an environment variable; nil when it is not set.
    static func environment(_ name: String) -> String? {
        // SAFETY: nothing in this program changes the environment, so the text stands while it is
        // copied.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// What became of a write.
    enum WriteOutcome {
        case written(Int)
        case closedPipe
        case failed(String)
    }

    /// Writes bytes from an offset on; may write fewer than asked.
    static func write(_ bytes: [UInt8], from offset: Int, to descriptor: Int32) -> WriteOutcome {
        guard offset < bytes.count else { return .written(0) }
        while true {
            // SAFETY: the offset is inside the array, and the count is what lies behind it.
            let count = unsafe bytes.withUnsafeBytes { buffer in
                guard let base = buffer.baseAddress else { return 0 }
                return unsafe Glibc.write(descriptor, base + offset, buffer.count - offset)
            }
            if count >= 0 { return .written(count) }
            switch errno {
            case EINTR: continue
            case EPIPE: return .closedPipe
            default: return .failed(lastErrorText())
            }
        }
    }

    /// Makes or empties a file for writing.
    static func createFile(_ path: String) -> Result<Int32, SystemError> {
        // SAFETY: the path is a text that Swift keeps alive, with a final zero, during the call.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        return descriptor >= 0 ? .success(descriptor) : .failure(SystemError(text: lastErrorText()))
    }

    /// The bytes of a file, or why they cannot be had.
    static func readFile(_ path: String, atMost most: Int) -> Result<[UInt8], SystemError> {
        // SAFETY: the path lives during the call.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .failure(SystemError(text: lastErrorText())) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            // SAFETY: the kernel writes at most as many bytes as the array has.
            let count = unsafe piece.withUnsafeMutableBytes { buffer in
                unsafe read(descriptor, buffer.baseAddress, buffer.count)
            }
            if count == 0 { return .success(bytes) }
            guard count > 0 else {
                if errno == EINTR { continue }
                return .failure(SystemError(text: lastErrorText()))
            }
            bytes.append(contentsOf: piece[..<count])
            guard bytes.count <= most else { return .failure(tooLarge(most)) }
        }
    }

    /// A path without links, `.` and `..`; nil when nothing is there.
    static func resolved(_ path: String) -> String? {
        // SAFETY: the path lives during the call, which returns a copy of its own for us to free.
        guard let text = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }

    /// The bytes of a regular file that is inside a folder, which is given resolved.
    ///
    /// The file is opened first and looked at afterwards, so that nobody can put a link in its
    /// place in between.
    static func readFile(
        _ path: String, inside folder: String, atMost most: Int
    ) -> Result<[UInt8], SystemError> {
        // SAFETY: the path lives during the call. A pipe without a writer must not stop us.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .failure(SystemError(text: lastErrorText())) }
        defer { close(descriptor) }
        let opened = "/proc/self/fd/\(descriptor)"
        guard let place = resolved(opened), place.utf8.starts(with: "\(folder)/".utf8) else {
            return .failure(SystemError(text: "it is outside of \(folder); move it there"))
        }
        guard let size = fileSize(opened) else {
            let text = "it is no regular file; name one, and not a folder, pipe or device"
            return .failure(SystemError(text: text))
        }
        guard size <= most else { return .failure(tooLarge(most)) }
        return readFile(opened, atMost: most)
    }

    private static func tooLarge(_ most: Int) -> SystemError {
        SystemError(text: "it has more than \(most) bytes, which is the limit; split it")
    }

    /// Closes a descriptor; the text of the failure, if it fails.
    static func closeFile(_ descriptor: Int32) -> String? {
        close(descriptor) == 0 ? nil : lastErrorText()
    }

    /// What is at a path.
    enum FileKind { case nothing, directory, file }

    /// What is at a path, following links.
    static func kind(_ path: String) -> FileKind {
        var status = stat()
        // SAFETY: the kernel fills one `stat`; the path lives during the call.
        guard unsafe stat(path, &status) == 0 else { return .nothing }
        return status.st_mode & S_IFMT == S_IFDIR ? .directory : .file
    }

    /// Whether what is inside a directory may be reached; true also where there is none.
    static func mayEnter(_ path: String) -> Bool {
        // SAFETY: the path lives during the call.
        unsafe access(path, X_OK) == 0 || errno != EACCES || kind(path) == .file
    }

    /// Whether two paths lead to one file that would be lost if one were read and the other written.
    static func isSameFile(_ path: String, _ other: String) -> Bool {
        var first = stat()
        var second = stat()
        // SAFETY: the kernel fills one `stat` each; the paths live during the calls.
        guard unsafe stat(path, &first) == 0, unsafe stat(other, &second) == 0 else {
            return false
        }
        return first.st_mode & S_IFMT == S_IFREG && first.st_dev == second.st_dev
            && first.st_ino == second.st_ino
    }

    /// The size of a regular file in bytes; nil for anything else.
    static func fileSize(_ path: String) -> Int? {
        var status = stat()
        // SAFETY: the kernel fills one `stat`; the path lives during the call.
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        return Int(status.st_size)
    }

    /// Whether a regular file is at a path itself, not behind a link.
    static func isPlainFile(_ path: String) -> Bool {
        var status = stat()
        // SAFETY: the kernel fills one `stat`; the path lives during the call.
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// The number of this process.
    static func processNumber() -> Int32 { getpid() }

    /// Up to so many bytes from the beginning of a file; nil when it cannot be read.
    static func head(of path: String, _ count: Int) -> [UInt8]? {
        // SAFETY: the path lives during the call. A pipe without a writer must not stop us.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: the kernel writes at most `count` bytes into an array of that length.
        let got = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe read(descriptor, buffer.baseAddress, buffer.count)
        }
        return got >= 0 ? Array(bytes.prefix(got)) : nil
    }

    /// Gives a file another name, replacing what has it; the text of the failure, if it fails.
    static func renameFile(_ path: String, to other: String) -> String? {
        // SAFETY: the paths live during the call.
        unsafe rename(path, other) == 0 ? nil : lastErrorText()
    }

    /// Removes a file; nothing happens when there is none.
    static func removeFile(_ path: String) {
        // SAFETY: the path lives during the call.
        _ = unsafe unlink(path)
    }

    /// Reads the next bytes of standard input, at most `count`; none at its end or when a signal
    /// came first.
    static func readInput(_ count: Int) -> [UInt8] {
        // Unlike `read`, `poll` is never taken up again after a signal.
        var wait = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        // SAFETY: one `pollfd`, and a count of one.
        guard unsafe poll(&wait, 1, -1) > 0 else { return [] }
        var bytes = [UInt8](repeating: 0, count: count)
        // SAFETY: the kernel writes at most `count` bytes into an array of that length.
        let got = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe read(STDIN_FILENO, buffer.baseAddress, buffer.count)
        }
        return got > 0 ? Array(bytes.prefix(got)) : []
    }

    /// What came on standard input.
    enum InputByte {
        case byte(UInt8)
        case end
        /// The time was over, or a signal came.
        case nothing
    }

    /// Waits a while for a byte of standard input.
    static func nextInput(milliseconds: Int32) -> InputByte {
        var wait = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        // SAFETY: one `pollfd`, and a count of one.
        guard unsafe poll(&wait, 1, milliseconds) > 0 else { return .nothing }
        var byte: UInt8 = 0
        // SAFETY: the kernel writes at most one byte.
        let count = unsafe read(STDIN_FILENO, &byte, 1)
        if count < 0, errno == EINTR { return .nothing }
        return count > 0 ? .byte(byte) : .end
    }

    /// Waits until the time is over, a signal comes, or nobody reads what the descriptor writes.
    ///
    /// - Returns: Whether somebody still reads.
    static func wait(milliseconds: Int32, watching descriptor: Int32) -> Bool {
        var watch = pollfd(fd: descriptor, events: 0, revents: 0)
        // SAFETY: one `pollfd`, and a count of one.
        let count = unsafe poll(&watch, 1, milliseconds)
        return count <= 0 || watch.revents & Int16(POLLERR | POLLHUP) == 0
    }

    /// From now on a write to a closed pipe fails instead of ending the process.
    static func ignoreClosedPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// From now on Ctrl-C and a request to end set `Interruption`.
    static func catchInterrupts() {
        // The counter must exist before a signal can come.
        _ = Interruption.isRequested
        // SAFETY: the handler is a global function that only touches an atomic and `_exit`, both
        // allowed in a signal handler. `SA_RESTART` keeps LMDB's and our own reads and writes whole.
        withInterruptAction { action in
            for number in [SIGINT, SIGTERM] { unsafe _ = sigaction(number, &action, nil) }
        }
        // A parent may start us with these signals blocked; then Ctrl-C would never arrive.
        var signals = sigset_t()
        // SAFETY: the set is a local of ours, emptied before it is filled.
        unsafe sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] { unsafe _ = sigaddset(&signals, number) }
        unsafe _ = pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    private static func withInterruptAction(_ body: (inout sigaction) -> Void) {
        var action = sigaction()
        // SAFETY: `sa_handler` is the member of the union that goes with flags without SA_SIGINFO.
        unsafe action.__sigaction_handler.sa_handler = handleInterrupt
        action.sa_flags = SA_RESTART
        body(&action)
    }

    /// Has SIGALRM end the process so many microseconds from now; 0 takes that back.
    ///
    /// Called from the handler of Ctrl-C too: on Linux `setitimer` is one call into the kernel.
    static func alarm(microseconds: Int) {
        var timer = itimerval()
        timer.it_value.tv_usec = microseconds
        // SAFETY: the kernel reads one `itimerval`.
        unsafe _ = setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &timer, nil)
    }

    /// From now on SIGALRM ends the process with the message and code of Ctrl-C.
    static func catchAlarms() {
        var action = sigaction()
        // SAFETY: as in `withInterruptAction`.
        unsafe action.__sigaction_handler.sa_handler = handleAlarm
        action.sa_flags = SA_RESTART
        unsafe _ = sigaction(SIGALRM, &action, nil)
    }

    /// Ends the process at once, without running exit handlers.
    static func exitNow(_ code: Int32) -> Never { _exit(code) }

    /// The time of day.
    static func secondsSinceEpoch() -> Int64 { Int64(time(nil)) }

    /// How many processors the process may use.
    static func processorCount() -> Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    private static func lastErrorText() -> String {
        // SAFETY: `strerror` gives a text that stands until the next call on this thread.
        guard let text = unsafe strerror(errno) else { return "unknown error" }
        return unsafe String(cString: text)
    }
}

/// Why the operating system refused.
struct SystemError: Error {
    let text: String
}

/// Whether the user asked the program to stop.
enum Interruption {
    // Relaxed: the flag alone is the message; nothing else is read because of it.
    private static let count = Atomic<Int>(0)
    private static let lastSignal = Atomic<Int32>(0)

    /// Whether a first Ctrl-C also sets a deadline.
    private static let hasDeadline = Atomic<Bool>(false)

    /// How long a command may take to end by itself. It asks often and is done long before; what
    /// cannot ask (a read from a pipe, a projection) is cut off.
    private static let patienceMicroseconds = 40_000

    /// Says whether Ctrl-C may end the process where it stands: not while it commits a change, whose
    /// outcome must be told.
    static func mayEndAtOnce(_ may: Bool) {
        if may { SystemCalls.catchAlarms() }
        hasDeadline.store(may, ordering: .relaxed)
        if !may { SystemCalls.alarm(microseconds: 0) }
    }

    /// Whether Ctrl-C was pressed, or the process was asked to end.
    static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

    /// 128 and the number of the signal, as shells have it.
    static var exitCode: Int32 { 128 + max(lastSignal.load(ordering: .relaxed), SIGINT) }

    /// Forgets that it was asked: for a shell, which goes on.
    static func clear() { count.store(0, ordering: .relaxed) }

    fileprivate static func note(_ signal: Int32) -> Bool {
        lastSignal.store(signal, ordering: .relaxed)
        let isFirst = count.add(1, ordering: .relaxed).newValue == 1
        if isFirst, hasDeadline.load(ordering: .relaxed) {
            SystemCalls.alarm(microseconds: patienceMicroseconds)
        }
        return isFirst
    }
}

/// Sets the flag the first time, ends the process the second.
private func handleInterrupt(_ signal: Int32) {
    if !Interruption.note(signal) { SystemCalls.exitNow(Interruption.exitCode) }
}

/// Says what an interrupted command says, and ends.
private func handleAlarm(_ signal: Int32) {
    let text: StaticString = "\r\u{1B}[Kcairn: Interrupted; nothing was changed.\n"
    let plain: StaticString = "cairn: Interrupted; nothing was changed.\n"
    let message = SystemCalls.isTerminal(STDERR_FILENO) ? text : plain
    // SAFETY: the bytes of a literal, and their number; `write` is allowed in a handler.
    _ = unsafe Glibc.write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
    SystemCalls.exitNow(Interruption.exitCode)
}
