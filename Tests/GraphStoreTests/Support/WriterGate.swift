import LMDB

@testable import GraphStore

/// Holds the writer inside a closure that changes nothing, so that closures submitted meanwhile
/// form one group.
final class WriterGate: Sendable {
    private enum State { case waiting, held, opened }
    private let state = Monitor(State.waiting)

    /// Returns when the writer is held.
    func hold(_ db: GraphDatabase) throws {
        let slot = ResultSlot<Bool>()
        let state = state
        try db.submit(
            { _ in
                state.update { if $0 == .waiting { $0 = .held } }
                return state.wait { $0 == .opened ? true : nil }
            }, isHeavy: true, slot
        ) { slot.finish($0) }
        _ = state.wait { $0 == .held ? true : nil }
    }

    /// Returns when it was opened; for a closure that holds the writer itself.
    func waitUntilOpen() { _ = state.wait { $0 == .opened ? true : nil } }

    /// Lets the writer go on.
    func open() { state.update { $0 = .opened } }
}

extension GraphDatabaseOptions {
    /// Groups that stay open however slow the machine is: where a test says who shares a commit.
    static var patient: GraphDatabaseOptions {
        var options = GraphDatabaseOptions()
        options.groupTime.nanoseconds = 1 << 62
        return options
    }
}
