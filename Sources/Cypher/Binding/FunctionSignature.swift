internal import PropertyGraph

/// A function as the compiler knows it: what it takes and gives.
struct FunctionSignature {
    /// As documents write it; calls ignore case.
    let name: String
    /// What each argument may be; the last stands for all that follow when `isVariadic`.
    let parameters: [StaticType.Kinds]
    /// How many of them must be there.
    let required: Int
    let isVariadic: Bool
    let result: StaticType
    let isAggregate: Bool
    /// Whether the same arguments give the same value within a query.
    let isDeterministic: Bool

    init(
        _ name: String, _ parameters: [StaticType.Kinds], required: Int? = nil,
        isVariadic: Bool = false, _ result: StaticType.Kinds, of element: StaticType.Kinds = .any,
        isAggregate: Bool = false, isDeterministic: Bool = true
    ) {
        self.name = name
        self.parameters = parameters
        self.required = required ?? parameters.count
        self.isVariadic = isVariadic
        self.result = StaticType(kinds: result, element: element)
        self.isAggregate = isAggregate
        self.isDeterministic = isDeterministic
    }

    /// The function of a name, in any case; nil when there is none.
    static func find(_ name: String) -> FunctionSignature? { table[name.lowercased()] }

    /// The name most like one that is unknown.
    static func nearMiss(of name: String) -> String? {
        NearMiss.best(for: name, among: all.lazy.map(\.name))
    }

    private static let table = Dictionary(
        all.map { ($0.name.lowercased(), $0) }, uniquingKeysWith: { first, _ in first })

    /// Every function.
    static let all: [FunctionSignature] =
        aggregates + graph + lists + strings + mathematics + conversions + temporal + spatial

    private static let aggregates: [FunctionSignature] = [
        .init("count", [.any], .integer, isAggregate: true),
        .init("sum", [.any], [.integer, .float, .duration], isAggregate: true),
        .init("avg", [.any], [.float, .duration, .null], isAggregate: true),
        .init("min", [.any], .any, isAggregate: true),
        .init("max", [.any], .any, isAggregate: true),
        .init("collect", [.any], .list, isAggregate: true),
        .init("stDev", [.number], [.float], isAggregate: true),
        .init("stDevP", [.number], [.float], isAggregate: true),
        .init("percentileCont", [.number, .number], [.float, .null], isAggregate: true),
        .init("percentileDisc", [.number, .number], [.number, .null], isAggregate: true),
    ]

    private static let graph: [FunctionSignature] = [
        .init("labels", [.node], [.list, .null], of: .string),
        .init("type", [.relationship], [.string, .null]),
        .init("id", [.entity], [.integer, .null]),
        .init("elementId", [.entity], [.string, .null]),
        .init("properties", [.entity.union(.map)], [.map, .null]),
        .init("keys", [.entity.union(.map)], [.list, .null], of: .string),
        .init("startNode", [.relationship], [.node, .null]),
        .init("endNode", [.relationship], [.node, .null]),
        .init("nodes", [.path], [.list, .null], of: .node),
        .init("relationships", [.path], [.list, .null], of: .relationship),
        .init("length", [.path], [.integer, .null]),
        .init("exists", [.any], .boolean),
        .init("degree", [.node, .string], required: 1, isVariadic: true, [.integer, .null]),
    ]

    private static let lists: [FunctionSignature] = [
        .init("size", [[.list, .string, .map]], [.integer, .null]),
        .init("head", [.list], .any),
        .init("last", [.list], .any),
        .init("tail", [.list], [.list, .null]),
        .init("reverse", [[.list, .string]], [.list, .string, .null]),
        .init("range", [.any, .any, .any], required: 2, .list, of: .integer),
        .init("isEmpty", [[.list, .string, .map]], [.boolean, .null]),
        .init("coalesce", [.any], isVariadic: true, .any),
    ]

    private static let strings: [FunctionSignature] = [
        .init("toLower", [.string], [.string, .null]),
        .init("toUpper", [.string], [.string, .null]),
        .init("lower", [.string], [.string, .null]),
        .init("upper", [.string], [.string, .null]),
        .init("trim", [.string], [.string, .null]),
        .init("btrim", [.string, .string], required: 1, [.string, .null]),
        .init("lTrim", [.string, .string], required: 1, [.string, .null]),
        .init("rTrim", [.string, .string], required: 1, [.string, .null]),
        .init("substring", [.string, .integer, .integer], required: 2, [.string, .null]),
        .init("left", [.string, .integer], [.string, .null]),
        .init("right", [.string, .integer], [.string, .null]),
        .init("replace", [.string, .string, .string], [.string, .null]),
        .init("split", [.string, [.string, .list]], [.list, .null], of: .string),
        .init("char_length", [.string], [.integer, .null]),
        .init("character_length", [.string], [.integer, .null]),
        .init("randomUUID", [], .string, isDeterministic: false),
    ]

    private static let mathematics: [FunctionSignature] =
        [
            "ceil", "floor", "sqrt", "exp", "log", "ln", "log10", "sin", "cos", "tan", "cot",
            "asin",
            "acos", "atan", "sinh", "cosh", "tanh", "degrees", "radians", "haversin",
        ].map { .init($0, [.number], [.float, .null]) } + [
            .init("abs", [.number], [.integer, .float, .null]),
            .init("sign", [.number], [.integer, .null]),
            .init("round", [.number, .integer, .string], required: 1, [.float, .null]),
            .init("atan2", [.number, .number], [.float, .null]),
            .init("isNaN", [.number], [.boolean, .null]),
            .init("pi", [], .float),
            .init("e", [], .float),
            .init("rand", [], .float, isDeterministic: false),
            .init("timestamp", [], .integer),
        ]

    private static let conversions: [FunctionSignature] = [
        .init("toBoolean", [.any], [.boolean, .null]),
        .init("toInteger", [.any], [.integer, .null]),
        .init("toFloat", [.any], [.float, .null]),
        .init("toString", [.any], [.string, .null]),
        .init("toBooleanOrNull", [.any], [.boolean, .null]),
        .init("toIntegerOrNull", [.any], [.integer, .null]),
        .init("toFloatOrNull", [.any], [.float, .null]),
        .init("toStringOrNull", [.any], [.string, .null]),
        .init("toBooleanList", [.list], [.list, .null], of: [.boolean, .null]),
        .init("toIntegerList", [.list], [.list, .null], of: [.integer, .null]),
        .init("toFloatList", [.list], [.list, .null], of: [.float, .null]),
        .init("toStringList", [.list], [.list, .null], of: [.string, .null]),
        .init("valueType", [.any], .string),
        .init("nullIf", [.any, .any], .any),
    ]

    private static let temporal: [FunctionSignature] = {
        let types: [(String, StaticType.Kinds)] = [
            ("date", .date), ("localtime", .localTime), ("time", .time),
            ("localdatetime", .localDateTime), ("datetime", .dateTime),
        ]
        var all: [FunctionSignature] = []
        for (name, kind) in types {
            let input = StaticType.Kinds.instant.union([.map, .string])
            all.append(.init(name, [input], required: 0, [kind, .null]))
            for clock in ["transaction", "statement", "realtime"] {
                all.append(
                    .init(
                        "\(name).\(clock)", [.string.union(.map)], required: 0, kind,
                        isDeterministic: clock != "realtime"))
            }
            all.append(
                .init(
                    "\(name).truncate", [.string, .instant, .map], required: 1, [kind, .null]))
        }
        all += [
            .init("datetime.fromepoch", [.number, .number], required: 1, [.dateTime, .null]),
            .init("datetime.fromepochmillis", [.number], [.dateTime, .null]),
            .init("duration", [[.map, .string, .duration]], [.duration, .null]),
        ]
        for name in ["between", "inMonths", "inDays", "inSeconds"] {
            all.append(.init("duration.\(name)", [.instant, .instant], [.duration, .null]))
        }
        return all
    }()

    private static let spatial: [FunctionSignature] = [
        .init("point", [.map], [.point, .null]),
        .init("point.distance", [.point, .point], [.float, .null]),
        .init("distance", [.point, .point], [.float, .null]),
        .init("point.withinBBox", [.point, .point, .point], [.boolean, .null]),
    ]
}
