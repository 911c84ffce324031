internal import Synchronization

/// Objects that modules above the store keep for as long as a database is open, one of each type:
/// caches of plans, lists of what runs.
@usableFromInline
final class Companions: Sendable {
    // Few, and asked for by every query: a list is looked through sooner than a dictionary.
    private let objects = Mutex<[(type: ObjectIdentifier, object: any AnyObject & Sendable)]>([])

    /// The object of a type, if there is one.
    @usableFromInline
    func object(_ type: ObjectIdentifier) -> (any AnyObject & Sendable)? {
        objects.withLock { objects in objects.first { $0.type == type }?.object }
    }

    /// The object of a type, which is made unless another thread was quicker.
    @usableFromInline
    func object<Companion: AnyObject & Sendable>(_ make: () -> Companion) -> Companion {
        let type = ObjectIdentifier(Companion.self)
        return objects.withLock { objects in
            let known = objects.first { $0.type == type }?.object
            if let known = known as? Companion { return known }
            let new = make()
            objects.append((type, new))
            return new
        }
    }
}

extension GraphDatabase {
    /// The one object of its type that is kept beside this database, made when first asked for.
    ///
    /// For modules above the store. It must not hold the database.
    @inlinable
    public func companion<Companion: AnyObject & Sendable>(
        _ make: () -> Companion
    ) -> Companion {
        // Inlined, so that the cast to a type that the caller knows is one comparison.
        let known = companions.object(ObjectIdentifier(Companion.self))
        return known as? Companion ?? companions.object(make)
    }
}
