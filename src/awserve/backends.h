/* awserve/backends.h: answers that depend on the address that was asked: one backend of a name differs. */
#ifndef AWSERVE_BACKENDS_H
#define AWSERVE_BACKENDS_H

#include "http/server.h"

/* X-Backend says which one it is; Strict-Transport-Security comes from all but the {n}th. */
server_handler backends_lacks;

/* The same, but all send that field, and the {n}th has the status {code}. */
server_handler backends_differs;

#endif
