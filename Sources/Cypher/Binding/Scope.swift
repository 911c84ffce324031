/// The variables that a part of a query sees, in the order they came.
struct Scope {
    private(set) var names: [String] = []
    private var types: [String: StaticType] = [:]

    subscript(name: String) -> StaticType? { types[name] }

    var isEmpty: Bool { names.isEmpty }

    mutating func add(_ name: String, _ type: StaticType) {
        if types.updateValue(type, forKey: name) == nil { names.append(name) }
    }

    /// The variables of another scope, over those of this one where names are the same.
    mutating func add(_ other: Scope) {
        for name in other.names { add(name, other.types[name] ?? .any) }
    }

    /// The variable most like a name, for messages.
    func nearMiss(of name: String) -> String? {
        names.map { ($0, Self.distance($0, name)) }
            .filter { $0.1 <= max(1, name.utf8.count / 3) }
            .min { $0.1 < $1.1 }?.0
    }

    /// Edit distance of names, up to the length that matters.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.lowercased().utf8), Array(right.lowercased().utf8))
        guard left.count < 64, right.count < 64 else { return .max }
        var row = Array(0...right.count)
        for (place, byte) in left.enumerated() {
            var last = row[0]
            row[0] = place + 1
            for column in right.indices {
                let change = last + (byte == right[column] ? 0 : 1)
                last = row[column + 1]
                row[column + 1] = min(change, min(row[column], last) + 1)
            }
        }
        return row[right.count]
    }
}
