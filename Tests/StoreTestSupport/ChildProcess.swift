import Glibc

/// A program of this build that runs beside the tests, its standard input and output in our hands.
package final class ChildProcess {
    /// The number of the process.
    package let processID: Int32
    private let input: Int32
    private let output: Int32
    private var pending: [UInt8] = []
    private var status: Int32?

    /// Starts a program that lies beside the running one, or any when a path is given.
    package init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:]
    ) throws {
        let (toChild, fromChild) = (try Self.makePipe(), try Self.makePipe())
        defer {
            close(toChild.read)
            close(fromChild.write)
        }
        (input, output) = (toChild.write, fromChild.read)
        let path = program.contains("/") ? program : Self.buildDirectory + "/" + program
        let settings = environment.map { "\($0.key)=\($0.value)" }
        processID = try Self.spawn(path, arguments, settings, toChild.read, fromChild.write)
    }

    deinit {
        close(input)
        close(output)
        if status == nil { kill() }
    }

    /// The next line it prints; nil at its end. A line without its end does not count.
    package func line() -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeSubrange(...end)
                return line
            }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe Glibc.read(output, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            pending += chunk[..<count]
        }
    }

    /// Sends a line.
    package func send(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(input, $0.baseAddress, $0.count) }
    }

    /// Ends it at once, wherever it is, and waits until it is gone.
    package func kill() {
        Glibc.kill(processID, SIGKILL)
        _ = wait()
    }

    /// Waits for its end; the wait status, 0 for a good one.
    package func wait() -> Int32 {
        if let status { return status }
        var code: Int32 = 0
        while unsafe waitpid(processID, &code, 0) < 0, errno == EINTR {}
        status = code
        return code
    }

    private struct Failure: Error { let code: Int32 }

    /// Where the tests and their helpers are built.
    private static let buildDirectory: String = {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let path = buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
        return String(
            decoding: path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)], as: UTF8.self)
    }()

    private static func makePipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        guard unsafe pipe(&ends) == 0 else { throw Failure(code: errno) }
        // A child started by another test between the two calls keeps the pipe open while it lives.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ program: String, _ arguments: [String], _ environment: [String], _ input: Int32,
        _ output: Int32
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        var process: pid_t = 0
        // SAFETY: the copied strings live until after the call, and both arrays end with nil.
        var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        // A child that crashes must end at once, and not wait for a backtrace.
        let variables = BuiltCommand.environment.map { "\($0.key)=\($0.value)" }
        var settings = unsafe (variables + environment).map { unsafe strdup($0) } + [nil]
        defer {
            unsafe words.forEach { unsafe free($0) }
            unsafe settings.forEach { unsafe free($0) }
        }
        let code = unsafe posix_spawn(&process, program, &actions, nil, &words, &settings)
        guard code == 0 else { throw Failure(code: code) }
        return process
    }
}
