import Glibc

/// A running `lmdb-peer`: another process that has the same store open.
final class Peer {
    let processID: pid_t
    private let input: Int32
    private let output: Int32
    private var pending: [UInt8] = []
    private var isReaped = false

    /// Starts `lmdb-peer` with arguments.
    init(_ arguments: String...) throws {
        var toPeer: [Int32] = [0, 0]
        var fromPeer: [Int32] = [0, 0]
        try Spawn.makePipe(&toPeer)
        try Spawn.makePipe(&fromPeer)
        input = toPeer[1]
        output = fromPeer[0]
        defer {
            close(toPeer[0])
            close(fromPeer[1])
        }
        processID = try Spawn.start(
            Spawn.buildDirectory + "/lmdb-peer", arguments, input: toPeer[0], output: fromPeer[1])
    }

    deinit {
        close(input)
        close(output)
        if !isReaped { kill() }
    }

    /// The next line the peer prints; `nil` at its end.
    func line() -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeSubrange(...end)
                return line
            }
            guard let more = Spawn.read(output), !more.isEmpty else { return nil }
            pending += more
        }
    }

    /// Lets a waiting peer go on, and waits for its end.
    func release() -> Int32 {
        _ = unsafe write(input, "\n", 1)
        return wait()
    }

    /// Kills the peer and waits until it is gone.
    func kill() {
        _ = Glibc.kill(processID, SIGKILL)
        _ = wait()
    }

    /// Waits for the end of the peer and returns its wait status.
    func wait() -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(processID, &status, 0) < 0, errno == EINTR {}
        isReaped = true
        return status
    }
}

/// Starting other programs.
enum Spawn {
    /// Where the tests and their helpers are built.
    static let buildDirectory: String = {
        var buffer = [CChar](repeating: 0, count: 4096)
        // SAFETY: the buffer is the array's own, and its size is passed along.
        let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
        let path = buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
        let end = path.lastIndex(of: UInt8(ascii: "/")) ?? 0
        return String(decoding: path[..<end], as: UTF8.self)
    }()

    /// Starts a program with the given standard input and output; its errors go to the output when
    /// `joinsErrors`.
    static func start(
        _ program: String, _ arguments: [String], input: Int32, output: Int32,
        joinsErrors: Bool = false
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        if joinsErrors {
            unsafe posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        }
        var process: pid_t = 0
        // SAFETY: the copied strings live until after the call, and the array ends with nil.
        var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe words.forEach { unsafe free($0) } }
        let code = unsafe posix_spawn(&process, program, &actions, nil, &words, environ())
        guard code == 0 else { throw SystemFailure(code: code) }
        return process
    }

    /// Makes a pipe that is closed on exec, so that children started by other threads do not keep it
    /// open.
    ///
    /// A child started between the two calls may still do so; then the end of this pipe is seen when
    /// that child ends, too.
    static func makePipe(_ ends: inout [Int32]) throws {
        guard unsafe pipe(&ends) == 0 else { throw SystemFailure(code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    }

    /// What arrives next on a descriptor; empty at its end, `nil` on failure.
    static func read(_ descriptor: Int32) -> [UInt8]? {
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            // SAFETY: the buffer is the array's own.
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            return count < 0 ? nil : Array(chunk.prefix(count))
        }
    }

    /// Runs a program to its end and returns its exit code and all it printed.
    static func run(_ program: String, _ arguments: [String]) throws -> (Int32, String) {
        var ends: [Int32] = [0, 0]
        try makePipe(&ends)
        let nothing = unsafe open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer {
            close(nothing)
            close(ends[0])
        }
        let process = try start(
            program, arguments, input: nothing, output: ends[1], joinsErrors: true)
        close(ends[1])
        var text: [UInt8] = []
        while let more = read(ends[0]), !more.isEmpty { text += more }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
        return (status, String(decoding: text, as: UTF8.self))
    }

    private static func environ() -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
        // The variable itself is a mutable global, which Swift does not let through; without one the
        // child inherits nothing, so hand over what the dynamic loader and swiftc need.
        unsafe inherited
    }
}

/// A copy of the environment variables, made once and never freed.
nonisolated(unsafe) private let inherited: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = {
    // nonisolated(unsafe): written only here, before the first use.
    let lines = (try? variables()) ?? []
    let copy = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(
        capacity: lines.count + 1)
    for (index, line) in lines.enumerated() {
        unsafe (copy + index).initialize(to: strdup(line))
    }
    unsafe (copy + lines.count).initialize(to: nil)
    return unsafe copy
}()

/// The environment variables of this process, as the kernel has them.
private func variables() throws -> [String] {
    let descriptor = unsafe open("/proc/self/environ", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemFailure(code: errno) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    while let more = Spawn.read(descriptor), !more.isEmpty { bytes += more }
    let kept = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
    // A crash of a child must not start the backtracer.
    return kept.filter { !$0.hasPrefix("SWIFT_BACKTRACE=") } + ["SWIFT_BACKTRACE=enable=no"]
}
