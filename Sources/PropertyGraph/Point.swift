/// A point in one of the four coordinate reference systems of openCypher's implementations.
public struct Point: Hashable, Sendable {
    /// A coordinate reference system, by its EPSG-style number.
    public enum ReferenceSystem: Int32, Hashable, Sendable, CaseIterable {
        /// Longitude and latitude in degrees.
        case wgs84 = 4326
        /// Longitude, latitude in degrees and height in metres.
        case wgs84ThreeD = 4979
        /// Plane coordinates without a unit.
        case cartesian = 7203
        /// Space coordinates without a unit.
        case cartesianThreeD = 9157

        /// Whether a point of the system has a third coordinate.
        public var isThreeDimensional: Bool { self == .wgs84ThreeD || self == .cartesianThreeD }
    }

    /// The system the coordinates belong to.
    public let referenceSystem: ReferenceSystem
    /// The first coordinate; the longitude in a geographic system.
    public let x: Double
    /// The second coordinate; the latitude in a geographic system.
    public let y: Double
    /// The third coordinate; zero in a plane system.
    public let z: Double

    /// Makes a point; `z` is dropped in a two-dimensional system.
    public init(_ referenceSystem: ReferenceSystem, x: Double, y: Double, z: Double = 0) {
        self.referenceSystem = referenceSystem
        self.x = x
        self.y = y
        self.z = referenceSystem.isThreeDimensional ? z : 0
    }

    /// Storage identity: the same system and bits.
    public static func == (lhs: Point, rhs: Point) -> Bool {
        lhs.referenceSystem == rhs.referenceSystem && lhs.x.bitPattern == rhs.x.bitPattern
            && lhs.y.bitPattern == rhs.y.bitPattern && lhs.z.bitPattern == rhs.z.bitPattern
    }

    /// Feeds system and bits.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(referenceSystem)
        hasher.combine(x.bitPattern)
        hasher.combine(y.bitPattern)
        hasher.combine(z.bitPattern)
    }
}
