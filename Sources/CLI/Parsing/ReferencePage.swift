import ArgumentParser
import GraphAlgorithms

/// Pages of the reference, made from commands and catalog so that they cannot drift from them.
enum ReferencePage {
    /// Every command with its help.
    static func commands() -> String {
        var text = """
            # The command `cairn`

            This page is made from the help of the commands; `cairn <command> --help` shows the same.

            """
        for place in CommandTree.places() {
            let help = HelpText.fitted(
                CairnCommand.helpMessage(for: place.type, columns: 96), to: 96)
            text += "\n## \(place.words.joined(separator: " "))\n\n```\n\(help)\n```\n"
        }
        return text
    }

    /// Every algorithm with its parameters, columns and summary fields.
    static func algorithms() -> String {
        var text = """
            # Algorithms

            This page is made from the catalog that `cairn run` uses; `cairn run <algorithm> --help`
            shows the same. A parameter is given as `--param name=value`. A summary field is a member
            of `result_summary` in the output of `--json`; a column is one of the rows that
            `--output` writes. Nodes are named by id, or by name where the graph has names.

            | algorithm | family | computes |
            |---|---|---|

            """
        for algorithm in AlgorithmCatalog.all {
            text += "| [`\(algorithm.name)`](#\(algorithm.name)) | \(algorithm.family.rawValue) "
            text += "| \(cell(algorithm.summary)) |\n"
        }
        for algorithm in AlgorithmCatalog.all { text += section(algorithm) }
        return text
    }

    private static func section(_ algorithm: AlgorithmDescriptor) -> String {
        var text = "\n## \(algorithm.name)\n\n\(algorithm.summary)\n\n"
        text += "```\n\(AlgorithmPage.example(algorithm))\n```\n\n"
        text += "- Graph: \(AlgorithmPage.needs(algorithm))\n"
        text += "- Cost: \(algorithm.complexity).\n"
        text += "- Memory: \(AlgorithmPage.memory(algorithm)).\n"
        text += "- After: \(algorithm.citation).\n"
        if !algorithm.parameters.isEmpty {
            text += "\n| parameter | meaning |\n|---|---|\n"
            for parameter in algorithm.parameters {
                text +=
                    "| `\(parameter.name)` | \(cell(AlgorithmPage.parameterHelp(parameter))) |\n"
            }
        }
        text += table("column", algorithm.columns)
        text += table("summary field", algorithm.summaryFields)
        return text
    }

    private static func table(_ title: String, _ fields: [AlgorithmDescriptor.Field]) -> String {
        guard !fields.isEmpty else { return "" }
        var text = "\n| \(title) | meaning |\n|---|---|\n"
        for field in fields { text += "| `\(field.name)` | \(cell(field.help)) |\n" }
        return text
    }

    /// Text that stands in a cell: a bar would end it.
    private static func cell(_ text: String) -> String {
        String(text.flatMap { $0 == "|" ? ["\\", $0] : [$0] })
    }
}
