import Cypher
import GraphAlgorithms
import PropertyGraph

/// A plan as a drawing: concepts from left to right, an arrow from each to what needs it.
struct PlanDrawing {
    /// In which language to draw.
    enum Language: Sendable { case dot, mermaid, svg }

    private struct Box {
        let id: String
        let title: String
        let minutes: Int64
        let isGoal: Bool
        let block: Int
        /// How many arrows lie before it at most.
        var level = 0
    }

    private var boxes: [Box] = []
    /// From a need to what needs it, by place in `boxes`.
    private var arrows: [(from: Int, to: Int)] = []

    /// - Parameter costs: What to write on each concept.
    init(
        _ plan: LearningPlan, _ curriculum: Curriculum, _ costs: LearningCosts, goals: [String],
        theta: Double
    ) {
        var place: [PropertyKey: Int] = [:]
        for (step, ids) in plan.order.enumerated() {
            for id in ids {
                place[PropertyKey(id)] = boxes.count
                boxes.append(
                    Box(
                        id: id, title: curriculum.title(id), minutes: costs.minutes(id),
                        isGoal: goals.contains { UTF8Order.equal($0, id) },
                        block: ids.count > 1 ? step : -1))
            }
        }
        var isSeen: Set<[Int]> = []
        for edge in curriculum.visibleRequirements where edge.strength >= theta {
            guard let to = place[PropertyKey(edge.of)], let from = place[PropertyKey(edge.needs)],
                from != to, isSeen.insert([from, to]).inserted
            else { continue }
            arrows.append((from, to))
        }
        arrows.sort { ($0.from, $0.to) < ($1.from, $1.to) }
        // Steps stand in an order that can be learned, so one pass finds the levels.
        for to in boxes.indices {
            for arrow in arrows where arrow.to == to && arrow.from < to {
                boxes[to].level = max(
                    boxes[to].level,
                    boxes[arrow.from].level + (isOneBlock(arrow.from, to) ? 0 : 1))
            }
        }
    }

    private func isOneBlock(_ a: Int, _ b: Int) -> Bool {
        boxes[a].block >= 0 && boxes[a].block == boxes[b].block
    }

    private func hasArrow(from: Int, to: Int) -> Bool {
        arrows.contains { $0.from == from && $0.to == to }
    }

    /// The lines of the drawing.
    func lines(_ language: Language) -> [String] {
        switch language {
        case .dot: dot()
        case .mermaid: mermaid()
        case .svg: svg()
        }
    }

    // MARK: Graphviz

    private func dot() -> [String] {
        var lines = ["digraph plan {", "  rankdir=LR;", "  node [shape=box, style=rounded];"]
        for (place, box) in boxes.enumerated() {
            let label = "\(box.title)\n\(NumberText.minutes(box.minutes))"
            let mark = box.isGoal ? ", penwidth=2" : ""
            lines.append("  c\(place + 1) [label=\(Self.quoted(label))\(mark)];")
        }
        for arrow in arrows {
            let mark = isOneBlock(arrow.from, arrow.to) ? " [style=dashed]" : ""
            lines.append("  c\(arrow.from + 1) -> c\(arrow.to + 1)\(mark);")
        }
        return lines + ["}"]
    }

    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [0x22]
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0..<0x20, 0x7F: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes + [0x22], as: UTF8.self)
    }

    // MARK: Mermaid

    private func mermaid() -> [String] {
        var lines = ["flowchart LR"]
        for (place, box) in boxes.enumerated() {
            let text = "\(Self.escaped(box.title))<br/>\(NumberText.minutes(box.minutes))"
            lines.append("  c\(place + 1)[\"\(text)\"]")
        }
        for arrow in arrows {
            let line = isOneBlock(arrow.from, arrow.to) ? "-.->" : "-->"
            lines.append("  c\(arrow.from + 1) \(line) c\(arrow.to + 1)")
        }
        let goals = boxes.indices.filter { boxes[$0].isGoal }.map { "c\($0 + 1)" }
        if !goals.isEmpty {
            lines.append("  classDef goal stroke-width:3px")
            lines.append("  class \(goals.joined(separator: ",")) goal")
        }
        return lines
    }

    /// Text with what would be markup written as character references, for Mermaid and SVG alike.
    private static func escaped(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x22: bytes += Array("&quot;".utf8)
            case 0x26: bytes += Array("&amp;".utf8)
            case 0x3C: bytes += Array("&lt;".utf8)
            case 0x3E: bytes += Array("&gt;".utf8)
            case 0..<0x20, 0x7F: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: SVG

    private static let width = 200
    private static let height = 44
    private static let gapX = 60
    private static let gapY = 16

    private func svg() -> [String] {
        let levels = (boxes.map(\.level).max() ?? -1) + 1
        var rowsUsed = [Int](repeating: 0, count: levels)
        var corner: [(x: Int, y: Int)] = []
        for box in boxes {
            corner.append(
                (
                    Self.gapY + box.level * (Self.width + Self.gapX),
                    Self.gapY + rowsUsed[box.level] * (Self.height + Self.gapY)
                ))
            rowsUsed[box.level] += 1
        }
        let wide = 2 * Self.gapY + levels * (Self.width + Self.gapX) - Self.gapX
        let high = Self.gapY + (rowsUsed.max() ?? 0) * (Self.height + Self.gapY)
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(max(wide, 1)) "
                + "\(max(high, 1))\" font-family=\"sans-serif\" font-size=\"13\">",
            "<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" "
                + "markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\">"
                + "<path d=\"M0 0L8 4L0 8z\" fill=\"#888\"/></marker></defs>",
        ]
        for arrow in arrows {
            let (a, b) = (corner[arrow.from], corner[arrow.to])
            if isOneBlock(arrow.from, arrow.to) {
                // Members of a block stand in one column, mostly; one line joins each two.
                guard arrow.from < arrow.to || !hasArrow(from: arrow.to, to: arrow.from) else {
                    continue
                }
                let (x1, x2) = (a.x + Self.width / 2, b.x + Self.width / 2)
                let (y1, y2) = a.y < b.y ? (a.y + Self.height, b.y) : (a.y, b.y + Self.height)
                lines.append(
                    "<path d=\"M\(x1) \(y1)L\(x2) \(y2)\" fill=\"none\" stroke=\"#888\" "
                        + "stroke-dasharray=\"4 3\"/>")
                continue
            }
            let (x1, y1) = (a.x + Self.width, a.y + Self.height / 2)
            let (x2, y2) = (b.x, b.y + Self.height / 2)
            lines.append(
                "<path d=\"M\(x1) \(y1)C\(x1 + 30) \(y1) \(x2 - 30) \(y2) \(x2) \(y2)\" "
                    + "fill=\"none\" stroke=\"#888\" marker-end=\"url(#arrow)\"/>")
        }
        for (place, box) in boxes.enumerated() {
            let (x, y) = corner[place]
            let title = Self.escaped(TextWidth.truncated(TextWidth.printable(box.title), to: 27))
            lines.append(
                "<g><title>\(Self.escaped(box.title))</title>"
                    + "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(Self.width)\" height=\"\(Self.height)\" "
                    + "rx=\"6\" fill=\"\(box.isGoal ? "#dff0d8" : "#f7f7f7")\" stroke=\"#444\" "
                    + "stroke-width=\"\(box.isGoal ? 2 : 1)\"/>"
                    + "<text x=\"\(x + 10)\" y=\"\(y + 19)\">\(title)</text>"
                    + "<text x=\"\(x + 10)\" y=\"\(y + 36)\" fill=\"#666\">"
                    + "\(NumberText.minutes(box.minutes))</text></g>")
        }
        return lines + ["</svg>"]
    }
}

extension Curriculum {
    /// Requirements between concepts; what a requirement node stands for is drawn from its needs.
    fileprivate var visibleRequirements: [Requirement] {
        let hidden = Set(concepts.lazy.filter(\.isRequirement).map { PropertyKey($0.id) })
        var below: [PropertyKey: [Requirement]] = [:]
        for edge in requirements where hidden.contains(PropertyKey(edge.of)) {
            below[PropertyKey(edge.of), default: []].append(edge)
        }
        guard !below.isEmpty else { return requirements }
        var result: [Requirement] = []
        for edge in requirements where !hidden.contains(PropertyKey(edge.of)) {
            var stack = [edge]
            var isSeen: Set<PropertyKey> = []
            while let next = stack.popLast() {
                guard isSeen.insert(PropertyKey(next.needs)).inserted else { continue }
                guard hidden.contains(PropertyKey(next.needs)) else {
                    var direct = edge
                    direct.needs = next.needs
                    direct.strength = min(edge.strength, next.strength)
                    result.append(direct)
                    continue
                }
                stack += below[PropertyKey(next.needs)] ?? []
            }
        }
        return result
    }
}
