import { setFlagsFromString } from 'node:v8';

// Sets a V8 flag on import, so it must be imported before anything else. See ADR 0003.

/**
 * V8 allocates in the old generation what it has often seen survive: here parts of requests that wait for the
 * database. Everything they reference is then promoted too, and a fifth of the CPU time of sign-ins goes into
 * collecting it.
 */
setFlagsFromString('--no-allocation-site-pretenuring');
