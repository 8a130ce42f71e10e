/* record/json_simdjson.cc: the module readjson.so: JSON as a tape. Home of simdjson, and the only C++ there is. */
#include "record/json_module.h"

#include <new>
#include <simdjson.h>

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

static void *
open_reader()
{
	dom::parser *parser = new (std::nothrow) dom::parser();

	if (parser && reserve(*parser, few) == SUCCESS)
		return parser;
	delete parser;
	return nullptr;
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
