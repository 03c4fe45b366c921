import { executionAsyncResource } from 'node:async_hooks';
import { setFlagsFromString } from 'node:v8';

// Tells V8 what this service needs of it, when it is imported, which has to come before anything else. See ADR 0023.

/**
 * How far the heap may grow beyond what is alive before it is collected. V8's own choice, several times as much, is for
 * programs whose heap is most of their memory; here what is kept for long lies outside of it.
 */
const HEAP_GROWTH_PERCENT = 40;

/**
 * V8 allocates among the old what it has often seen to survive: here the pieces of requests that wait for the database. All
 * that they point to then grows old as well, each request whole, and a fifth of what a sign-in computes is collecting it.
 */
const V8_FLAGS = [`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`, '--no-allocation-site-pretenuring'];

/** Never collected, since the module is not. */
export const kept: object[] = [];

for (const flag of V8_FLAGS) setFlagsFromString(flag);

// When a collection finds none of Node's tick objects, V8 forgets their shape, and `process.nextTick` costs several times as
// much for the rest of the process: up to a tenth of every request. So one is kept.
process.nextTick(() => kept.push(executionAsyncResource()));
