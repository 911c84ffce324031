/// How a caller hears of the making of a graph, and stops it.
public struct ProjectionHooks: Sendable {
    /// What is done, and how far it is.
    public struct Step: Hashable, Sendable {
        /// What is read or made, in one or two words.
        public let phase: String
        /// How many of them are done.
        public let completed: Int
        /// How many there are; nil when nobody knows yet.
        public let total: Int?
    }

    /// Told now and then how far it is, from the thread that called.
    public var progress: (@Sendable (Step) -> Void)?
    /// Asked often; true ends the making with `.cancelled`, and nothing is kept of it.
    public var isCancelled: @Sendable () -> Bool

    /// Makes hooks; without arguments those that hear nothing and never stop.
    public init(
        progress: (@Sendable (Step) -> Void)? = nil,
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) {
        self.progress = progress
        self.isCancelled = isCancelled
    }
}
