import PropertyGraph

/// Words of a command line that a person can copy into a shell.
enum ShellText {
    /// A word as it is, or in quotes when a shell would read it as something else.
    static func word(_ text: String) -> String {
        guard !text.isEmpty, text.utf8.allSatisfy({ isPlain($0) }) else {
            return quoted(text)
        }
        return text
    }

    /// Letters, digits, bytes of other alphabets, and signs that no shell takes for its own.
    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
        default: "_-./:,=@%+".utf8.contains(byte)
        }
    }

    /// In double quotes, which may stand within the single ones of a message.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            if "\"\\$`".unicodeScalars.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }
}
