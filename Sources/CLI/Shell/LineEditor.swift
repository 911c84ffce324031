import CEdit
import Glibc

// SAFETY, for the whole file:
// - `editor` and `past` are made in `init`, never nil afterwards, used from the one thread that
//   reads, and freed in `deinit`, the editor first since it reads the history.
// - libedit gives the callbacks the context that `init` set: this object, unretained. It is called
//   only inside `el_gets`, which `line` calls while it holds `self`.
// - Texts that C keeps beyond a call are `promptText`, which lives as long as the object, and
//   copies that libedit makes itself.

/// Lines typed at a terminal, with arrow keys, a history and completion: libedit.
@safe final class LineEditor: LineInput {
    private let editor: OpaquePointer
    private let past: OpaquePointer
    private let historyPath: String?
    private var promptText: UnsafeMutablePointer<CChar>?
    private let complete: (_ line: [UInt8]) -> Completion

    /// Opens the terminal; nil when it cannot be used as one.
    init?(historyPath: String?, complete: @escaping (_ line: [UInt8]) -> Completion) {
        guard let editor = unsafe cedit_open() else { return nil }
        guard let past = unsafe history_init() else {
            unsafe el_end(editor)
            return nil
        }
        unsafe self.editor = unsafe editor
        unsafe self.past = unsafe past
        self.historyPath = historyPath
        self.complete = complete
        unsafe cedit_use(editor, past, 2_000)
        if let historyPath { _ = unsafe cedit_load(past, historyPath) }
        unsafe cedit_prepare(
            editor, promptOfEditor, completeInEditor, nextKey,
            Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        unsafe el_end(editor)
        unsafe history_end(past)
        unsafe free(promptText)
    }

    func line(prompt: String) -> InputLine {
        unsafe free(promptText)
        unsafe promptText = unsafe strdup(prompt)
        var count: Int32 = 0
        guard let bytes = unsafe el_gets(editor, &count), count > 0 else {
            return Interruption.isRequested ? .interrupted : .end
        }
        var text = unsafe String(cString: bytes)
        if text.utf8.last == 0x0A { text.unicodeScalars.removeLast() }
        return .text(text)
    }

    func remember(_ statement: String) {
        _ = unsafe cedit_add(past, statement)
        if let historyPath { _ = unsafe cedit_save(past, historyPath) }
    }

    fileprivate func prompt() -> UnsafeMutablePointer<CChar>? { unsafe promptText }

    /// Completes the word before the cursor; what libedit is to do afterwards.
    fileprivate func completeWord() -> UInt8 {
        guard let info = unsafe el_line(editor) else { return UInt8(CC_ERROR) }
        let length = unsafe info.pointee.cursor - info.pointee.buffer
        let line = unsafe UnsafeBufferPointer(start: info.pointee.buffer, count: length)
            .map { UInt8(bitPattern: $0) }
        let completion = complete(line)
        if !completion.insertion.isEmpty {
            guard unsafe el_insertstr(editor, completion.insertion) == 0 else {
                return UInt8(CC_ERROR)
            }
            return UInt8(CC_REFRESH)
        }
        guard completion.candidates.count > 1 else { return UInt8(CC_REFRESH_BEEP) }
        Console.writeError("\n" + completion.listing(columns: 80) + "\n")
        return UInt8(CC_REDISPLAY)
    }
}

private func owner(_ editor: OpaquePointer) -> LineEditor? {
    guard let context = unsafe cedit_context(editor) else { return nil }
    return unsafe Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue()
}

private func promptOfEditor(_ editor: OpaquePointer?) -> UnsafeMutablePointer<CChar>? {
    unsafe editor.flatMap { unsafe owner($0) }?.prompt()
}

private func completeInEditor(_ editor: OpaquePointer?, _ key: Int32) -> UInt8 {
    unsafe editor.flatMap { unsafe owner($0) }?.completeWord() ?? UInt8(CC_ERROR)
}

/// The next key, as a code point; 0 at the end of the input, -1 after Ctrl-C.
///
/// The reader of libedit goes on after a signal, or not, by when it came.
private func nextKey(_ editor: OpaquePointer?, _ key: UnsafeMutablePointer<wchar_t>?) -> Int32 {
    var bytes: [UInt8] = []
    while true {
        if Interruption.isRequested { return -1 }
        switch SystemCalls.nextInput(milliseconds: 100) {
        case .nothing: continue
        case .end: return 0
        case .byte(let byte): bytes.append(byte)
        }
        // A character has at most four bytes; what is none is passed over.
        if let text = String(validating: bytes, as: UTF8.self),
            let scalar = text.unicodeScalars.first
        {
            unsafe key?.pointee = wchar_t(bitPattern: scalar.value)
            return 1
        }
        if bytes.count >= 4 { bytes = [] }
    }
}
