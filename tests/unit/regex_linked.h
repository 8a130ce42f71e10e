/* tests/unit/regex_linked.h: where data files are, for tests. */
#ifndef TESTS_UNIT_REGEX_LINKED_H
#define TESTS_UNIT_REGEX_LINKED_H

/* A folder, with '/' at its end; one that is not there at first. */
extern const char *linked_data;

#endif
