/* check/lex.h: a line of the check language, read from left to right: blanks, comments, words, strings, regexes. */
#ifndef CHECK_LEX_H
#define CHECK_LEX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/* Begins as {line, e}. What is taken is behind `at`. */
struct lex {
	struct str line; /* without line end; it ends before a comment as soon as that has been seen */
	struct err *e;   /* for lex_fail */
	size_t at;
	size_t wrong; /* after a failure: the offset of what is wrong */
};

/* Says what is wrong at an offset; is -1. */
#define lex_fail(l, place, ...) ((l)->wrong = (place), err_set((l)->e, ERR_INPUT, __VA_ARGS__))

/* For "%.*s": a slice, cut so that there is room for a sentence around it. */
#define LEX_SHOWN(str) (int)((str).n < 60 ? (str).n : 60), (str).n ? (str).s : ""

/* A copy of s, as it is or with ASCII letters in lower case, whose bytes the caller frees. */
struct str lex_copy(struct str s);
struct str lex_lower(struct str s);

/* The next byte; NUL at the end, which no line holds. */
char lex_peek(const struct lex *l);

/* Takes blanks, and a comment if one begins here. */
void lex_blanks(struct lex *l);

/* Takes this text if it is next. */
bool lex_take(struct lex *l, const char *text);
/* Takes this word if it is next, whole, and then blanks. */
bool lex_keyword(struct lex *l, const char *word);

/* Takes letters, digits, '_', '-', '.', if dots, and may be empty. */
struct str lex_name(struct lex *l, bool dots);

/* Takes a bare word, which may be empty. */
struct str lex_word(struct lex *l);

/* Takes a string, whose opening quote is next, and adds what it stands for. 0 or -1. */
int lex_string(struct lex *l, struct buf *b);

/* Takes a regular expression, whose opening slash is next, and its flags. 0 or -1. */
int lex_regex(struct lex *l, struct str *source, bool *fold);

#endif
