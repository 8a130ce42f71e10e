/* record/json_simdjson.cc: the module readjson.so: JSON as a tape. Home of simdjson, and the only C++ there is. */
#include "record/json_module.h"

#include <new>
#include <simdjson.h>

#include "base/mem.h"

using namespace simdjson;

static_assert(JSON_PADDING >= SIMDJSON_PADDING, "what simdjson reads behind a text must be there");

/* Texts up to this length need no allocation. */
static const size_t few = 16384;

/* Room for a text of n bytes, twice as much each time, so that lines that grow do not cost an allocation each. */
static error_code
reserve(dom::parser &parser, size_t n)
{
	size_t capacity = few;

	if (n <= parser.doc.capacity())
		return SUCCESS;
	while (capacity < n)
		capacity *= 2;
	error_code error = parser.allocate(capacity, JSON_DEPTH);
	return error ? error : parser.doc.allocate(capacity);
}

/* The first reader makes simdjson look what the processor can do, for which it takes memory that may not fail. */
static void *
open_reader()
{
	std::new_handler before = std::set_new_handler(mem_end);
	dom::parser *parser = new dom::parser();

	if (reserve(*parser, few) != SUCCESS)
		mem_end();
	std::set_new_handler(before);
	return parser;
}

static const char *
sentence(error_code error)
{
	switch (error) {
	case MEMALLOC:
	case CAPACITY:
		return "too long for this machine's memory";
	case UTF8_ERROR:
		return "not UTF-8";
	case DEPTH_ERROR:
		return "nested too deeply";
	default:
		return "not JSON";
	}
}

static const char *
read_text(void *reader, const char *s, size_t n, struct json_tape *tape)
{
	dom::parser &parser = *static_cast<dom::parser *>(reader);
	error_code error = reserve(parser, n);

	if (!error)
		error = parser.parse(s, n, false).error();
	if (error)
		return sentence(error);
	tape->at = parser.doc.tape.get();
	tape->strings = reinterpret_cast<const char *>(parser.doc.string_buf.get());
	return nullptr;
}

static void
close_reader(void *reader)
{
	delete static_cast<dom::parser *>(reader);
}

const struct json_module json_module = {open_reader, read_text, close_reader};
