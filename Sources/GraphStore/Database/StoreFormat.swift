internal import LMDB

/// What the head of a database says of itself.
///
/// | offset | size | meaning                                        |
/// |--------|------|------------------------------------------------|
/// | 0      | 4    | format version                                 |
/// | 4      | 24   | feature bits: may ignore, must not write, must |
/// |        |      | refuse (u64 each)                              |
/// | 28     | 16   | identity of the store, random                  |
public struct StoreFormat: Hashable, Sendable {
    /// The version of the layout.
    public let version: UInt32
    var features: FeatureBits
    private let identityHigh: UInt64
    private let identityLow: UInt64

    /// The identity of the store: 32 hexadecimal digits; a copy keeps it.
    public var identity: String { Self.hexadecimal(identityHigh) + Self.hexadecimal(identityLow) }

    /// A new store's head.
    init() {
        version = currentFormatVersion
        features = FeatureBits()
        identityHigh = .random(in: .min ... .max)
        identityLow = .random(in: .min ... .max)
    }

    init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= 44 else { return nil }
        version = bytes.loadLE32(at: 0)
        features = FeatureBits(
            mayIgnore: bytes.loadLE64(at: 4), mustNotWrite: bytes.loadLE64(at: 12),
            mustRefuse: bytes.loadLE64(at: 20))
        identityHigh = bytes.loadLE64(at: 28)
        identityLow = bytes.loadLE64(at: 36)
    }

    func encode(into writer: inout ByteWriter) {
        writer.appendLE32(version)
        writer.appendLE64(features.mayIgnore)
        writer.appendLE64(features.mustNotWrite)
        writer.appendLE64(features.mustRefuse)
        writer.appendLE64(identityHigh)
        writer.appendLE64(identityLow)
    }

    /// - Throws: `.formatTooNew` when this program must not touch the store.
    func check(isReadOnly: Bool, path: String) throws {
        let understood = FeatureBits.understood
        let refused = features.mustRefuse & ~understood.mustRefuse
        let readOnly = features.mustNotWrite & ~understood.mustNotWrite
        guard version <= currentFormatVersion, refused == 0 else {
            throw GraphStoreError(
                .formatTooNew,
                "The database at '\(path)' has format version \(version) with features "
                    + "\(refused); this program reads up to version \(currentFormatVersion). "
                    + "Use the newer program that wrote it.")
        }
        guard isReadOnly || readOnly == 0 else {
            throw GraphStoreError(
                .formatTooNew,
                "The database at '\(path)' uses features \(readOnly) that this program may read "
                    + "but not write over. Open it read-only, or use the newer program.")
        }
    }

    private static func hexadecimal(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
