/* check/regex_pcre2.c: the module regex.so: PCRE2, held to a number of steps. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "check/regex.h"

/*
 * PCRE2's own limit counts from zero again at every byte where a match may begin, and does not count what a loop over a
 * single class skips. So there is a callout before every item of the pattern, which counts them, and the bytes that went
 * by. HEAP is in KiB.
 */
enum { STEPS = 40000, BYTES_A_STEP = 32, HEAP = 4096 };

struct budget {
	size_t left;
	size_t at; /* where the last callout was */
};

static pcre2_match_context *context;
static pcre2_match_data *data;
static struct budget budget;

static int
count(pcre2_callout_block *block, void *arg)
{
	struct budget *b = arg;
	size_t at = block->current_position, by = at > b->at ? at - b->at : b->at - at, cost = 1 + by / BYTES_A_STEP;

	b->at = at;
	if (b->left < cost)
		return PCRE2_ERROR_CALLOUT;
	b->left -= cost;
	return 0;
}

/* What all matches share. */
static bool
prepare(void)
{
	if (!context && !(context = pcre2_match_context_create(NULL)))
		return false;
	pcre2_set_callout(context, count, &budget);
	pcre2_set_heap_limit(context, HEAP);
	return data || (data = pcre2_match_data_create(1, NULL));
}

static void *
compile(const char *source, size_t n, bool fold, size_t *at, char why[REGEX_WHY])
{
	uint32_t options = PCRE2_AUTO_CALLOUT | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_UCP |
	    (fold ? PCRE2_CASELESS : 0);
	int code = PCRE2_ERROR_NOMEMORY;
	PCRE2_SIZE offset = 0;
	pcre2_code *re = NULL;

	if (prepare())
		re = pcre2_compile((PCRE2_SPTR)source, n, options, &code, &offset, NULL);
	if (re)
		return re;
	*at = offset;
	pcre2_get_error_message(code, (PCRE2_UCHAR *)why, REGEX_WHY);
	return NULL;
}

static enum regex_answer
match(const void *code, const char *s, size_t n)
{
	int rc;

	budget = (struct budget){STEPS, 0};
	rc = pcre2_match(code, (PCRE2_SPTR)s, n, 0, 0, data, context);
	return rc >= 0 ? REGEX_YES : rc == PCRE2_ERROR_NOMATCH ? REGEX_NO : REGEX_GAVE_UP;
}

static void
free_code(void *code)
{
	pcre2_code_free(code);
}

const struct regex_module regex_module = {compile, match, free_code};
