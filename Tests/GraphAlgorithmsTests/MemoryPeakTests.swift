import Foundation
import Glibc
import PropertyGraph
import TestSupport
import Testing

@testable import GraphAlgorithms

/// The peak of every algorithm of the catalog beside what its descriptor estimates.
///
/// Measured in a process of its own, for the peak is that of a process. The estimate must not be
/// exceeded by more than a half and what allocators round up to; and it must not be more than
/// `most` times too large, for then a run that fits would be refused.
@Suite struct `The peak of a run` {
    @Test(.enabled(if: MemoryPeak.isMeasurable, "Peaks of this process cannot be measured."))
    func `of any algorithm is about what its descriptor estimates, on two sizes`() async {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardErrorContent]
        ) {
            let faults = try MemoryPeak.faults()
            guard !faults.isEmpty else { return }
            try FileHandle.standardError.write(
                contentsOf: Data(faults.joined(separator: "\n").utf8))
        }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.isEmpty, "\(text)")
    }
}

/// Measures runs of this process.
enum MemoryPeak {
    /// An estimate may be so many times too large.
    private static let most = 8.0
    /// Some may be less so.
    private static let strictly = ["closeness": 1.6, "harmonic": 1.6]
    /// What a run takes of whatever size, and what the allocator rounds up to.
    private static let slackBytes = 1 << 19

    /// Whether the kernel lets a process begin its peak anew, and no sanitizer keeps memory back.
    static var isMeasurable: Bool {
        // SAFETY: the handle is that of the program itself, the names are C strings for the call.
        let isSanitized =
            unsafe dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil
        return !isSanitized && resetsPeak()
    }

    private static func resetsPeak() -> Bool {
        guard let file = FileHandle(forWritingAtPath: "/proc/self/clear_refs") else { return false }
        return (try? file.write(contentsOf: Data("5".utf8))) != nil
    }

    /// Gives memory that is free back to the system, so that the next run has to take it again.
    private static func trim() {
        guard let symbol = unsafe dlsym(nil, "malloc_trim") else { return }
        // SAFETY: glibc declares it as `int malloc_trim(size_t pad)`.
        let trim = unsafe unsafeBitCast(symbol, to: (@convention(c) (Int) -> Int32).self)
        _ = trim(0)
    }

    private static func bytes(_ field: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(field + ":") } ?? ""
        let digits = line.filter(\.isNumber)
        return (Int(digits) ?? 0) * 1024
    }

    /// How many nodes a graph has for an algorithm whose time grows with pairs of nodes.
    private static let small = [
        "all-pairs": 200, "knn": 200, "transitive-closure": 250, "transitive-reduction": 250,
        "feedback-edges": 150, "minimum-cut": 4_000, "maximum-flow": 4_000, "cycles": 300,
        "edge-betweenness": 600, "node2vec": 150, "jaccard": 800, "overlap": 800,
        "cosine": 800, "adamic-adar": 800, "resource-allocation": 800,
        "random-walks": 3_000, "betweenness": 2_000, "closeness": 2_500, "harmonic": 2_500,
    ]

    /// What an algorithm is run with, each for itself.
    private static func runs(of algorithm: AlgorithmDescriptor) -> [[String: String]] {
        var parameters = texts.filter { name, _ in
            algorithm.parameters.contains { UTF8Order.equal($0.name, name) }
        }
        // Walks are for all nodes when none is named, and so is closeness.
        if algorithm.name == "random-walks" { parameters["source"] = nil }
        // A random graph has few shortest paths, however many may be asked for.
        if algorithm.name == "all-shortest-paths" { parameters["limit"] = "100" }
        guard strictly[algorithm.name] != nil else { return [parameters] }
        return [parameters, ["sources": "1,2"], ["sources": "1,2,3", "weighted": "true"]]
    }

    private static let texts = [
        "source": "1", "target": "99", "terminals": "1,99,200", "sample": "40",
        "community": "group", "dimension": "16", "k": "8", "window": "1", "negatives": "1",
    ]

    private static func graph(_ algorithm: AlgorithmDescriptor, _ nodes: Int) throws -> CSRGraph {
        var random = SplitMix64(seed: 5)
        let isOrder =
            algorithm.family == .order && !["cycles", "feedback-edges"].contains(algorithm.name)
        var edges: [EdgeListGraph.Edge] = (0..<(nodes - 1)).map { .init($0, $0 + 1, weight: 2) }
        for _ in 0..<(nodes * 4) {
            let (a, b) = (random.below(nodes), random.below(nodes))
            if isOrder, a == b { continue }
            edges.append(
                .init(
                    isOrder ? min(a, b) : a, isOrder ? max(a, b) : b,
                    weight: Double(1 + random.below(9))))
        }
        return try EdgeListGraph(
            nodeCount: nodes, isDirected: algorithm.needs.isDirected ?? true, isWeighted: true,
            edges: edges
        ).frozen().grouped
    }

    /// What is wrong with estimates; an empty list when nothing is.
    static func faults() throws -> [String] {
        var faults: [String] = []
        // What the first thread of a process takes is no algorithm's.
        _ = try RunOptions(threads: 2).onWorkers(2) { $0 }
        for algorithm in AlgorithmCatalog.all {
            let nodes = small[algorithm.name] ?? 6_000
            for (parameters, nodes) in runs(of: algorithm).flatMap({
                [($0, nodes), ($0, nodes * 3)]
            }) {
                let graph = try graph(algorithm, nodes)
                let estimate = algorithm.estimatedBytes(
                    on: graph, parameters: parameters, threads: 2)
                trim()
                guard resetsPeak() else { return ["The peak cannot be reset."] }
                let before = bytes("VmRSS")
                var options = RunOptions(threads: 2)
                options.parallelThreshold = 0
                do {
                    let output = try algorithm.run(
                        on: graph, parameters: parameters, options: options)
                    withExtendedLifetime(output) {}
                } catch { return ["\(algorithm.name): \(error)"] }
                let peak = bytes("VmHWM") - before
                let text =
                    "\(algorithm.name) \(parameters) on \(nodes) nodes: peak \(peak), estimated "
                    + "\(estimate)"
                let isEnough = peak <= estimate + estimate / 2 + slackBytes
                let most = strictly[algorithm.name] ?? most
                let isModest = Double(estimate) <= most * Double(peak) + Double(slackBytes)
                if !isEnough || !isModest { faults.append(text) }
            }
        }
        return faults
    }
}
