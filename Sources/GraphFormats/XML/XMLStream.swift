// Unsafe code: hands buffers to expat and takes its callbacks. Invariants, kept here alone:
//  1. The user data of the parser is the stream itself, unretained. The parser is freed in the
//     stream's `deinit` and called by the stream's own methods only, so the stream outlives every
//     callback.
//  2. Strings and arrays of a callback are copied before it returns.
//  3. A pointer handed to expat comes from a buffer that outlives the call, with its length.
//  4. One thread at a time.

import CExpat
import PropertyGraph

/// An element as it begins.
struct XMLElement {
    /// The namespace; empty when there is none.
    var space: String
    /// The name without its prefix.
    var name: String
    /// Attributes as written; one in a namespace has the namespace, a line feed, and its name.
    var attributes: [(name: String, value: String)]
    /// Where it begins.
    var line: Int
    /// Where it begins, in characters from 1.
    var column: Int

    /// The value of an attribute.
    subscript(name: String) -> String? {
        attributes.first { UTF8Order.equal($0.name, name) }?.value
    }
}

/// Takes what an XML file holds, in its order.
protocol XMLHandler: AnyObject {
    /// An element begins.
    func start(_ element: XMLElement) throws(FormatError)
    /// The innermost element ends.
    func end() throws(FormatError)
    /// Text within the innermost element; long text comes in pieces.
    func text(_ piece: String) throws(FormatError)
}

/// Reads XML in pieces, in bounded memory, and safely: documents that declare entities are
/// refused, nothing outside the file is ever read, depth and token length have limits.
@safe
final class XMLStream {
    private let parser: XML_Parser
    private let source: ByteSource
    private let handler: any XMLHandler
    private let limits: InputLimits
    private var buffer: [UInt8]
    private var bytesFed = 0
    private var depth = 0
    private var failure: FormatError?
    private var isOver = false

    private static let separator: UInt8 = 0x0A

    init(_ source: ByteSource, _ handler: any XMLHandler, limits: InputLimits) throws(FormatError) {
        self.source = source
        self.handler = handler
        self.limits = limits
        buffer = [UInt8](repeating: 0, count: min(limits.blockBytes, 1 << 16))
        guard let parser = unsafe XML_ParserCreateNS(nil, XML_Char(Self.separator)) else {
            throw FormatError(.inputOutput, "There is no memory for an XML parser.")
        }
        unsafe self.parser = parser
        // SAFETY: invariant 1.
        unsafe XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
        unsafe XML_SetElementHandler(parser, elementStarted, elementEnded)
        unsafe XML_SetCharacterDataHandler(parser, textMet)
        unsafe XML_SetEntityDeclHandler(parser, entityDeclared)
    }

    deinit { unsafe XML_ParserFree(parser) }

    /// Reads the next piece and hands it over; false at the end of the document.
    ///
    /// - Throws: what the source or the handler throws; `.malformed` and `.limitExceeded`.
    func next() throws(FormatError) -> Bool {
        if isOver { return false }
        let count = try source.read(into: &buffer, from: 0)
        isOver = count == 0
        let status = unsafe buffer.withUnsafeBytes { bytes in
            // SAFETY: invariant 3.
            unsafe XML_Parse(
                parser, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(count),
                isOver ? 1 : 0)
        }
        bytesFed += count
        if let failure { throw failure.located(in: source.name, linesBefore: 0) }
        guard status == XML_STATUS_OK else { throw parsingError() }
        if bytesFed - Int(unsafe XML_GetCurrentByteIndex(parser)) > limits.maximumLineBytes {
            throw located(
                .limitExceeded,
                "A tag is longer than the limit of \(limits.maximumLineBytes) bytes; check its "
                    + "quotes, or shorten it.")
        }
        return true
    }

    /// The line that is being read, from 1.
    var line: Int { Int(unsafe XML_GetCurrentLineNumber(parser)) }

    private var column: Int { Int(unsafe XML_GetCurrentColumnNumber(parser)) + 1 }

    private func located(_ code: FormatError.Code, _ message: String) -> FormatError {
        FormatError(code, message, file: source.name, line: line, column: column)
    }

    private func parsingError() -> FormatError {
        let code = unsafe XML_GetErrorCode(parser)
        // SAFETY: expat's texts are constants.
        let reason = unsafe XML_ErrorString(code).map { unsafe String(cString: $0) } ?? "an error"
        if code == XML_ERROR_INVALID_TOKEN || code == XML_ERROR_UNKNOWN_ENCODING {
            return located(
                code == XML_ERROR_INVALID_TOKEN ? .malformed : .invalidText,
                "This is no XML: \(reason); check '<', '&' and the encoding of the file.")
        }
        return located(.malformed, "This is no XML: \(reason); mend the file, or write it again.")
    }

    // MARK: Callbacks

    /// Runs the handler; what it throws stops the parser.
    private func run(_ body: () throws(FormatError) -> Void) {
        guard failure == nil else { return }
        do {
            try body()
        } catch {
            failure = error
            unsafe XML_StopParser(parser, 0)
        }
    }

    fileprivate func started(_ name: String, _ attributes: [(name: String, value: String)]) {
        run { () throws(FormatError) in
            depth += 1
            guard depth <= limits.maximumDepth else {
                throw located(
                    .limitExceeded,
                    "Elements are nested deeper than the limit of \(limits.maximumDepth).")
            }
            let (space, local) = Self.split(name)
            try handler.start(
                XMLElement(
                    space: space, name: local, attributes: attributes, line: line, column: column))
        }
    }

    fileprivate func ended() {
        run { () throws(FormatError) in
            depth -= 1
            try handler.end()
        }
    }

    fileprivate func met(_ text: String) {
        run { () throws(FormatError) in try handler.text(text) }
    }

    fileprivate func refuseEntity() {
        run { () throws(FormatError) in
            throw located(
                .malformed,
                "The document declares an entity, which is refused; write its text in place.")
        }
    }

    private static func split(_ name: String) -> (space: String, local: String) {
        guard let place = name.utf8.lastIndex(of: separator) else { return ("", name) }
        return (String(name[..<place]), String(name[name.utf8.index(after: place)...]))
    }
}

/// The stream behind the user data of its parser.
private func stream(_ data: UnsafeMutableRawPointer?) -> XMLStream? {
    // SAFETY: invariant 1.
    unsafe data.map { unsafe Unmanaged<XMLStream>.fromOpaque($0).takeUnretainedValue() }
}

private func elementStarted(
    _ data: UnsafeMutableRawPointer?, _ name: UnsafePointer<XML_Char>?,
    _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
) {
    guard let stream = unsafe stream(data), let name = unsafe name else { return }
    var found: [(name: String, value: String)] = []
    if let attributes = unsafe attributes {
        // SAFETY: names and values take turns until a null; invariant 2.
        var place = 0
        while let key = unsafe attributes[place], let value = unsafe attributes[place + 1] {
            found.append((unsafe String(cString: key), unsafe String(cString: value)))
            place += 2
        }
    }
    stream.started(unsafe String(cString: name), found)
}

private func elementEnded(_ data: UnsafeMutableRawPointer?, _: UnsafePointer<XML_Char>?) {
    unsafe stream(data)?.ended()
}

private func textMet(
    _ data: UnsafeMutableRawPointer?, _ text: UnsafePointer<XML_Char>?, _ count: Int32
) {
    guard let stream = unsafe stream(data), let text = unsafe text else { return }
    // SAFETY: expat gives the length; invariant 2.
    let bytes = unsafe UnsafeRawBufferPointer(start: text, count: Int(count))
    stream.met(unsafe String(decoding: bytes, as: UTF8.self))
}

private func entityDeclared(
    _ data: UnsafeMutableRawPointer?, _: UnsafePointer<XML_Char>?, _: Int32,
    _: UnsafePointer<XML_Char>?, _: Int32, _: UnsafePointer<XML_Char>?,
    _: UnsafePointer<XML_Char>?, _: UnsafePointer<XML_Char>?, _: UnsafePointer<XML_Char>?
) {
    unsafe stream(data)?.refuseEntity()
}
