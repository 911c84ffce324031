internal import PropertyGraph

/// The names of operators, and what they work on, for people.
struct PlanText {
    let names: [Int: String]

    typealias Label = (name: String, details: String)

    private func name(_ slot: Int) -> String { names[slot] ?? "_\(slot)" }

    // MARK: Steps

    func label(of step: Step) -> Label {
        switch step {
        case .scanNodes(let slot): return ("AllNodesScan", name(slot))
        case .scanLabel(let slot, let label):
            return ("NodeByLabelScan", "\(name(slot)):\(label.name)")
        case .seek(let found):
            return seek(found.slot, found.label.name, found.key.name, found.seek)
        case .orderedScan(let scan):
            let found = seek(scan.slot, scan.label.name, scan.key.name, scan.seek)
            return ("NodeIndexOrderedScan", found.details + (scan.isDescending ? " DESC" : ""))
        case .seekID(let slot, let code):
            return ("NodeByIdSeek", "id(\(name(slot))) = \(text(code))")
        case .expand(let step):
            return (
                step.isInto ? "ExpandInto" : "Expand",
                path(step.from, step.relationship, types(step.types), step.to, step.direction)
            )
        case .expandPath(let step): return expansion(step)
        case .repeatGroup(let group):
            return (
                "Repeat",
                "(\(name(group.from)))…{\(group.minimum),\(group.maximum.map { "\($0)" } ?? "")}"
                    + "(\(name(group.to)))"
            )
        case .shortestPaths(let search):
            return (
                "ShortestPath",
                path(
                    search.from, search.relationships,
                    types(search.types) + length(search.minimum, search.maximum), search.to,
                    search.direction)
            )
        case .filter(let code): return ("Filter", text(code))
        case .require(let slot, let isNode):
            return ("Argument", "\(name(slot)) is a \(isNode ? "node" : "relationship")")
        case .assign(let values):
            return (
                "Projection",
                values.map { "\(text($0.code)) AS \(name($0.slot))" }.joined(separator: ", ")
            )
        case .optional(_, let slots):
            return ("Optional", slots.map { name($0) }.joined(separator: ", "))
        case .unwind(let code, let slot): return ("Unwind", "\(text(code)) AS \(name(slot))")
        case .subquery(_, let isOptional): return (isOptional ? "OptionalApply" : "Apply", "")
        case .call(let step):
            let arguments = step.arguments.map { text($0) }.joined(separator: ", ")
            return ("ProcedureCall", "\(step.name)(\(arguments))")
        case .loadCSV(let step): return ("LoadCSV", name(step.slot))
        case .first(let count, _): return ("First", "\(count)")
        case .probe: return ("Probe", "")
        }
    }

    private func seek(_ slot: Int, _ label: String, _ key: String, _ seek: Seek) -> Label {
        let place = "\(name(slot)):\(label)(\(key)"
        switch seek {
        case .equals(let code): return ("NodeIndexSeek", "\(place) = \(text(code)))")
        case .isIn(let code): return ("NodeIndexSeek", "\(place) IN \(text(code)))")
        case .startsWith(let code):
            return ("NodeIndexPrefixSeek", "\(place) STARTS WITH \(text(code)))")
        case .range(let from, let fromInclusive, let to, let toInclusive):
            var bounds: [String] = []
            if let from { bounds.append("\(key) \(fromInclusive ? ">=" : ">") \(text(from))") }
            if let to { bounds.append("\(key) \(toInclusive ? "<=" : "<") \(text(to))") }
            return (
                "NodeIndexRangeSeek",
                "\(name(slot)):\(label)(\(bounds.joined(separator: " AND ")))"
            )
        case .exists: return ("NodeIndexScan", "\(place))")
        }
    }

    private func expansion(_ step: PathExpansion) -> Label {
        let operatorName = step.endsOnly ? "Reach" : "VarLengthExpand"
        return (
            step.isInto ? operatorName + "Into" : operatorName,
            path(
                step.from, step.relationships,
                types(step.types) + length(step.minimum, step.maximum), step.to, step.direction)
        )
    }

    private func path(
        _ from: Int, _ relationship: Int, _ types: String, _ to: Int, _ direction: Direction
    ) -> String {
        let middle = "[\(names[relationship] ?? "")\(types)]"
        let start = direction == .incoming ? "<-" : "-"
        let end = direction == .outgoing ? "->" : "-"
        return "(\(name(from)))\(start)\(middle)\(end)(\(name(to)))"
    }

    private func length(_ minimum: Int, _ maximum: Int?) -> String {
        "*\(minimum)..\(maximum.map { "\($0)" } ?? "")"
    }

    private func types(_ types: TypeTest) -> String {
        switch types {
        case .every: ""
        case .names(let names): ":" + names.map(\.name).joined(separator: "|")
        case .test(let test): ":" + text(test)
        }
    }

    // MARK: Barriers

    func label(of barrier: Barrier) -> Label? {
        switch barrier {
        case .none: return nil
        case .aggregate(let keys, let aggregates):
            let parts =
                keys.map { text($0.code) }
                + aggregates.map { aggregate in
                    let argument = aggregate.argument.map { text($0) } ?? "*"
                    return
                        "\(aggregate.kind)(\(aggregate.isDistinct ? "DISTINCT " : "")\(argument))"
                }
            return ("Aggregation", parts.joined(separator: ", "))
        case .aggregateScan(let scan):
            let node = name(scan.slot)
            func property(_ place: Int) -> String { "\(node).\(scan.properties[place].name)" }
            let parts =
                scan.keys.map { property($0.property) }
                + scan.aggregates.map { part in
                    let argument = part.property.map { property($0) } ?? "*"
                    let distinct = part.aggregate.isDistinct ? "DISTINCT " : ""
                    return "\(part.aggregate.kind)(\(distinct)\(argument))"
                }
            let nodes = scan.label.map { "\(node):\($0.name)" } ?? node
            return ("ScanAggregation", "\(nodes), \(parts.joined(separator: ", "))")
        case .countReach(let count):
            var conditions = count.conditions.map { text($0) }
            if count.isWithoutStart {
                let (start, end) = (name(count.expansion.from), name(count.expansion.to))
                conditions.insert("\(end) <> \(start)", at: 0)
            }
            return (
                "ReachCount",
                ([expansion(count.expansion).details] + conditions).joined(separator: ", ")
            )
        case .countSeek(let found, _):
            return (
                "IndexCount", seek(found.slot, found.label.name, found.key.name, found.seek).details
            )
        case .distinct(let slots):
            return ("Distinct", slots.map { name($0) }.joined(separator: ", "))
        case .sort(let sort):
            let order = sort.keys.map { text($0.code) + ($0.isDescending ? " DESC" : "") }
                .joined(separator: ", ")
            return (sort.limit == nil ? "Sort" : "Top", order + rows(sort.skip, sort.limit))
        case .limit(let skip, let limit):
            return (limit == nil ? "Skip" : "Limit", String(rows(skip, limit).drop { $0 == " " }))
        case .change(let change): return label(of: change)
        }
    }

    private func rows(_ skip: Code?, _ limit: Code?) -> String {
        (skip.map { " SKIP \(text($0))" } ?? "") + (limit.map { " LIMIT \(text($0))" } ?? "")
    }

    private func label(of change: ChangeStep) -> Label {
        switch change {
        case .create(let paths): return ("Create", "\(paths.reduce(0) { $0 + $1.elements.count })")
        case .merge: return ("Merge", "")
        case .set: return ("SetProperties", "")
        case .delete(let targets, let isDetaching, _):
            return (
                isDetaching ? "DetachDelete" : "Delete",
                targets.map { text($0) }.joined(separator: ", ")
            )
        case .forEach(let slot, let list, _, _):
            return ("Foreach", "\(name(slot)) IN \(text(list))")
        case .subquery: return ("UpdatingSubquery", "")
        case .call(let step): return ("ProcedureCall", step.name)
        case .batches: return ("TransactionApply", "")
        }
    }

    // MARK: Values

    /// A value as it would be written, shortened where it is long.
    func text(_ code: Code) -> String {
        switch code {
        case .constant(let value): return Self.text(value)
        case .parameter(let name, _): return "$\(name)"
        case .slot(let slot): return name(slot)
        case .property(let base, let key, _): return "\(text(base)).\(key.name)"
        case .not(let operand, _): return "NOT \(text(operand))"
        case .negated(let operand, _): return "-\(text(operand))"
        case .positive(let operand, _): return text(operand)
        case .arithmetic(let sign, let left, let right, _), .text(let sign, let left, let right):
            return "\(text(left)) \(sign.rawValue) \(text(right))"
        case .isIn(let left, let right, _): return "\(text(left)) IN \(text(right))"
        case .junction(let junction, let operands, _):
            return operands.map { text($0) }.joined(
                separator: " \(junction.rawValue) ")
        case .comparison(let operands, let signs):
            var result = operands.first.map { text($0) } ?? ""
            for (sign, operand) in zip(signs, operands.dropFirst()) {
                result += " \(sign.rawValue) \(text(operand))"
            }
            return result
        case .isNull(let operand, let isNegated):
            return "\(text(operand)) IS \(isNegated ? "NOT " : "")NULL"
        case .hasLabels(let base, let test, _): return "\(text(base)):\(text(test))"
        case .call(let function, let arguments, _):
            let list = arguments.map { text($0) }.joined(separator: ", ")
            return "\(function.rawValue)(\(list))"
        case .list(let elements) where elements.count <= 4:
            return "[\(elements.map { text($0) }.joined(separator: ", "))]"
        case .list(let elements): return "[\(elements.count) elements]"
        case .exists: return "EXISTS { … }"
        case .count: return "COUNT { … }"
        case .collect: return "COLLECT { … }"
        case .path(let parts):
            return parts.map {
                switch $0 {
                case .node(let slot): "(\(name(slot)))"
                case .relationships(let slot): "-[\(names[slot] ?? "")]-"
                }
            }.joined()
        default: return "…"
        }
    }

    private static func text(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .boolean(let truth): truth ? "true" : "false"
        case .integer(let number): "\(number)"
        case .float(let number): "\(number)"
        case .string(let text): text.utf8.count > 40 ? "'\(text.prefix(40))…'" : "'\(text)'"
        default: "…"
        }
    }

    private func text(_ test: LabelTest) -> String {
        switch test {
        case .name(let name): name
        case .and(let parts): parts.map { text($0) }.joined(separator: "&")
        case .or(let parts): "(" + parts.map { text($0) }.joined(separator: "|") + ")"
        case .not(let part): "!" + text(part)
        case .any: "%"
        case .computed(let code): "$(\(text(code)))"
        }
    }
}
