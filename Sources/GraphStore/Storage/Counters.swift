internal import LMDB

/// The numbers that every commit moves on; read again at every write begin.
///
/// | offset | size | meaning                                                           |
/// |--------|------|-------------------------------------------------------------------|
/// | 0      | 8    | next node id                                                      |
/// | 8      | 8    | next edge id                                                      |
/// | 16     | 8    | position: number of the last successful transaction               |
/// | 24     | 8    | durable position: all up to it survive a power loss               |
/// | 32     | 8    | commit time of the last position, microseconds since 1970, UTC    |
/// | 40     | 8    | token of the last position: tells two histories of one store apart|
/// | 48     | 8    | first position the change log still holds                         |
struct Counters: Equatable, Sendable {
    var nextNode: UInt64 = 1
    var nextEdge: UInt64 = 1
    var position: UInt64 = 0
    var durablePosition: UInt64 = 0
    var lastCommitTime: Int64 = 0
    var lastToken: UInt64 = 0
    var firstLoggedPosition: UInt64 = 1

    init() {}

    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= 56 else { return nil }
        nextNode = bytes.loadLE64(at: 0)
        nextEdge = bytes.loadLE64(at: 8)
        position = bytes.loadLE64(at: 16)
        durablePosition = bytes.loadLE64(at: 24)
        lastCommitTime = Int64(bitPattern: bytes.loadLE64(at: 32))
        lastToken = bytes.loadLE64(at: 40)
        firstLoggedPosition = bytes.loadLE64(at: 48)
    }

    /// Reads the counters that a transaction sees.
    init(reading view: TransactionView, _ tables: Tables) throws {
        guard let value = try view.get(tables.meta, FixedKey(ascii: MetaKey.counters).span) else {
            return
        }
        guard let counters = Counters(value) else { throw GraphStoreError.corrupted("counters") }
        self = counters
    }

    func encode(into writer: inout ByteWriter) {
        writer.appendLE64(nextNode)
        writer.appendLE64(nextEdge)
        writer.appendLE64(position)
        writer.appendLE64(durablePosition)
        writer.appendLE64(UInt64(bitPattern: lastCommitTime))
        writer.appendLE64(lastToken)
        writer.appendLE64(firstLoggedPosition)
    }
}
