import type { Readable } from 'node:stream';
import { requestError } from '../http.errors';

/**
 * Uses events, because an async iterator costs as much as all other work on the body.
 * @throws Error that of `excess` for more than `maxBytes`; request.malformed if the request ended before its body did
 */
export function bodyOf(request: Readable, maxBytes: number, excess: () => Error): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      reject(requestError('request.malformed'));
    };
    if (request.destroyed) {
      fail();
      return;
    }
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) reject(excess());
      else chunks.push(chunk);
    });
    request.once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    request.once('error', fail);
    request.once('close', () => {
      if (!request.readableEnded) fail();
    });
  });
}
