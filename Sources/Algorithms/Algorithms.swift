// The first file of Algorithms.
