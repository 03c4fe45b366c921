import { createRequire } from 'node:module';

const crypto = createRequire(import.meta.url)('node:crypto');

const POOL = 64 * 1024;

/**
 * Lets the product's parts in this thread take their random bytes from a pool that is filled at once: asking the system for
 * a dozen at a time is a third of what a million people cost. They are as random.
 */
export function poolRandomBytes() {
  const { randomFillSync } = crypto;
  let [pool, used] = [Buffer.alloc(0), 0];
  crypto.randomBytes = (size) => {
    if (used + size > pool.length)
      [pool, used] = [randomFillSync(Buffer.allocUnsafeSlow(Math.max(POOL, size))), 0];
    const bytes = pool.subarray(used, used + size);
    used += size;
    return bytes;
  };
}
