import CLMDB
import Glibc

/// One entry of the reader table that all processes share.
public struct ReaderInfo: Sendable, Hashable {
    /// The process that owns the slot.
    public let processID: Int32
    /// LMDB's mark of the owner within its process: a thread, or a transaction object.
    public let threadOrSlot: UInt64
    /// The last commit its snapshot contains; `nil` while the slot waits for its next read.
    public let transactionID: UInt64?
}

extension Environment {
    /// Clears the reader slots of processes that no longer run and returns how many there were.
    ///
    /// A dead reader keeps LMDB from reusing pages. Done at open; repeat it when the file grows
    /// without reason.
    ///
    /// - Throws: `.closed`; `.ioError`.
    @discardableResult
    public func reapStaleReaders() throws(LMDBError) -> Int {
        try withOpenMap(cannot: "clear stale readers") { () throws(LMDBError) -> Int in
            var dead: Int32 = 0
            // SAFETY: inside the gate the environment is open.
            try check(
                unsafe mdb_reader_check(pointer, &dead), cannot: "clear stale readers")
            return Int(dead)
        }
    }

    /// The reader table: live and pooled snapshots of all processes.
    ///
    /// - Throws: `.closed`.
    public func readers() throws(LMDBError) -> [ReaderInfo] {
        try withOpenMap(cannot: "list readers") { () throws(LMDBError) -> [ReaderInfo] in
            var text = ""
            // SAFETY: LMDB calls back on this thread, within the call, with the address of `text`.
            let returnCode = unsafe withUnsafeMutablePointer(to: &text) { text in
                unsafe mdb_reader_list(pointer, collectReaderText, text)
            }
            // The count of characters written is returned; only below zero is it an error.
            if returnCode < 0 { try check(returnCode, cannot: "list readers") }
            return Self.parseReaders(text)
        }
    }

    /// How long the oldest live read of this process has lasted, or `nil` if there is none.
    public var oldestReaderAge: Duration? {
        gate.oldestReadAge().map { .nanoseconds(Int64(clamping: $0)) }
    }

    /// Reads LMDB's listing: a heading, then `pid thread(hex) txnid`, with `-` for no snapshot.
    static func parseReaders(_ text: String) -> [ReaderInfo] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count == 3, let process = Int32(fields[0]),
                let thread = UInt64(fields[1], radix: 16)
            else { return nil }
            return ReaderInfo(
                processID: process, threadOrSlot: thread, transactionID: UInt64(fields[2]))
        }
    }
}

/// Collects what `mdb_reader_list` says into the `String` that `context` points to.
private func collectReaderText(
    _ message: UnsafePointer<CChar>?, _ context: UnsafeMutableRawPointer?
) -> Int32 {
    // SAFETY: called only by `readers()`, which passes a `String` that outlives the call.
    guard let message = unsafe message, let context = unsafe context else { return -1 }
    unsafe context.assumingMemoryBound(to: String.self).pointee += String(cString: message)
    return 0
}
