// The umbrella an embedding program imports: the store, its query language, the algorithms
// and their vocabulary.
@_exported public import Cypher
@_exported public import GraphAlgorithms
@_exported public import GraphStore
@_exported public import PropertyGraph
