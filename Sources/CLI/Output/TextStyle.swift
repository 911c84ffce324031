/// How words stand out on a terminal; nothing at all without colours.
struct TextStyle: Sendable {
    /// Whether escapes are written.
    let isEnabled: Bool

    /// Headings and what matters.
    func bold(_ text: String) -> String { wrap(text, "1") }
    /// What matters less.
    func dim(_ text: String) -> String { wrap(text, "2") }
    /// Names that can be typed.
    func name(_ text: String) -> String { wrap(text, "36") }
    /// What went well.
    func good(_ text: String) -> String { wrap(text, "32") }
    /// What needs attention.
    func warning(_ text: String) -> String { wrap(text, "33") }
    /// What went wrong.
    func bad(_ text: String) -> String { wrap(text, "31") }

    private func wrap(_ text: String, _ code: String) -> String {
        isEnabled && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
