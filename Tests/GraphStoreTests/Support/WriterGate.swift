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

    /// Lets the writer go on.
    func open() { state.update { $0 = .opened } }
}
