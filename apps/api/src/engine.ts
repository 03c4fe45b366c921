import { setFlagsFromString } from 'node:v8';

// Sets V8 flags on import, so it must be imported before anything else. See ADR 0003.

/**
 * How far the heap may grow beyond its live size before a collection. V8's default, several times as much,
 * suits programs whose garbage is most of their memory; here most of it are the caches.
 */
const HEAP_GROWTH_PERCENT = 40;

/**
 * V8 allocates in the old generation what it has often seen survive: here parts of requests that wait for the
 * database. Everything they reference is then promoted too, and a fifth of the CPU time of sign-ins goes into
 * collecting it.
 */
const V8_FLAGS = [`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`, '--no-allocation-site-pretenuring'];

for (const flag of V8_FLAGS) setFlagsFromString(flag);
