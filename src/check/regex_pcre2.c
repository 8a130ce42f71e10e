/* check/regex_pcre2.c: the module regex.so: PCRE2, held to a number of steps. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/mem.h"
#include "check/regex.h"

/*
 * PCRE2's own limit counts from zero again at every byte where a match may begin, and does not count what a loop over
 * a single class skips. So there is a callout before every item of the pattern, which counts them, the bytes that went
 * by, and those that an item may look at before it fails: a back reference, "x{1000}". HEAP is in KiB.
 */
enum { BYTES_A_STEP = 32, HEAP = 4096 };

struct budget {
	size_t left;
	size_t at;    /* where the last callout was */
	size_t extra; /* cost of every item */
};

/* A regular expression, and how many bytes one of its items may look at in vain. */
struct compiled {
	pcre2_code *re;
	size_t in_vain;
};

static pcre2_general_context *memory;
static pcre2_compile_context *compile_context;
static pcre2_match_context *context;
static pcre2_match_data *data;
static struct budget budget;

static int
count(pcre2_callout_block *block, void *arg)
{
	struct budget *b = arg;
	size_t at = block->current_position, by = at > b->at ? at - b->at : b->at - at;
	size_t cost = 1 + by / BYTES_A_STEP + b->extra;

	b->at = at;
	if (b->left < cost)
		return PCRE2_ERROR_CALLOUT;
	b->left -= cost;
	return 0;
}

static void *
give(size_t n, void *arg)
{
	(void)arg;
	return xmalloc(n);
}

static void
take_back(void *p, void *arg)
{
	(void)arg;
	free(p);
}

/* What all matches share. A match that there is no memory for would be one that does not hold. */
static void
prepare(void)
{
	if (context)
		return;
	memory = pcre2_general_context_create(give, take_back, NULL);
	context = pcre2_match_context_create(memory);
	pcre2_set_callout(context, count, &budget);
	pcre2_set_heap_limit(context, HEAP);
	data = pcre2_match_data_create(1, memory);
	compile_context = pcre2_compile_context_create(memory);
}

/* The largest number behind a '{'. PCRE2 has none above 65535. */
static size_t
largest_repeat(const char *source, size_t n)
{
	size_t largest = 0;

	for (size_t i = 0; i < n; i++) {
		size_t number = 0;

		for (size_t j = i + 1; source[i] == '{' && j < n && source[j] >= '0' && source[j] <= '9'; j++)
			number = number < 65536 ? number * 10 + (size_t)(source[j] - '0') : number;
		largest = number > largest ? number : largest;
	}
	return largest;
}

static void *
keep(pcre2_code *re, const char *source, size_t n)
{
	struct compiled *c = xmalloc(sizeof *c);
	uint32_t back_reference = 0;

	pcre2_pattern_info(re, PCRE2_INFO_BACKREFMAX, &back_reference);
	*c = (struct compiled){re, back_reference ? SIZE_MAX : largest_repeat(source, n)};
	return c;
}

static void *
compile(const char *source, size_t n, bool fold, size_t *at, char why[REGEX_WHY])
{
	uint32_t options = PCRE2_AUTO_CALLOUT | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP |
	    (fold ? PCRE2_CASELESS : 0);
	PCRE2_SIZE offset;
	pcre2_code *re;
	int code;

	prepare();
	re = pcre2_compile((PCRE2_SPTR)source, n, options, &code, &offset, compile_context);
	if (re)
		return keep(re, source, n);
	*at = offset;
	pcre2_get_error_message(code, (PCRE2_UCHAR *)why, REGEX_WHY);
	return NULL;
}

static enum regex_answer
match(const void *code, const char *s, size_t n, size_t *steps)
{
	const struct compiled *c = code;
	int rc;

	budget = (struct budget){.left = *steps, .extra = (c->in_vain < n ? c->in_vain : n) / BYTES_A_STEP};
	rc = pcre2_match(c->re, (PCRE2_SPTR)s, n, 0, 0, data, context);
	*steps = budget.left;
	return rc >= 0 ? REGEX_YES : rc == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_GAVE_UP;
}

static void
free_code(void *code)
{
	struct compiled *c = code;

	pcre2_code_free(c->re);
	free(c);
}

const struct regex_module regex_module = {compile, match, free_code};
