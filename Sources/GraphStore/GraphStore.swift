// The first file of GraphStore.
