// The first file of GraphFormats.
