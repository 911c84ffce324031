internal import LMDB
public import PropertyGraph

extension GraphDatabase {
    /// Returns a part of the graph in compressed sparse rows, as of the newest commit.
    public func projection(
        _ projection: Projection, publish: ProjectionPublishing = .automatic
    ) throws -> CSRGraph {
        try read { try $0.projection(projection) }
    }
}
