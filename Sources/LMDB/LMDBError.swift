/// A failure of the store, said in full: what failed, where, and how to mend it.
///
/// Switch on ``code``; show ``message`` to people. Absence is never an error: lookups return `nil`.
public struct LMDBError: Error, Sendable, CustomStringConvertible {
    /// The kind of failure; an open set, so a `switch` needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The stable name of the code, such as `mapFull`.
        public let description: String

        init(_ name: String) {
            description = name
        }
    }

    /// The kind of failure.
    public let code: Code
    /// What failed, where, and how to mend it, in full sentences.
    public let message: String
    /// LMDB's negative return code or a positive `errno`; 0 when the wrapper itself refused.
    public let returnCode: Int32
    /// The directory of the environment, as it was given to `open`.
    public let path: String

    /// The message; it contains no keys or values.
    public var description: String { message }

    init(_ code: Code, _ message: String, returnCode: Int32 = 0, path: String) {
        self.code = code
        self.message = message
        self.returnCode = returnCode
        self.path = path
    }
}

extension LMDBError.Code {
    /// The memory map has no room for another page; grow it and run the transaction again.
    public static let mapFull = Self("mapFull")
    /// The transaction touched too many pages; split it.
    public static let transactionFull = Self("transactionFull")
    /// Every reader slot is in use.
    public static let readersFull = Self("readersFull")
    /// Another process grew the map beyond ours.
    public static let mapResized = Self("mapResized")
    /// A table or record that had to exist does not.
    public static let notFound = Self("notFound")
    /// A key exceeds 511 bytes.
    public static let keyTooLong = Self("keyTooLong")
    /// A key has no bytes.
    public static let emptyKey = Self("emptyKey")
    /// A value exceeds 4 GiB − 1.
    public static let valueTooLarge = Self("valueTooLarge")
    /// LMDB refused the size of a key or value.
    public static let invalidSize = Self("invalidSize")
    /// An appended key does not follow the last key.
    public static let outOfOrder = Self("outOfOrder")
    /// A key that had to be new exists.
    public static let keyExists = Self("keyExists")
    /// The file contradicts itself or was cut short.
    public static let corrupted = Self("corrupted")
    /// A page that the tree refers to is absent.
    public static let pageNotFound = Self("pageNotFound")
    /// A page has no room although it should.
    public static let pageFull = Self("pageFull")
    /// A tree is deeper than a cursor can follow.
    public static let cursorFull = Self("cursorFull")
    /// The file was written by an incompatible version of LMDB.
    public static let versionMismatch = Self("versionMismatch")
    /// The file is not an LMDB store.
    public static let notLMDB = Self("notLMDB")
    /// This process has the environment open already.
    public static let alreadyOpen = Self("alreadyOpen")
    /// More tables than `maxTables`.
    public static let tablesFull = Self("tablesFull")
    /// The table handle does not belong to this environment.
    public static let badTable = Self("badTable")
    /// A table exists with other flags than asked for.
    public static let incompatible = Self("incompatible")
    /// The transaction has failed, ended, or is used where it must not be.
    public static let badTransaction = Self("badTransaction")
    /// A reader slot was reused wrongly.
    public static let badReaderSlot = Self("badReaderSlot")
    /// Too many threads hold thread-bound readers.
    public static let threadsFull = Self("threadsFull")
    /// An earlier commit failed half-way: nothing in memory can be trusted; reopen.
    public static let environmentFailed = Self("environmentFailed")
    /// The volume or the quota is full.
    public static let noSpace = Self("noSpace")
    /// The device failed to read or write.
    public static let ioError = Self("ioError")
    /// The operating system denies access.
    public static let accessDenied = Self("accessDenied")
    /// The environment or its volume is read-only.
    public static let readOnly = Self("readOnly")
    /// The directory or the store in it does not exist.
    public static let noSuchFile = Self("noSuchFile")
    /// The path is not a directory.
    public static let notADirectory = Self("notADirectory")
    /// The target exists already and is not empty.
    public static let alreadyExists = Self("alreadyExists")
    /// Memory or address space is exhausted.
    public static let outOfMemory = Self("outOfMemory")
    /// The process or the system has too many open files.
    public static let tooManyFiles = Self("tooManyFiles")
    /// Another process kept the writer lock longer than the caller would wait.
    public static let writerTimeout = Self("writerTimeout")
    /// The store lies on a file system whose locks or maps are not coherent.
    public static let unsupportedFileSystem = Self("unsupportedFileSystem")
    /// A process of another PID namespace has the store open.
    public static let foreignProcess = Self("foreignProcess")
    /// Another process has the store open.
    public static let inUse = Self("inUse")
    /// The environment has been closed.
    public static let closed = Self("closed")
    /// An argument was refused by the system.
    public static let invalidArgument = Self("invalidArgument")
    /// Anything else; `returnCode` tells.
    public static let other = Self("other")
}
