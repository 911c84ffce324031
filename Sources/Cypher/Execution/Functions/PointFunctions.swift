import Glibc
internal import PropertyGraph

/// Functions over points.
enum PointFunctions {
    static func value(
        _ function: FunctionID, _ arguments: [Value], at range: SourceRange
    ) throws(CypherError) -> Value? {
        switch (function, arguments.first, arguments[safe: 1]) {
        case (.point, .map(let map)?, _): return try point(map, at: range)
        case (.distance, .point(let a)?, .point(let b)?),
            (.pointDistance, .point(let a)?, .point(let b)?):
            return a.referenceSystem == b.referenceSystem ? .float(distance(a, b)) : .null
        case (.pointWithinBox, .point(let point)?, .point(let low)?):
            guard case .point(let high)? = arguments[safe: 2] else { return nil }
            guard point.referenceSystem == low.referenceSystem,
                point.referenceSystem == high.referenceSystem
            else { return .null }
            return .boolean(
                (low.x...max(low.x, high.x)).contains(point.x)
                    && (low.y...max(low.y, high.y)).contains(point.y)
                    && (low.z...max(low.z, high.z)).contains(point.z))
        default: return nil
        }
    }

    static func component(_ name: String, of point: Point) -> Value {
        let isGeographic =
            point.referenceSystem == .wgs84 || point.referenceSystem == .wgs84ThreeD
        switch name {
        case "x": return .float(point.x)
        case "y": return .float(point.y)
        case "z": return point.referenceSystem.isThreeDimensional ? .float(point.z) : .null
        case "longitude": return isGeographic ? .float(point.x) : .null
        case "latitude": return isGeographic ? .float(point.y) : .null
        case "height":
            return point.referenceSystem == .wgs84ThreeD ? .float(point.z) : .null
        case "crs": return .string(point.referenceSystem.name)
        case "srid": return .integer(Int64(point.referenceSystem.rawValue))
        default: return .null
        }
    }

    private static func point(_ map: ValueMap, at range: SourceRange) throws(CypherError) -> Value {
        if map.entries.contains(where: \.value.isNull) { return .null }
        let text = map.entries.map { "\($0.key):\($0.value.text)" }.joined(separator: ", ")
        guard let point = Point(text: "{\(text)}") else {
            throw .argument(
                .invalidArgumentValue,
                "A point has x and y, or longitude and latitude, all of them numbers.", at: range)
        }
        return .point(point)
    }

    /// Metres over the sphere between geographic points (haversine), else the plain distance.
    private static func distance(_ a: Point, _ b: Point) -> Double {
        guard a.referenceSystem == .wgs84 || a.referenceSystem == .wgs84ThreeD else {
            return hypot(hypot(a.x - b.x, a.y - b.y), a.z - b.z)
        }
        let earth = 6_378_140.0
        let radians = Double.pi / 180
        let latitude = sin((b.y - a.y) * radians / 2)
        let longitude = sin((b.x - a.x) * radians / 2)
        let half =
            latitude * latitude
            + cos(a.y * radians) * cos(b.y * radians) * longitude * longitude
        let ground = 2 * earth * asin(min(1, half.squareRoot()))
        return hypot(ground, a.z - b.z)
    }
}
