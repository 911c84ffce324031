import CLMDB
import Glibc

extension Environment {
    /// Opens the store in a directory, creating both when absent and `options.create` is set.
    ///
    /// The file is verified before LMDB maps it: a truncated file is `.corrupted`, another kind of
    /// file `.notLMDB`. Slots of dead readers are cleared.
    ///
    /// - Throws: `.alreadyOpen` if this process has the store open, by whatever path;
    ///   `.unsupportedFileSystem` on network volumes; `.noSuchFile`, `.notADirectory`,
    ///   `.accessDenied`, `.readOnly`, `.corrupted`, `.notLMDB`, `.versionMismatch`,
    ///   `.outOfMemory` and other system errors.
    public static func open(
        at directory: String, options: Options = Options()
    ) throws(LMDBError) -> Environment {
        try open(at: directory, options: options, isTemporary: false)
    }

    static func open(
        at directory: String, options: Options, isTemporary: Bool
    ) throws(LMDBError) -> Environment {
        let place = try StorePlace(preparing: directory, options: options)
        let registration = try EnvironmentRegistry.claim(place.realPath, shownAs: directory)
        do {
            let namespace = try NamespaceGuard(
                directory: place.realPath, options: options, shownAs: directory)
            let fileBytes = try place.verifyDataFile(options: options)
            let (pointer, mapSize) =
                fileBytes == 0 && !isTemporary
                ? unsafe try place.create(options: options)
                : unsafe try place.openMapped(options: options, fileBytes: fileBytes)
            let environment = unsafe Environment(
                pointer: pointer, path: directory, realPath: place.realPath, options: options,
                mapSize: mapSize, isTemporary: isTemporary,
                mayReadAhead: fileBytes <= MemoryLimit.bytes / 2, registration: registration,
                namespace: namespace)
            if !options.isReadOnly { try environment.reapStaleReaders() }
            return environment
        } catch {
            registration.release()
            throw error
        }
    }
}

/// The directory of a store about to be opened.
struct StorePlace {
    let path: String
    let realPath: String

    /// Resolves the directory, creating it when allowed, and refuses unsuitable volumes.
    init(preparing directory: String, options: Environment.Options) throws(LMDBError) {
        path = directory
        let creates = options.create && !options.isReadOnly
        if creates {
            // Whoever may read or write the files must be able to search the directory.
            let mode = options.createMode | ((options.createMode & 0o444) >> 2) | 0o100
            if unsafe mkdir(directory, mode) != 0, errno != EEXIST {
                throw LMDBError(errno, cannot: "create the directory", path: directory)
            }
        }
        // SAFETY: `realpath` returns a string of ours, freed below.
        guard let resolved = unsafe realpath(directory, nil) else {
            throw LMDBError(errno, cannot: "resolve the path", path: directory)
        }
        unsafe realPath = String(cString: resolved)
        unsafe free(resolved)
        try VolumeKind.refuseUnsuitable(realPath, shownAs: directory)
    }

    /// Checks `data.mdb` before it is mapped.
    ///
    /// - Returns: Its size in bytes; 0 when it does not exist yet.
    func verifyDataFile(options: Environment.Options) throws(LMDBError) -> Int {
        let creates = options.create && !options.isReadOnly
        return try MetaPages.verify(file: realPath + "/data.mdb", path: path, mayBeEmpty: creates)
    }

    /// Opens a store that was not there a moment ago, making it unless another process did.
    ///
    /// It is on the disk before anybody can commit to it, so that a file in which a power loss left
    /// less than two metas is known to hold nothing, and is made anew.
    func create(options: Environment.Options) throws(LMDBError) -> (OpaquePointer, Int) {
        let lock = try WriterLockFile(in: realPath, mode: options.createMode, shownAs: path)
            .lock(timeout: Self.creationTimeout, shownAs: path)
        defer { close(lock) }
        let fileBytes = try verifyDataFile(options: options)
        if fileBytes > 0 { return unsafe try openMapped(options: options, fileBytes: fileBytes) }
        // SAFETY: the path is a valid C string for the call.
        unsafe unlink(realPath + "/data.mdb")
        let opened = unsafe try openMapped(options: options, fileBytes: 0)
        guard options.sync != .none else { return unsafe opened }
        do {
            try DirectoryFlush.flush(realPath + "/data.mdb", shownAs: path)
            try flushNames()
        } catch {
            unsafe mdb_env_close(opened.0)
            throw error
        }
        return unsafe opened
    }

    /// How long to wait for another process that makes the same store.
    private static let creationTimeout = Duration.seconds(30)

    /// Opens and maps the file, halving a default map while the system refuses its size.
    func openMapped(
        options: Environment.Options, fileBytes: Int
    ) throws(LMDBError) -> (OpaquePointer, Int) {
        let floor = max(fileBytes, 1 << 20)
        var size = options.mapSizeBytes ?? max(1 << 30, fileBytes.multipliedClamping(by: 4))
        size = MapSize.rounded(max(size, floor))
        while true {
            do {
                let pointer = unsafe try attempt(options: options, mapSize: size)
                var info = unsafe MDB_envinfo()
                // SAFETY: `pointer` is open and not shared yet.
                unsafe mdb_env_info(pointer, &info)
                return unsafe (pointer, info.me_mapsize)
            } catch  where error.code == .outOfMemory && size / 2 >= floor {
                size = MapSize.rounded(size / 2)
            }
        }
    }

    /// Makes the names of a new store durable: a commit flushes only what they lead to.
    private func flushNames() throws(LMDBError) {
        try DirectoryFlush.flush(realPath, shownAs: path)
        try DirectoryFlush.flush(realPath + "/..", shownAs: path)
    }

    private func attempt(
        options: Environment.Options, mapSize: Int
    ) throws(LMDBError) -> OpaquePointer {
        let isLockless = try lacksReaderTable(options)
        if !isLockless { try reserveReaderTable(options) }
        var created: OpaquePointer?
        // SAFETY: `created` is a local; on any failure below the environment is closed, as
        // `mdb_env_open` demands, and the pointer is forgotten.
        var returnCode = unsafe mdb_env_create(&created)
        guard returnCode == 0, let pointer = unsafe created else {
            throw LMDBError(returnCode, cannot: "create an environment", path: path)
        }
        returnCode = unsafe mdb_env_set_maxdbs(pointer, MDB_dbi(clamping: options.maxTables))
        if returnCode == 0 {
            returnCode = unsafe mdb_env_set_maxreaders(
                pointer, UInt32(clamping: max(1, options.maxReaders)))
        }
        if returnCode == 0 { returnCode = unsafe mdb_env_set_mapsize(pointer, mapSize) }
        // Nothing is read ahead of the first pages: see `Environment.countRead`.
        var flags = UInt32(MDB_NOTLS | MDB_NORDAHEAD)
        if options.isReadOnly { flags |= UInt32(MDB_RDONLY) }
        if isLockless { flags |= UInt32(MDB_NOLOCK) }
        switch options.sync {
        case .full: break
        case .noMetaSync: flags |= UInt32(MDB_NOMETASYNC)
        case .none: flags |= UInt32(MDB_NOSYNC)
        }
        if returnCode == 0 {
            returnCode = unsafe mdb_env_open(pointer, realPath, flags, options.createMode)
        }
        guard returnCode == 0 else {
            unsafe mdb_env_close(pointer)
            throw LMDBError(returnCode, cannot: "open the store", path: path)
        }
        return unsafe pointer
    }
}

/// Arithmetic on map sizes.
enum MapSize {
    /// Sizes are multiples of this, which is a multiple of every page size.
    static let granule = 1 << 20

    /// The next multiple of the granule, or the last one that fits an `Int`.
    static func rounded(_ bytes: Int) -> Int {
        let (sum, overflow) = max(bytes, granule).addingReportingOverflow(granule - 1)
        return (overflow ? Int.max : sum) / granule * granule
    }
}

extension Int {
    /// The product, or `Int.max` where it does not fit. For sizes: both factors positive.
    func multipliedClamping(by factor: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: factor)
        return overflow ? .max : product
    }
}
