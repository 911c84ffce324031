// The umbrella an embedding program imports: the store, the algorithms and their vocabulary.
@_exported public import GraphAlgorithms
@_exported public import GraphStore
@_exported public import PropertyGraph
