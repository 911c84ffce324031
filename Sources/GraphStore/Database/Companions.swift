internal import Synchronization

/// Objects that modules above the store keep for as long as a database is open, one of each type:
/// caches of plans, lists of what runs.
final class Companions: Sendable {
    private let objects = Mutex<[ObjectIdentifier: any AnyObject & Sendable]>([:])

    func object<Companion: AnyObject & Sendable>(_ make: () -> Companion) -> Companion {
        objects.withLock { objects in
            if let known = objects[ObjectIdentifier(Companion.self)] as? Companion { return known }
            let new = make()
            objects[ObjectIdentifier(Companion.self)] = new
            return new
        }
    }
}

extension GraphDatabase {
    /// The one object of its type that is kept beside this database, made when first asked for.
    ///
    /// For modules above the store. It must not hold the database.
    public func companion<Companion: AnyObject & Sendable>(
        _ make: () -> Companion
    ) -> Companion {
        companions.object(make)
    }
}
