/* awget/agree.h: the answers of all addresses of one target beside each other: do they agree, and who differs how? */
#ifndef AWGET_AGREE_H
#define AWGET_AGREE_H

#include <stdbool.h>

#include "awget/volatile.h"
#include "base/buf.h"
#include "fetch/result.h"
#include "net/addr.h"

struct agree;

/* v, which is borrowed, says what does not count. */
struct agree *agree_new(const struct volatile_list *v);

/*
 * Adds what was found out at one address, which r itself may not know: it may have failed to connect, or have ended
 * somewhere else. What is needed of r is copied. Its port is not looked at.
 */
void agree_add(struct agree *a, const struct addr *address, const struct result *r);

/*
 * Adds the verdict to *sentence, to be shown behind the target:
 *
 *     all 4 addresses agree
 *     3 of 4 addresses agree; 192.0.2.7 lacks Strict-Transport-Security
 *
 * Two answers agree if they have the same status, and the same fields as far as these count: names without regard to
 * case and in any order, the values of one name in their order. The largest group of addresses that agree is the norm;
 * of equally large ones, that with the lowest address. Of the others it is told how they differ from it, those that do
 * so in the same way together, in the order of their addresses: so the order in which answers come, or in which DNS
 * gives addresses, does not change the sentence. Its length is bounded; no control byte is in it.
 *
 * An address that failed does not agree, although its own result tells the failure as well. True: all answered, and
 * agree. Without any address it is true, and the sentence empty.
 */
bool agree_verdict(struct agree *a, struct buf *sentence);

void agree_free(struct agree *a);

#endif
