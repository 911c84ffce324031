/// What came when a line was asked for.
enum InputLine: Equatable {
    case text(String)
    /// The input is over, or Ctrl-D was pressed on an empty line.
    case end
    /// Ctrl-C was pressed.
    case interrupted
}

/// Where the lines of a shell come from.
protocol LineInput {
    /// The next line, without its end.
    mutating func line(prompt: String) -> InputLine
    /// Remembers a statement for the arrow keys.
    mutating func remember(_ statement: String)
}

/// Lines from a pipe or file: no prompt, nothing to remember.
struct PipedInput: LineInput {
    mutating func line(prompt: String) -> InputLine {
        readLine(strippingNewline: true).map { .text($0) } ?? .end
    }

    mutating func remember(_ statement: String) {}
}
