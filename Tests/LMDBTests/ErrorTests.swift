import CLMDB
import Glibc
import Testing

@testable import LMDB

@Suite struct Errors {
    /// Every code of lmdb.h and what it becomes.
    static let storeCodes: [(Int32, LMDBError.Code)] = [
        (MDB_KEYEXIST, .keyExists), (MDB_NOTFOUND, .notFound),
        (MDB_PAGE_NOTFOUND, .pageNotFound), (MDB_CORRUPTED, .corrupted),
        (MDB_PANIC, .environmentFailed), (MDB_VERSION_MISMATCH, .versionMismatch),
        (MDB_INVALID, .notLMDB), (MDB_MAP_FULL, .mapFull), (MDB_DBS_FULL, .tablesFull),
        (MDB_READERS_FULL, .readersFull), (MDB_TLS_FULL, .threadsFull),
        (MDB_TXN_FULL, .transactionFull), (MDB_CURSOR_FULL, .cursorFull),
        (MDB_PAGE_FULL, .pageFull), (MDB_MAP_RESIZED, .mapResized),
        (MDB_INCOMPATIBLE, .incompatible), (MDB_BAD_RSLOT, .badReaderSlot),
        (MDB_BAD_TXN, .badTransaction), (MDB_BAD_VALSIZE, .invalidSize), (MDB_BAD_DBI, .badTable),
    ]

    static let systemCodes: [(Int32, LMDBError.Code)] = [
        (ENOENT, .noSuchFile), (EACCES, .accessDenied), (EPERM, .accessDenied), (EROFS, .readOnly),
        (ENOSPC, .noSpace), (EDQUOT, .noSpace), (EFBIG, .noSpace), (EIO, .ioError),
        (ENOTDIR, .notADirectory), (EEXIST, .alreadyExists), (ENOTEMPTY, .alreadyExists),
        (ENOMEM, .outOfMemory), (EMFILE, .tooManyFiles), (ENFILE, .tooManyFiles),
        (EINVAL, .invalidArgument), (ESRCH, .other),
    ]

    @Test func `the table knows every code of the library`() {
        #expect(
            Set(Self.storeCodes.map(\.0)) == Set(MDB_KEYEXIST...MDB_LAST_ERRCODE),
            "lmdb.h has codes that the table does not")
    }

    @Test func `every code of the library becomes a code of its own`() {
        for (returnCode, code) in Self.storeCodes {
            let error = LMDBError(returnCode, cannot: "do it", path: "/somewhere")
            #expect(error.code == code)
            #expect(error.returnCode == returnCode)
        }
        #expect(Set(Self.storeCodes.map(\.1)).count == Self.storeCodes.count)
    }

    @Test func `every system code becomes the code that fits`() {
        for (returnCode, code) in Self.systemCodes {
            #expect(LMDBError(returnCode, cannot: "do it", path: "/x").code == code)
        }
    }

    @Test func `every message says what, where and how to mend it`() {
        for (returnCode, _) in Self.storeCodes + Self.systemCodes + [(-30_000, .other)] {
            let error = LMDBError(returnCode, cannot: "do it", path: "/somewhere")
            #expect(error.message.hasPrefix("Cannot do it in '/somewhere': "))
            let meaning = LMDBError.meaning(of: returnCode)
            #expect(!meaning.fault.isEmpty && !meaning.fault.hasSuffix("."))
            #expect(meaning.mend.hasSuffix(".") && meaning.mend.count > 10)
            #expect(error.message.hasSuffix(meaning.mend))
            #expect("\(error)" == error.message)
        }
    }

    @Test func `an unknown code keeps its number`() {
        #expect(LMDBError(-30_000, cannot: "x", path: "").message.contains("-30000"))
        let system = LMDBError(ESRCH, cannot: "x", path: "")
        #expect(system.message.contains("errno \(ESRCH)"))
        #expect(system.message.contains("No such process"))
    }

    @Test func `a failed flush refuses further writes and lets reads go on`() throws {
        let store = try Store()
        try store.put([("a", "1")])
        store.environment.noteCommit(EIO)
        let refused = #expect(throws: LMDBError.self) { try store.put([("b", "2")]) }
        #expect(refused?.code == .environmentFailed)
        #expect(refused?.message.contains("open it again") == true)
        #expect(try store.get("a") == "1")
    }

    @Test func `refusals of LMDB itself do not make the environment unusable`() throws {
        let store = try Store()
        for code in [MDB_MAP_FULL, MDB_TXN_FULL, MDB_BAD_TXN, ENOMEM, 0] {
            store.environment.noteCommit(code)
        }
        try store.put([("a", "1")])
    }
}
