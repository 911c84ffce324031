import Foundation

/// Which target this process feeds: the environment says it, since libFuzzer owns the arguments.
private let target = FuzzTarget(
    rawValue: ProcessInfo.processInfo.environment["CAIRN_FUZZ_TARGET"] ?? "")

/// Called by libFuzzer before anything else: `CAIRN_FUZZ_SEEDS` names a folder for the inputs to
/// begin with.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_: UnsafeMutableRawPointer, _: UnsafeMutableRawPointer) -> Int32 {
    guard let target else {
        let names = FuzzTarget.allCases.map { $0.rawValue }.joined(separator: " ")
        print("CAIRN_FUZZ_TARGET must be one of: \(names)")
        exit(64)
    }
    if let folder = ProcessInfo.processInfo.environment["CAIRN_FUZZ_SEEDS"] {
        for (index, seed) in target.seeds.enumerated() {
            try? Data(seed).write(to: URL(filePath: "\(folder)/seed-\(index)"))
        }
    }
    return 0
}

/// Called by libFuzzer with every input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    target?.run(bytes)
    return 0
}
