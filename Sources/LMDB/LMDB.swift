// The first file of LMDB.
