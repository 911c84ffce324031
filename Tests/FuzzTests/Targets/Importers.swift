import Glibc
import GraphFormats

/// The importers, on files of any kind: they read, or say what is wrong and where.
enum Importers {
    static func feed(_ bytes: [UInt8], _ format: ImportFormat) {
        guard let file = MemoryFile(bytes) else { return }
        var options = ImportOptions()
        options.format = format
        options.threads = 1
        // Choices of the caller come from the content, so that one corpus reaches them all.
        options.infersTypes = bytes.count % 2 == 0
        options.onError = bytes.count % 3 == 0 ? .skip : .stop
        options.limits.maximumLineBytes = 1 << 12
        options.rdf.names = bytes.count % 5 == 0 ? .full : .local
        do {
            _ = try GraphImporter(options: options).dryRun([file.path])
        } catch let error as FormatError {
            if error.message.isEmpty { broken("an error says something") }
        } catch {
            broken("an importer throws errors of its own kind, not \(error)")
        }
    }

    static func seeds(_ target: FuzzTarget) -> [[UInt8]] {
        let texts: [String] =
            switch target {
            case .csv:
                [
                    ":ID,name,age:int,:LABEL\n1,Ada,36,Person;Author\n2,\"O, \"\"B\"\"\",,Person\n",
                    ":START_ID,:END_ID,:TYPE,weight:double\n1,2,KNOWS,0.5\n",
                    "id:ID(Person)|name:string|tags:string[]|born:date\n1|x|a;b|1999-12-31\n",
                    "\u{FEFF}:ID;a:float[];b:boolean;p:point\r\n1;1.5;true;\"{x:1,y:2}\"\r\n",
                    "when:datetime,:ID,d:duration\n2020-01-01T00:00:00Z,1,P1Y2M3DT4H\n",
                ]
            case .jsonl:
                [
                    "{\"type\":\"node\",\"id\":\"1\",\"labels\":[\"A\"],\"properties\":{\"n\":1}}\n",
                    "{\"type\":\"edge\",\"id\":\"1\",\"label\":\"T\",\"start\":{\"id\":\"1\"},"
                        + "\"end\":{\"id\":\"2\"},\"properties\":{\"w\":1e-3,\"s\":\"\\u00e9\"}}\n",
                    "{\"a\":[1,2.5,true,null,\"x\"],\"b\":{\"c\":{}}}\n",
                    "{\"type\":\"schema\",\"objects\":[{\"kind\":\"type\",\"label\":\"A\","
                        + "\"properties\":[\"n\"],\"allows\":\"LIST<INT>|DATE\"}]}\n",
                ]
            default:
                [
                    "# comment\n1 2\n2 3 0.5\n", "a\tb\t1\nb\tc\t2e9\n", "1,2,3\n4,5,6\n",
                    "source,target,weight\nx,y,1\n", "% nodes 3\n0 1 -1.5\n",
                    "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 2 0.5\n",
                ]
            }
        return texts.map { Array($0.utf8) }
    }
}

/// Bytes under a path that leads to memory.
private final class MemoryFile {
    let path: String
    private let descriptor: Int32

    init?(_ bytes: [UInt8]) {
        var name = Array("/dev/shm/cairn-fuzz-XXXXXX".utf8CString)
        descriptor = unsafe mkstemp(&name)
        guard descriptor >= 0 else { return nil }
        unsafe unlink(&name)
        path = "/proc/self/fd/\(descriptor)"
        let count = unsafe bytes.withUnsafeBytes {
            unsafe write(descriptor, $0.baseAddress, $0.count)
        }
        guard count == bytes.count else { return nil }
    }

    deinit { close(descriptor) }
}
