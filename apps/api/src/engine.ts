import { setFlagsFromString } from 'node:v8';

// This file sets a V8 flag on import, so it must be imported before anything else. See ADR 0003.

/**
 * V8 allocates an object in the old generation if it has often seen such objects survive. Here these are parts of
 * requests that wait for the database. V8 then promotes everything that they reference, and collecting it takes a fifth
 * of the CPU time of sign-ins.
 */
setFlagsFromString('--no-allocation-site-pretenuring');
