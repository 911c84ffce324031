// Unsafe code: passes buffers to zlib. Invariants, kept here alone:
//  1. A pointer handed to zlib comes from a buffer that outlives the call, with the length of that
//     buffer.
//  2. Each object owns its zlib state and frees it once, in `deinit`.
//  3. No object of this file is used by two threads at once.

import CZlib

/// A stream of gzip members (RFC 1952) turned back into plain bytes.
@safe
final class GzipDecoder {
    private let stream: UnsafeMutablePointer<z_stream>
    private var isAtMemberEnd = false

    init() throws(FormatError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 + 16: the largest window, gzip framing only.
        let code = unsafe inflateInit2_(
            stream, 15 + 16, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            throw FormatError(.inputOutput, "Cannot start zlib: code \(code).")
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Whether everything so far ended where a member ends, so that the data may end here.
    var isComplete: Bool { isAtMemberEnd }

    /// Decodes from `input[taken ..< end]` into `output` from `start` on.
    ///
    /// - Returns: how many bytes were produced; `taken` moves on by what was consumed.
    func decode(
        _ input: [UInt8], taken: inout Int, end: Int, into output: inout [UInt8], from start: Int
    ) throws(FormatError) -> Int {
        if isAtMemberEnd {
            unsafe inflateReset(stream)
            isAtMemberEnd = false
        }
        let room = output.count - start
        let available = end - taken
        let first = taken
        let code = unsafe input.withUnsafeBytes { source in
            unsafe output.withUnsafeMutableBytes { target in
                // SAFETY: invariant 1; both slices are checked by `rebasing`, zlib writes no input.
                let from = unsafe UnsafeRawBufferPointer(rebasing: source[first..<end])
                let into = unsafe UnsafeMutableRawBufferPointer(rebasing: target[start...])
                unsafe stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: from.baseAddress?.assumingMemoryBound(to: UInt8.self))
                unsafe stream.pointee.avail_in = UInt32(clamping: from.count)
                unsafe stream.pointee.next_out =
                    into.baseAddress?.assumingMemoryBound(to: UInt8.self)
                unsafe stream.pointee.avail_out = UInt32(clamping: into.count)
                return unsafe inflate(stream, Z_NO_FLUSH)
            }
        }
        taken += available - Int(unsafe stream.pointee.avail_in)
        let produced = room - Int(unsafe stream.pointee.avail_out)
        switch code {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: isAtMemberEnd = true
        default:
            throw FormatError(
                .damagedCompression,
                "The gzip data is damaged; fetch or compress the file again.")
        }
        return produced
    }
}

/// Turns plain bytes into one gzip member.
@safe
final class GzipEncoder {
    private let stream: UnsafeMutablePointer<z_stream>

    init() throws(FormatError) {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 + 16: the largest window, gzip framing.
        let code = unsafe deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY,
            zlibVersion(), Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            throw FormatError(.inputOutput, "Cannot start zlib: code \(code).")
        }
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Compresses all of `input`; `isLast` ends the member.
    func encode(_ input: [UInt8], isLast: Bool) -> [UInt8] {
        var result: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        var taken = 0
        while true {
            let first = taken
            let code = unsafe input.withUnsafeBytes { source in
                unsafe piece.withUnsafeMutableBytes { target in
                    // SAFETY: invariant 1; the slice is checked by `rebasing`.
                    let from = unsafe UnsafeRawBufferPointer(rebasing: source[first...])
                    unsafe stream.pointee.next_in = UnsafeMutablePointer(
                        mutating: from.baseAddress?.assumingMemoryBound(to: UInt8.self))
                    unsafe stream.pointee.avail_in = UInt32(clamping: from.count)
                    unsafe stream.pointee.next_out =
                        target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                    unsafe stream.pointee.avail_out = UInt32(clamping: target.count)
                    return unsafe deflate(stream, isLast ? Z_FINISH : Z_NO_FLUSH)
                }
            }
            taken = input.count - Int(unsafe stream.pointee.avail_in)
            let room = Int(unsafe stream.pointee.avail_out)
            result += piece[..<(piece.count - room)]
            if isLast ? code == Z_STREAM_END : taken == input.count && room > 0 { return result }
            if code != Z_OK && code != Z_BUF_ERROR { return result }
        }
    }
}
