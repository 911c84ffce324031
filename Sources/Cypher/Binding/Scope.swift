internal import PropertyGraph

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

    /// The variables but for those of these names.
    func without(_ hidden: Set<String>) -> Scope {
        guard !hidden.isEmpty else { return self }
        var rest = Scope()
        for name in names where !hidden.contains(name) { rest.add(name, types[name] ?? .any) }
        return rest
    }

    /// The variable most like a name, for messages. Of one letter every other is as near, so only
    /// its other case counts.
    func nearMiss(of name: String) -> String? {
        NearMiss.best(
            for: name,
            among: names.lazy.filter {
                $0.utf8.count > 1 && name.utf8.count > 1 || $0.lowercased() == name.lowercased()
            })
    }
}
