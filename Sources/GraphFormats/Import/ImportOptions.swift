public import GraphStore
public import PropertyGraph

/// The format of a file to import.
public enum ImportFormat: String, Sendable, Hashable, CaseIterable {
    /// Known by the ending of the name, else by the first bytes.
    case automatic
    /// CSV or TSV with a header.
    case csv
    /// One JSON object a line.
    case jsonl
    /// One edge a line.
    case edgeList = "edges"
    /// GraphML.
    case graphML = "graphml"
    /// GEXF 1.1 to 1.3.
    case gexf
    /// A sparse matrix in the Matrix Market format.
    case matrixMarket = "mtx"
    /// RDF as N-Triples.
    case nTriples = "ntriples"
    /// RDF as Turtle.
    case turtle
}

/// How to import files.
public struct ImportOptions: Sendable {
    /// The format of all files.
    public var format = ImportFormat.automatic
    /// How CSV is separated and quoted.
    public var dialect = CSVDialect()
    /// Whether CSV columns without a type get the narrowest that fits every row, at the price of
    /// reading the file twice; otherwise they are strings.
    public var infersTypes = false
    /// Labels every node gets beside its own.
    public var labels: [Label] = []
    /// The type of every edge of a file that names none.
    public var edgeType: EdgeType?
    /// The property that keeps the ids of the file, where the file does not say so itself; nil
    /// drops them.
    public var idProperty: PropertyKey?
    /// The property that tells whether a node is there already; nil adds every node.
    ///
    /// A node of the file whose first label (in byte order) and value of this property a node of
    /// the database has, a node without labels by the value alone, is merged into it: properties
    /// of the file replace those of the same key, others stay, labels are added. Edges between the
    /// same ends and of one type are matched in their order, file with database; what the file has
    /// more of is added. A node without the property is added.
    public var mergeKey: PropertyKey?
    /// Whether an import into a new database declares the property that holds the ids of the
    /// files unique for each label, where all files with the label agree on it; where a schema is
    /// given, that alone counts.
    public var declaresUnique = true
    /// Indexes, constraints and inline properties that the import declares, beside those that files
    /// carry. Rows and, in an open database, what is there are held to them: either all comes, or
    /// nothing.
    public var schema: [SchemaObject] = []
    /// Whether those that files carry are declared.
    public var readsSchema = true
    /// What happens to a record that cannot be imported.
    public var onError = ProblemPolicy.stop
    /// How RDF is read.
    public var rdf = RDFOptions()
    /// How edge lists are read.
    public var edgeList = EdgeListOptions()
    /// How many threads parse.
    public var threads = 2
    /// The limits of the input.
    public var limits = InputLimits()

    /// The defaults.
    public init() {}
}

/// What an import did.
public struct ImportSummary: Sendable, Hashable {
    /// How many nodes were read from the files and are in the database now.
    public internal(set) var nodes = 0
    /// How many edges were read from the files and are in the database now.
    public internal(set) var edges = 0
    /// How many of the nodes were merged into nodes that were there.
    public internal(set) var mergedNodes = 0
    /// How many of the edges were merged into edges that were there.
    public internal(set) var mergedEdges = 0
    /// The records left out.
    public internal(set) var problems = ProblemSummary()
    /// What the import declared, and what it could not and why, in sentences.
    public internal(set) var notes: [String] = []
    /// What each file holds.
    public internal(set) var files: [FileSummary] = []

    /// What one file holds.
    public struct FileSummary: Sendable, Hashable {
        /// The file as the caller named it.
        public var path: String
        /// Its format.
        public var format: ImportFormat
        /// How many nodes it holds.
        public var nodes = 0
        /// How many edges it holds.
        public var edges = 0
        /// How many of its records were left out.
        public var problems = 0
        /// The kinds of its records; filled by a dry run only.
        public var tables: [Table] = []
    }

    /// The records of one kind in a file: nodes of one set of labels, or edges of one type.
    public struct Table: Sendable, Hashable {
        /// The labels of the nodes, or the type of the edges.
        public var names: [String]
        /// Whether they are nodes.
        public var isNodes: Bool
        /// How many there are.
        public var rows = 0
        /// The properties met, in byte order.
        public var properties: [Column] = []
    }

    /// A property met in the records of one kind.
    public struct Column: Sendable, Hashable {
        /// Its key.
        public var key: PropertyKey
        /// The types of its values, in byte order, as headers name them: `long`, `date`,
        /// `string[]`, or as the header of the file does.
        public var types: [String]
        /// How many records have it.
        public var count: Int
    }
}
