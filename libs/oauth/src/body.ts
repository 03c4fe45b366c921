import type { Readable } from 'node:stream';

/**
 * All bytes of a request. By events: an async iterator of the stream costs as much as all the work on the
 * body.
 * @throws Error when the request ends before its body does, also when that was before the call
 */
export function bodyOf(request: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      reject(new Error('the request was not finished'));
    };
    if (request.destroyed) {
      fail();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    request.once('error', reject);
    request.once('close', () => {
      if (!request.readableEnded) fail();
    });
  });
}
