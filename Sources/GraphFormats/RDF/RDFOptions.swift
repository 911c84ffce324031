public import PropertyGraph

/// How RDF becomes a property graph, and the other way.
///
/// | RDF | graph |
/// | --- | --- |
/// | IRI as subject or object | a node, its IRI as property `iri` |
/// | blank node | a node without `iri` |
/// | `rdf:type` an IRI | a label |
/// | a literal object | a property; several of one predicate are a list |
/// | a literal with a language | a property `name@en` |
/// | an IRI or blank object | an edge |
/// | `rdf:Statement` with subject, predicate and object | an edge with the statement's literals |
///
/// Predicates and classes give names as `names` says.
public struct RDFOptions: Sendable, Hashable {
    /// What the IRI of a class or predicate becomes.
    public enum Names: String, Sendable, Hashable, CaseIterable {
        /// What follows the last `#`, `/` or `:`: short, but two vocabularies may meet in a name.
        case local
        /// The whole IRI, unless it is in the vocabulary: exact in both directions.
        case full
    }

    /// The property that holds the IRI of a node.
    public static let iriKey: PropertyKey = "iri"
    /// The vocabulary of names that are no IRIs.
    public static let standardVocabulary = "urn:cairn:"

    /// What names look like after an import, and before an export.
    public var names = Names.local
    /// What the IRIs begin with whose rest is the name itself: taken off by an import, put in
    /// front by an export.
    public var vocabulary = RDFOptions.standardVocabulary

    /// The defaults.
    public init() {}
}

/// IRIs that mean something to an import.
enum RDFTerm {
    static let rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    static let type = rdf + "type"
    static let statement = rdf + "Statement"
    static let subject = rdf + "subject"
    static let predicate = rdf + "predicate"
    static let object = rdf + "object"
    static let resource = "http://www.w3.org/2000/01/rdf-schema#Resource"
    static let xsd = "http://www.w3.org/2001/XMLSchema#"
    /// The datatype of values that XML Schema has no type for: their JSON.
    static let json = "urn:cairn:json"

    /// Whether N-Triples can hold an IRI as it is: absolute, and of allowed characters.
    static func isAbsolute(_ text: String) -> Bool {
        guard let colon = text.utf8.firstIndex(of: 0x3A), colon != text.utf8.startIndex else {
            return false
        }
        for (place, byte) in text.utf8[..<colon].enumerated() {
            switch byte {
            case 0x41...0x5A, 0x61...0x7A: continue
            case 0x30...0x39, 0x2B, 0x2D, 0x2E: if place == 0 { return false }
            default: return false
            }
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case 0...0x20, 0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B, 0x7C, 0x7D: false
            default: true
            }
        }
    }

    /// The name that an IRI gives.
    static func name(of iri: String, _ options: RDFOptions) -> String {
        if iri.utf8.starts(with: options.vocabulary.utf8) {
            return decoded(iri.utf8.dropFirst(options.vocabulary.utf8.count))
        }
        guard options.names == .local else { return iri }
        let place = iri.utf8.lastIndex { $0 == 0x23 || $0 == 0x2F || $0 == 0x3A }
        guard let place else { return iri }
        let local = iri.utf8[iri.utf8.index(after: place)...]
        return local.isEmpty ? iri : decoded(local)
    }

    /// The IRI of a name: itself when names are full and it is one, else one of the vocabulary.
    static func iri(of name: String, _ options: RDFOptions) -> String {
        if options.names == .full, isAbsolute(name), !name.utf8.starts(with: rdf.utf8),
            !name.utf8.starts(with: options.vocabulary.utf8)
        {
            return name
        }
        var bytes = Array(options.vocabulary.utf8)
        for byte in name.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E, 0x80...0xFF:
                bytes.append(byte)
            default:
                let hexadecimal = Array("0123456789ABCDEF".utf8)
                bytes += [0x25, hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Text with its `%XX` replaced by the bytes they stand for, unless that is no UTF-8.
    private static func decoded(_ text: Substring.UTF8View) -> String {
        let source = Array(text)
        guard source.contains(0x25) else { return String(decoding: source, as: UTF8.self) }
        var bytes: [UInt8] = []
        var index = 0
        while index < source.count {
            if source[index] == 0x25, index + 2 < source.count,
                let high = digit(source[index + 1]), let low = digit(source[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
            } else {
                bytes.append(source[index])
                index += 1
            }
        }
        guard UTF8Check.isValid(bytes.span, bytes.indices) else {
            return String(decoding: source, as: UTF8.self)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}
