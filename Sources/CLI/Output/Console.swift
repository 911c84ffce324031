import Glibc

/// Where a command prints: results to standard output, everything else to standard error.
final class Console {
    let terminal: Terminal
    /// How results are written.
    let format: OutputFormat
    /// Whether hints and progress are left out.
    let isQuiet: Bool
    /// Whether the program may ask.
    let mayAsk: Bool
    /// How words stand out on standard output.
    let style: TextStyle
    /// How words stand out on standard error.
    let errorStyle: TextStyle
    /// Standard output.
    let output = OutputStream.standardOutput()

    init(terminal: Terminal, format: OutputFormat, isQuiet: Bool, mayAsk: Bool, hasColor: Bool) {
        self.terminal = terminal
        self.format = format
        self.isQuiet = isQuiet
        self.mayAsk = mayAsk && terminal.inputIsTerminal && terminal.errorIsTerminal
        let isColored = hasColor && terminal.allowsColor
        style = TextStyle(isEnabled: isColored && terminal.outputIsTerminal)
        errorStyle = TextStyle(isEnabled: isColored && terminal.errorIsTerminal)
    }

    /// The same with another form of results.
    func formatted(as format: OutputFormat) -> Console {
        Console(
            terminal: terminal, format: format, isQuiet: isQuiet, mayAsk: mayAsk,
            hasColor: style.isEnabled || errorStyle.isEnabled)
    }

    /// A line on standard error that tells how far a command is.
    func progressLine() -> ProgressLine {
        ProgressLine(isEnabled: terminal.errorIsTerminal && !isQuiet)
    }

    // MARK: Results

    /// Prints rows.
    func print(_ listing: Listing) throws {
        switch format {
        case .table:
            if listing.rows.isEmpty {
                if !isQuiet { try note(listing.emptyMessage) }
                return
            }
            let renderer = TableRenderer(style: style, terminalColumns: terminal.columns)
            for line in renderer.lines(listing) { try output.line(line) }
        case .json:
            try print(.array(listing.rows.map { listing.object($0) }))
        case .jsonl:
            for row in listing.rows { try printLine(listing.object(row)) }
        case .csv:
            try output.line(CSVText.line(listing.columns.map(\.key)))
            for row in listing.rows {
                try output.line(CSVText.line(row.map { $0.cellText(separator: ";") }))
            }
        case .plain:
            for row in listing.rows { try output.line(plainLine(row)) }
        }
    }

    /// Prints facts about one thing.
    func print(_ details: Details) throws {
        switch format {
        case .table:
            let fields = details.fields.compactMap { field -> (title: String, text: String)? in
                let text = TextWidth.printable(field.value.cellText())
                return text.isEmpty ? nil : (TextWidth.printable(field.title), text)
            }
            let width = fields.map { TextWidth.columns($0.title) }.max() ?? 0
            for (title, text) in fields {
                let title = TextWidth.padded(title, to: width)
                let room = terminal.columns.map { max(20, $0 - width - 2) }
                let cut = room.map { TextWidth.truncated(text, to: $0) } ?? text
                try output.line("\(style.bold(title))  \(cut)")
            }
        case .json: try print(details.object)
        case .jsonl: try printLine(details.object)
        case .csv:
            try output.line(CSVText.line(details.fields.map(\.key)))
            try output.line(CSVText.line(details.fields.map { $0.value.cellText(separator: ";") }))
        case .plain:
            for field in details.fields {
                try output.line(plainLine([.string(field.key), field.value]))
            }
        }
    }

    /// Prints what a command did: a sentence for people, the facts for programs.
    func report(_ sentence: String, _ details: Details) throws {
        if format == .table {
            if !isQuiet { try output.line(TextWidth.printable(sentence)) }
        } else {
            try print(details)
        }
    }

    /// Prints a JSON document over several lines.
    func print(_ json: JSON) throws {
        try output.write { bytes in
            json.writeIndented(to: &bytes)
            bytes.append(0x0A)
        }
    }

    /// Prints a JSON document on one line.
    func printLine(_ json: JSON) throws {
        try output.write { bytes in
            json.write(to: &bytes)
            bytes.append(0x0A)
        }
    }

    private func plainLine(_ row: [JSON]) -> String {
        row.map { TextWidth.printable($0.cellText(separator: ",")) }.joined(separator: "\t")
    }

    // MARK: Words beside the results

    /// Writes text to standard error; what it quotes of the data cannot steer the terminal.
    func note(_ text: String) throws {
        // What was printed before should also be seen before.
        try output.flush()
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            Self.writeError(TextWidth.printable(String(line)) + "\n")
        }
    }

    /// Suggests what to do next; only to people.
    func suggest(_ command: String, _ why: String) throws {
        guard !isQuiet, format == .table else { return }
        try output.flush()
        Self.writeError(errorStyle.dim("\(why): ") + TextWidth.printable(command) + "\n")
    }

    /// Writes to standard error at once.
    static func writeError(_ text: String) {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count,
            case .written(let count) = SystemCalls.write(bytes, from: offset, to: STDERR_FILENO)
        {
            offset += count
        }
    }

    /// Asks before something is destroyed: yes on a terminal, else only with `--force`.
    func confirm(_ question: String, isForced: Bool) throws {
        if isForced { return }
        guard mayAsk else {
            throw CommandError.failure(
                "\(question) Pass --force to do it without being asked.")
        }
        try output.flush()
        Self.writeError("\(question) [y/N] ")
        let answer = SystemCalls.readInput(256)
        if Interruption.isRequested {
            Self.writeError("\n")
            throw CommandError.interrupted
        }
        guard answer.first == 0x79 || answer.first == 0x59 else {
            throw CommandError.failure("Nothing was changed.")
        }
    }
}
