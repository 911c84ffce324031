/// Rows of one shape, printed in any format.
struct Listing {
    /// How whole numbers stand in a table; programs get them bare.
    enum Form { case plain, grouped, size }

    /// A column: its key in JSON and CSV, its title in tables.
    struct Column {
        let key: String
        let title: String
        let form: Form

        init(_ key: String, _ title: String, as form: Form = .plain) {
            self.key = key
            self.title = title
            self.form = form
        }

        /// What a cell of a table shows.
        func cell(_ value: JSON) -> String {
            guard case .integer(let number) = value, let count = Int(exactly: number) else {
                return value.cellText()
            }
            return switch form {
            case .plain: value.cellText()
            case .grouped: NumberText.grouped(count)
            case .size: NumberText.bytes(count)
            }
        }
    }

    var columns: [Column]
    var rows: [[JSON]] = []
    /// The sentence shown in place of an empty table.
    var emptyMessage: String
    /// What a cell without a value shows in a table.
    var nullText = ""

    init(_ columns: [Column], rows: [[JSON]] = [], ifEmpty message: String) {
        self.columns = columns
        self.rows = rows
        emptyMessage = message
    }

    /// A row as a JSON object; absent values are left out of lines but not of objects.
    func object(_ row: [JSON]) -> JSON {
        .object(zip(columns, row).map { ($0.key, $1) })
    }
}

/// Facts about one thing, printed in any format.
struct Details {
    /// Key in JSON, title in tables, value.
    var fields: [(key: String, title: String, value: JSON)] = []

    /// Adds a fact.
    mutating func add(_ key: String, _ title: String, _ value: JSON) {
        fields.append((key, title, value))
    }

    var object: JSON { .object(fields.map { ($0.key, $0.value) }) }
}
