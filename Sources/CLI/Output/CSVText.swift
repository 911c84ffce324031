/// Fields of comma-separated values (RFC 4180).
enum CSVText {
    /// A record without its line end.
    static func line(_ fields: [String]) -> String {
        fields.map { field($0) }.joined(separator: ",")
    }

    /// A field, quoted when it must be.
    static func field(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { byte in
            byte == 0x2C || byte == 0x22 || byte == 0x0A || byte == 0x0D
        }
        guard needsQuotes else { return text }
        var result = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { result += "\"" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}
