/// What went wrong while reading or writing a file, where, and how to mend it.
///
/// Lines and columns count from 1; a column counts bytes. `description` is
/// `file:line:column: what; how to mend it`, the form editors jump to.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of a failure: switch on this, show people `message`.
    public struct Code: Hashable, Sendable, RawRepresentable {
        /// The name of the kind.
        public let rawValue: String

        /// Makes a kind by name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// A file could not be opened, read, written or renamed.
        public static let inputOutput = Code(rawValue: "inputOutput")
        /// Compressed data is damaged or ends early.
        public static let damagedCompression = Code(rawValue: "damagedCompression")
        /// A line, field, column or nesting is beyond its limit.
        public static let limitExceeded = Code(rawValue: "limitExceeded")
        /// The text does not follow the format.
        public static let malformed = Code(rawValue: "malformed")
        /// The bytes are no UTF-8 text.
        public static let invalidText = Code(rawValue: "invalidText")
        /// The header names an unknown type or leaves out a needed column.
        public static let badHeader = Code(rawValue: "badHeader")
        /// A value does not fit the type of its column or field.
        public static let badValue = Code(rawValue: "badValue")
        /// An edge names a node that no file holds.
        public static let danglingEdge = Code(rawValue: "danglingEdge")
        /// Two nodes have one id, or one key value.
        public static let duplicateKey = Code(rawValue: "duplicateKey")
        /// The options contradict each other or the file.
        public static let badOption = Code(rawValue: "badOption")
        /// The caller asked to stop.
        public static let cancelled = Code(rawValue: "cancelled")
        /// The graph store refused the data.
        public static let store = Code(rawValue: "store")
    }

    /// The kind of failure.
    public let code: Code
    /// What failed and how to mend it, without the place.
    public let message: String
    /// The file as the caller named it; nil when no file is at fault.
    public var file: String?
    /// The line, from 1; nil when no line is at fault.
    public var line: Int?
    /// The byte in the line, from 1; nil when the whole line is at fault.
    public var column: Int?

    /// Makes an error.
    public init(
        _ code: Code, _ message: String, file: String? = nil, line: Int? = nil, column: Int? = nil
    ) {
        self.code = code
        self.message = message
        self.file = file
        self.line = line
        self.column = column
    }

    /// The place, then the message.
    public var description: String {
        var text = ""
        if let file {
            text = file
            if let line { text += ":\(line)" }
            if line != nil, let column { text += ":\(column)" }
            text += ": "
        }
        return text + message
    }

    /// The same error in a file, its line counted from a first line.
    func located(in file: String, linesBefore: Int) -> FormatError {
        var copy = self
        copy.file = copy.file ?? file
        copy.line = copy.line.map { $0 + linesBefore }
        return copy
    }
}
