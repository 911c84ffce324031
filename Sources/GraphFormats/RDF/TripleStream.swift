// Unsafe code: lends serd a source of bytes and takes its callbacks. Invariants, kept here alone:
//  1. The handle of the reader is the stream itself, unretained. The reader and the environment
//     are freed in the stream's `deinit` and called by the stream's own methods only, so the
//     stream outlives every callback.
//  2. Strings of a callback are copied before it returns; their lengths are those serd gives.
//  3. One thread at a time.

import CSerd

/// One statement of RDF, its IRIs whole.
struct Triple {
    /// A subject, or an object that is no literal.
    enum Resource {
        case iri(String)
        /// The label of a blank node, unique among all streams of an import.
        case blank(String)
    }

    /// What is said of the subject.
    enum Object {
        case resource(Resource)
        case literal(text: String, datatype: String?, language: String?)
    }

    var subject: Resource
    var predicate: String
    var object: Object
    /// Where the statement ends.
    var line: Int
}

/// Reads N-Triples or Turtle statement by statement, in bounded memory.
@safe
final class TripleStream {
    private let source: ByteSource
    private let limits: InputLimits
    private let isTurtle: Bool
    private var reader: OpaquePointer?
    private let environment: OpaquePointer
    private var buffer: [UInt8]
    private var taken = 0
    private var end = 0
    private var position = TurtlePosition()
    private var bytesOfStatement = 0
    private var isRunning = false
    private var isOver = false
    private var failure: FormatError?
    private var message = ""
    private var triples: [Triple] = []

    /// - Parameter number: tells the blank nodes of this stream from those of others.
    init(_ source: ByteSource, isTurtle: Bool, number: Int, limits: InputLimits) throws(FormatError)
    {
        self.source = source
        self.isTurtle = isTurtle
        self.limits = limits
        buffer = [UInt8](repeating: 0, count: 1 << 16)
        guard let environment = unsafe serd_env_new(nil) else {
            throw FormatError(.inputOutput, "There is no memory for a reader of RDF.")
        }
        unsafe self.environment = environment
        // SAFETY: invariant 1.
        let reader = unsafe serd_reader_new(
            isTurtle ? SERD_TURTLE : SERD_NTRIPLES, Unmanaged.passUnretained(self).toOpaque(), nil,
            baseSet, prefixSet, statementMet, nil)
        guard let reader = unsafe reader else {
            throw FormatError(.inputOutput, "There is no memory for a reader of RDF.")
        }
        unsafe self.reader = reader
        unsafe serd_reader_set_strict(reader, true)
        unsafe serd_reader_set_error_sink(
            reader, errorMet, Unmanaged.passUnretained(self).toOpaque())
        unsafe serd_reader_add_blank_prefix(reader, "f\(number)-")
    }

    deinit {
        unsafe serd_reader_free(reader)
        unsafe serd_env_free(environment)
    }

    /// The next statements: one, or several that Turtle writes together. Nil at the end.
    ///
    /// - Throws: what the source throws, or what is wrong with the text; the next call goes on
    ///   with a later line.
    func next() throws(FormatError) -> [Triple]? {
        guard !isOver, let reader = unsafe reader else { return nil }
        if !isRunning {
            // One byte a page: what was read is then where the reader is.
            unsafe serd_reader_start_source_stream(
                reader, bytesWanted, failureAsked, Unmanaged.passUnretained(self).toOpaque(), nil, 1
            )
            isRunning = true
        }
        triples.removeAll(keepingCapacity: true)
        message = ""
        bytesOfStatement = 0
        let status = unsafe serd_reader_read_chunk(reader)
        if let failure {
            isOver = true
            throw failure
        }
        if status == SERD_SUCCESS, message.isEmpty { return triples }
        if status == SERD_FAILURE, message.isEmpty {
            isOver = true
            return triples.isEmpty ? nil : triples
        }
        let error = FormatError(
            .malformed, "\(sentence) Mend the statement.", file: source.name, line: position.line,
            column: position.column)
        try unsafe skipStatement(reader)
        throw error
    }

    private var sentence: String {
        let text = message.split(separator: "\n").joined(separator: " ")
        return "This is no \(isTurtle ? "Turtle" : "N-Triples"): "
            + (text.isEmpty ? "it cannot be read." : text + ".")
    }

    /// Where the reader is.
    var line: Int { position.line }

    /// Moves behind the line, or in Turtle behind the line that ends with a full stop.
    private func skipStatement(_ reader: OpaquePointer) throws(FormatError) {
        unsafe serd_reader_end_stream(reader)
        isRunning = false
        var last: UInt8 = 0
        if position.lastByte == 0x0A, !isTurtle { return }
        while let byte = try nextByte() {
            if byte == 0x0A, !isTurtle || last == 0x2E { break }
            if byte > 0x20 { last = byte }
        }
        position.forgetNesting()
    }

    private func nextByte() throws(FormatError) -> UInt8? {
        if taken == end {
            end = try source.read(into: &buffer, from: 0)
            taken = 0
            guard end > 0 else { return nil }
        }
        let byte = buffer[taken]
        taken += 1
        position.pass(byte)
        return byte
    }

    // MARK: Callbacks

    /// The next byte for serd; nil ends its stream.
    fileprivate func byteForReader() -> UInt8? {
        guard failure == nil else { return nil }
        do throws(FormatError) {
            let byte = try nextByte()
            bytesOfStatement += 1
            if bytesOfStatement > limits.maximumLineBytes {
                throw located(
                    "The statement is longer than the limit of \(limits.maximumLineBytes) bytes; "
                        + "check its quotes, or shorten it.")
            }
            if isTurtle, position.depth > limits.maximumDepth {
                throw located(
                    "Brackets are nested deeper than the limit of \(limits.maximumDepth).")
            }
            return byte
        } catch {
            failure = error
            return nil
        }
    }

    private func located(_ message: String) -> FormatError {
        FormatError(
            .limitExceeded, message, file: source.name, line: position.line,
            column: position.column)
    }

    fileprivate func fail(_ text: String) { if message.isEmpty { message = text } }

    fileprivate func setBase(_ node: UnsafePointer<SerdNode>) -> SerdStatus {
        unsafe serd_env_set_base_uri(environment, node)
    }

    fileprivate func setPrefix(
        _ name: UnsafePointer<SerdNode>, _ iri: UnsafePointer<SerdNode>
    ) -> SerdStatus {
        unsafe serd_env_set_prefix(environment, name, iri)
    }

    fileprivate func take(
        _ subject: UnsafePointer<SerdNode>, _ predicate: UnsafePointer<SerdNode>,
        _ object: UnsafePointer<SerdNode>, _ datatype: UnsafePointer<SerdNode>?,
        _ language: UnsafePointer<SerdNode>?
    ) -> SerdStatus {
        guard let subject = unsafe resource(subject), let predicate = unsafe iri(predicate) else {
            return SERD_ERR_BAD_CURIE
        }
        var triple = Triple(
            subject: subject, predicate: predicate, object: .resource(subject),
            line: position.line)
        if unsafe object.pointee.type == SERD_LITERAL {
            var type: String?
            if let datatype = unsafe datatype, unsafe datatype.pointee.type != SERD_NOTHING {
                guard let iri = unsafe iri(datatype) else { return SERD_ERR_BAD_CURIE }
                type = iri
            }
            var tag: String?
            if let language = unsafe language, unsafe language.pointee.type != SERD_NOTHING {
                tag = unsafe Self.text(language)
            }
            triple.object = .literal(
                text: unsafe Self.text(object), datatype: type, language: tag)
        } else {
            guard let resource = unsafe resource(object) else { return SERD_ERR_BAD_CURIE }
            triple.object = .resource(resource)
        }
        triples.append(triple)
        return SERD_SUCCESS
    }

    private static func text(_ node: UnsafePointer<SerdNode>) -> String {
        // SAFETY: invariant 2.
        let bytes = unsafe UnsafeRawBufferPointer(
            start: node.pointee.buf, count: node.pointee.n_bytes)
        return unsafe String(decoding: bytes, as: UTF8.self)
    }

    private func resource(_ node: UnsafePointer<SerdNode>) -> Triple.Resource? {
        if unsafe node.pointee.type == SERD_BLANK { return .blank(unsafe Self.text(node)) }
        return unsafe iri(node).map { .iri($0) }
    }

    /// The whole IRI of a node; nil, with a message, when it has none.
    private func iri(_ node: UnsafePointer<SerdNode>) -> String? {
        let text = unsafe Self.text(node)
        if unsafe node.pointee.type == SERD_CURIE {
            var (prefix, suffix) = unsafe (SerdChunk(), SerdChunk())
            guard unsafe serd_env_expand(environment, node, &prefix, &suffix) == SERD_SUCCESS else {
                fail("no @prefix was declared for '\(text.prefix(60))'")
                return nil
            }
            // SAFETY: invariant 2; the environment keeps the prefix.
            let head = unsafe UnsafeRawBufferPointer(start: prefix.buf, count: prefix.len)
            let tail = unsafe UnsafeRawBufferPointer(start: suffix.buf, count: suffix.len)
            return unsafe String(decoding: head, as: UTF8.self)
                + String(decoding: tail, as: UTF8.self)
        }
        if RDFTerm.isAbsolute(text) { return text }
        guard isTurtle else {
            fail("<\(text.prefix(60))> is no absolute IRI")
            return nil
        }
        var whole = unsafe serd_env_expand_node(environment, node)
        defer { unsafe serd_node_free(&whole) }
        let resolved = unsafe whole.buf == nil ? "" : Self.text(&whole)
        guard RDFTerm.isAbsolute(resolved) else {
            fail("<\(text.prefix(60))> is relative, and there is no @base")
            return nil
        }
        return resolved
    }
}

/// The stream behind a handle.
private func stream(_ handle: UnsafeMutableRawPointer?) -> TripleStream? {
    // SAFETY: invariant 1.
    unsafe handle.map { unsafe Unmanaged<TripleStream>.fromOpaque($0).takeUnretainedValue() }
}

private func bytesWanted(
    _ target: UnsafeMutableRawPointer, _: Int, _ count: Int, _ handle: UnsafeMutableRawPointer
) -> Int {
    guard count > 0, let byte = unsafe stream(handle)?.byteForReader() else { return 0 }
    // SAFETY: serd asks for `count` bytes and has room for them; one is given.
    unsafe target.storeBytes(of: byte, as: UInt8.self)
    return 1
}

private func failureAsked(_: UnsafeMutableRawPointer) -> Int32 { 0 }

private func errorMet(
    _ handle: UnsafeMutableRawPointer?, _ error: UnsafePointer<SerdError>
) -> SerdStatus {
    var text = [CChar](repeating: 0, count: 256)
    unsafe text.withUnsafeMutableBufferPointer { text in
        unsafe cserd_describe(error, text.baseAddress, text.count)
    }
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    unsafe stream(handle)?.fail(String(decoding: bytes, as: UTF8.self))
    return SERD_SUCCESS
}

private func baseSet(
    _ handle: UnsafeMutableRawPointer?, _ iri: UnsafePointer<SerdNode>
) -> SerdStatus {
    unsafe stream(handle)?.setBase(iri) ?? SERD_ERR_INTERNAL
}

private func prefixSet(
    _ handle: UnsafeMutableRawPointer?, _ name: UnsafePointer<SerdNode>,
    _ iri: UnsafePointer<SerdNode>
) -> SerdStatus {
    unsafe stream(handle)?.setPrefix(name, iri) ?? SERD_ERR_INTERNAL
}

private func statementMet(
    _ handle: UnsafeMutableRawPointer?, _: SerdStatementFlags, _: UnsafePointer<SerdNode>?,
    _ subject: UnsafePointer<SerdNode>, _ predicate: UnsafePointer<SerdNode>,
    _ object: UnsafePointer<SerdNode>, _ datatype: UnsafePointer<SerdNode>?,
    _ language: UnsafePointer<SerdNode>?
) -> SerdStatus {
    unsafe stream(handle)?.take(subject, predicate, object, datatype, language)
        ?? SERD_ERR_INTERNAL
}
