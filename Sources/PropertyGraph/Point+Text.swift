extension Point {
    /// Reads the text of a point: `point({srid:7203, x:1.0, y:2.0})`, with or without the word and
    /// the parentheses.
    ///
    /// Coordinates are `x`, `y`, `z` or `longitude`, `latitude`, `height`; the system is a `srid`
    /// or a `crs` name (`cartesian`, `cartesian-3D`, `WGS-84`, `WGS-84-3D`) or follows from the
    /// names and the number of the coordinates. Nil for anything else.
    public init?(text: some StringProtocol) {
        var bytes = Array(text.utf8).filter { $0 != 0x20 && $0 != 0x09 }[...]
        if bytes.starts(with: "point(".utf8), bytes.last == 0x29 {
            bytes = bytes.dropFirst(6).dropLast()
        }
        guard bytes.first == 0x7B, bytes.last == 0x7D, bytes.count >= 2 else { return nil }
        var coordinates: [Double?] = [nil, nil, nil]
        var isGeographic = false
        var system: ReferenceSystem?
        let parts = bytes.dropFirst().dropLast().split(
            separator: 0x2C, omittingEmptySubsequences: false)
        for part in parts {
            guard let colon = part.firstIndex(of: 0x3A) else { return nil }
            let name = String(decoding: part[..<colon], as: UTF8.self).lowercased()
            let value = String(
                decoding: part[(colon + 1)...].filter { $0 != 0x22 && $0 != 0x27 }, as: UTF8.self)
            if let axis = Self.axes.firstIndex(where: { $0.contains(name) }) {
                guard coordinates[axis] == nil, let number = Double(value) else { return nil }
                coordinates[axis] = number
                isGeographic = isGeographic || name.utf8.count > 1
            } else if name == "srid", system == nil, let number = Int32(value) {
                system = ReferenceSystem(rawValue: number)
                guard system != nil else { return nil }
            } else if name == "crs", system == nil {
                system = ReferenceSystem(name: value)
                guard system != nil else { return nil }
            } else {
                return nil
            }
        }
        guard let x = coordinates[0], let y = coordinates[1] else { return nil }
        let implied: ReferenceSystem =
            switch (isGeographic, coordinates[2] != nil) {
            case (false, false): .cartesian
            case (false, true): .cartesianThreeD
            case (true, false): .wgs84
            case (true, true): .wgs84ThreeD
            }
        let found = system ?? implied
        guard found.isThreeDimensional == (coordinates[2] != nil) else { return nil }
        self.init(found, x: x, y: y, z: coordinates[2] ?? 0)
    }

    private static let axes: [[String]] = [
        ["x", "longitude"], ["y", "latitude"], ["z", "height"],
    ]
}

extension Point: CustomStringConvertible {
    /// The text openCypher's implementations show, `point({srid:7203, x:1.0, y:2.0})`; reading it
    /// gives the same point.
    public var description: String {
        let height = referenceSystem.isThreeDimensional ? ", z:\(z)" : ""
        return "point({srid:\(referenceSystem.rawValue), x:\(x), y:\(y)\(height)})"
    }
}

extension Point.ReferenceSystem {
    /// The name query languages give it: `cartesian`, `cartesian-3d`, `wgs-84`, `wgs-84-3d`.
    public var name: String {
        switch self {
        case .cartesian: "cartesian"
        case .cartesianThreeD: "cartesian-3d"
        case .wgs84: "wgs-84"
        case .wgs84ThreeD: "wgs-84-3d"
        }
    }

    /// The system of a name, in any case; nil when there is none.
    public init?(name: String) {
        let lower = name.lowercased()
        guard let found = Self.allCases.first(where: { UTF8Order.equal($0.name, lower) }) else {
            return nil
        }
        self = found
    }
}
