/**
 * Zeroed memory for a secret, outside V8's heap. `Buffer.alloc` would put up to 64 bytes into the heap, where the
 * collector copies them, and `Buffer.from` into a pool that other values share: `wipe` would miss those copies.
 */
export function secretBytes(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length));
}

export function wipe(...secrets: readonly Buffer[]): void {
  for (const secret of secrets) secret.fill(0);
}

/** What `work` returns for a secret, which is overwritten with zeros afterwards. */
export function wiping<T>(secret: Buffer, work: (secret: Buffer) => T): T {
  try {
    return work(secret);
  } finally {
    wipe(secret);
  }
}
