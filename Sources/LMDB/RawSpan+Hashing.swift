extension RawSpan {
    /// A 64-bit hash of the bytes that is the same on every machine and in every version.
    ///
    /// XXH64 (Collet, *xxHash fast digest algorithm*, version 0.1.1). Not for keys that an
    /// adversary chooses against a secret.
    ///
    /// - Complexity: O(bytes), about 4 bytes per instruction.
    public func hash64(seed: UInt64 = 0) -> UInt64 {
        var hash: UInt64
        var offset = 0
        if byteCount >= 32 {
            var lanes = XXH64.Lanes(seed: seed)
            while offset <= byteCount &- 32 {
                lanes.mix(
                    loadLE64(at: offset), loadLE64(at: offset &+ 8), loadLE64(at: offset &+ 16),
                    loadLE64(at: offset &+ 24))
                offset &+= 32
            }
            hash = lanes.merged
        } else {
            hash = seed &+ XXH64.prime5
        }
        hash = hash &+ UInt64(byteCount)
        while offset <= byteCount &- 8 {
            hash ^= XXH64.round(0, loadLE64(at: offset))
            hash = XXH64.rotate(hash, 27) &* XXH64.prime1 &+ XXH64.prime4
            offset &+= 8
        }
        if offset <= byteCount &- 4 {
            hash ^= UInt64(loadLE32(at: offset)) &* XXH64.prime1
            hash = XXH64.rotate(hash, 23) &* XXH64.prime2 &+ XXH64.prime3
            offset &+= 4
        }
        while offset < byteCount {
            hash ^= UInt64(loadUInt8(at: offset)) &* XXH64.prime5
            hash = XXH64.rotate(hash, 11) &* XXH64.prime1
            offset &+= 1
        }
        return XXH64.avalanche(hash)
    }
}

/// The constants and steps of XXH64.
private enum XXH64 {
    static let prime1: UInt64 = 0x9E37_79B1_85EB_CA87
    static let prime2: UInt64 = 0xC2B2_AE3D_27D4_EB4F
    static let prime3: UInt64 = 0x1656_67B1_9E37_79F9
    static let prime4: UInt64 = 0x85EB_CA77_C2B2_AE63
    static let prime5: UInt64 = 0x27D4_EB2F_1656_67C5

    static func rotate(_ value: UInt64, _ bits: UInt64) -> UInt64 {
        value &<< bits | value &>> (64 &- bits)
    }

    static func round(_ lane: UInt64, _ input: UInt64) -> UInt64 {
        rotate(lane &+ input &* prime2, 31) &* prime1
    }

    static func avalanche(_ value: UInt64) -> UInt64 {
        var hash = value
        hash ^= hash &>> 33
        hash = hash &* prime2
        hash ^= hash &>> 29
        hash = hash &* prime3
        return hash ^ hash &>> 32
    }

    struct Lanes {
        private var first, second, third, fourth: UInt64

        init(seed: UInt64) {
            first = seed &+ prime1 &+ prime2
            second = seed &+ prime2
            third = seed
            fourth = seed &- prime1
        }

        mutating func mix(_ a: UInt64, _ b: UInt64, _ c: UInt64, _ d: UInt64) {
            first = round(first, a)
            second = round(second, b)
            third = round(third, c)
            fourth = round(fourth, d)
        }

        var merged: UInt64 {
            var hash =
                rotate(first, 1) &+ rotate(second, 7) &+ rotate(third, 12) &+ rotate(fourth, 18)
            for lane in [first, second, third, fourth] {
                hash = (hash ^ round(0, lane)) &* prime1 &+ prime4
            }
            return hash
        }
    }
}
