/* record/parts.h: the parts of a record that are more than a value: for record.c alone. */
#ifndef RECORD_PARTS_H
#define RECORD_PARTS_H

#include "fetch/result.h"
#include "record/json.h"

/*
 * Sets r's head and fields, which must be empty, from its minor, status, this reason, and the array that begins at word
 * `first` (0: none). 0, or -1 with ERR_INPUT.
 */
int record_head(struct result *r, struct str reason, const struct json_tape *t, uint32_t first, struct err *e);

/* What the object at word `at` tells of TLS, in one piece, to be freed with free(). NULL with ERR_INPUT. */
struct tls_info *record_tls(const struct json_tape *t, uint32_t at, struct err *e);

/*
 * RFC 3339 in UTC, "2026-01-02T03:04:05Z", with or without a fraction, as seconds since 1970; years before 1000 as
 * strftime writes them. False if s is no such time.
 */
bool record_time(struct str s, double *t);

#endif
