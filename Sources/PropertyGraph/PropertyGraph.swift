// The first file of PropertyGraph.
