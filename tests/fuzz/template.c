/* tests/fuzz/template.c: any bytes without NUL as a template, filled for a result whose every word is hostile. */
#include "awget/template.h"

#include <string.h>

#include "fuzz.h"

/* One line of the template and one that only has a caret. */
static void
check_excerpt(struct str s)
{
	const char *lf = s.n ? memchr(s.s, '\n', s.n) : NULL;
	size_t first = lf ? (size_t)(lf - s.s) : 0;

	HOLDS(lf && s.n >= first + 3 && memcmp(s.s + s.n - 2, "^\n", 2) == 0);
	HOLDS(!has_control((struct str){s.s, first}) && text_is_utf8((struct str){s.s, first}));
	for (size_t i = first + 1; i < s.n - 2; i++)
		HOLDS(s.s[i] == ' ');
}

static void
fill(const struct template *t, struct str text, struct buf *b)
{
	static const char head[] = "A: \x1b[\xff\x80\r\n \x9b\xc2\x9b\0 \n";
	const struct verdict v = {0};
	struct result r;

	result_init(&r, 1, (struct str){"\n\xc2\x80\xff", 4});
	r.tag = r.target;
	r.status = 200;
	r.reason_n = sizeof head - 1;
	buf_add(&r.head, head, sizeof head - 1);
	for (int i = 0; i < 2; i++)
		*result_add_field(&r) = (struct field){.name_n = 1, .value = 3, .value_n = sizeof head - 5, .folded = i};
	template_fill(t, &r, &v, b);
	/* only what the template has of its own may be unfit */
	if (!has_control(text) && !memchr(text.s, '\\', text.n))
		HOLDS(!has_control(buf_view(b)));
	if (text_is_utf8(text))
		HOLDS(text_is_utf8(buf_view(b)));
	result_clear(&r);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = {0}, excerpt = {0}, filled = {0};
	struct err e = {0};
	struct template *t;

	if (size && data[0] == '@') /* would read a file */
		return 0;
	buf_add(&text, (const char *)data, size);
	buf_cstr(&text);
	text.n = strlen(text.s);
	t = template_new(text.s, &excerpt, &e);
	if (t) {
		HOLDS(excerpt.n == 0);
		fill(t, buf_view(&text), &filled);
	} else {
		check_err(&e, ERR_INPUT);
		check_excerpt(buf_view(&excerpt));
	}
	template_free(t);
	buf_clear(&text);
	buf_clear(&excerpt);
	buf_clear(&filled);
	return 0;
}
