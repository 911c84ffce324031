#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <wchar.h>

// The settings of libedit are variadic functions, which Swift cannot call.

static inline EditLine *cedit_open(void) {
    setlocale(LC_CTYPE, "");
    return el_init("cairn", stdin, stdout, stderr);
}

static inline void cedit_prepare(
    EditLine *editor, char *(*prompt)(EditLine *), unsigned char (*complete)(EditLine *, int),
    int (*key)(EditLine *, wchar_t *), void *context) {
    el_set(editor, EL_CLIENTDATA, context);
    el_set(editor, EL_GETCFN, key);
    el_set(editor, EL_PROMPT, prompt);
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_SIGNAL, 0);
    el_set(editor, EL_ADDFN, "cairn-complete", "Complete the word", complete);
    el_set(editor, EL_BIND, "^I", "cairn-complete", NULL);
    el_set(editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_set(editor, EL_BIND, "\033[1;5C", "em-next-word", NULL);
    el_set(editor, EL_BIND, "\033[1;5D", "ed-prev-word", NULL);
    el_set(editor, EL_BIND, "\033[3~", "ed-delete-next-char", NULL);
}

static inline void *cedit_context(EditLine *editor) {
    void *context = NULL;
    el_get(editor, EL_CLIENTDATA, &context);
    return context;
}

static inline void cedit_use(EditLine *editor, History *past, int size) {
    HistEvent event;
    history(past, &event, H_SETSIZE, size);
    history(past, &event, H_SETUNIQUE, 1);
    el_set(editor, EL_HIST, history, past);
}

static inline int cedit_add(History *past, const char *line) {
    HistEvent event;
    return history(past, &event, H_ENTER, line);
}

static inline int cedit_load(History *past, const char *path) {
    HistEvent event;
    return history(past, &event, H_LOAD, path);
}

static inline int cedit_save(History *past, const char *path) {
    HistEvent event;
    return history(past, &event, H_SAVE, path);
}
