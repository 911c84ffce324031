import GraphStore

/// Makes or restores a backup under a system that may fail: says the position reached, or why none
/// was.
func protect(_ path: String, _ verb: String, backup: String) {
    do {
        if verb == "restore" {
            let summary = try Backup(at: backup).restore(to: path, replacing: true)
            return say("done \(summary.position)")
        }
        var options = GraphDatabaseOptions()
        options.createsIfMissing = false
        options.isReadOnly = true
        let database = try GraphDatabase(path: path, options: options)
        defer { database.close() }
        say("done \(try database.backup(to: backup).piece?.position ?? 0)")
    } catch let error as GraphStoreError {
        say("failed \(error.code): \(error.message)")
    } catch {
        say("untyped \(error)")
    }
}
