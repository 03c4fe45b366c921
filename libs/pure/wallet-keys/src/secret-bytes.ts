/**
 * Zeroed memory for a secret, outside V8's heap. `wipe` would miss copies: the collector copies `Buffer.alloc` memory
 * of up to 64 bytes, and `Buffer.from` uses a pool that other values share.
 */
export function secretBytes(length: number): Buffer {
  return Buffer.from(new ArrayBuffer(length));
}

export function wipe(...secrets: readonly Buffer[]): void {
  for (const secret of secrets) secret.fill(0);
}

export function wiping<T>(secret: Buffer, work: (secret: Buffer) => T): T {
  try {
    return work(secret);
  } finally {
    wipe(secret);
  }
}
