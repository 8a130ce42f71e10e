/* awget/replay.c: the results of an earlier run, told anew. */
#include "awget/replay.h"

#include "record/record.h"
#include "record/records.h"

/* One record. 0 or -1. */
static int
tell(struct run *run, struct record_reader *reader, struct str line, struct err *e)
{
	struct result r;
	int rc = record_read(reader, line, &r, e);

	if (rc == 0) {
		run->counts.read++;
		run->counts.begun++;
		run->counts.ended++;
		run->counts.failed += r.err.kind != ERR_NONE;
		run_tell(run, &r);
	}
	result_clear(&r);
	return rc;
}

int
replay(struct run *run, const char *path, void (*before_wait)(void), struct err *e)
{
	struct records *f = records_open(path, before_wait, e);
	struct record_reader *reader = f ? record_reader_new(e) : NULL;
	struct str line;
	struct err why;
	int rc = reader ? 0 : -1;

	while (rc == 0 && (rc = records_next(f, &line, e)) > 0) {
		rc = tell(run, reader, line, &why);
		if (rc != 0)
			err_set(e, ERR_LOCAL, "%s:%zu: %s", path, records_number(f), why.text);
	}
	record_reader_free(reader);
	records_close(f);
	return rc;
}
