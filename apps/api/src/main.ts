import { setFlagsFromString } from 'node:v8';
import { describeFailure } from './describe-failure';
import { startApi } from './bootstrap';

const signals = ['SIGINT', 'SIGTERM'] as const;

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

async function main(): Promise<void> {
  for (const flag of V8_FLAGS) setFlagsFromString(flag);
  const starting = startApi();
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    starting
      .then((api) => api.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  for (const signal of signals) process.on(signal, stop);
  await starting;
}

main().catch((error: unknown) => {
  process.stderr.write(`${describeFailure(error)}\n`);
  process.exit(1);
});
