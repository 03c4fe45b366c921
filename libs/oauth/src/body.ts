import type { Readable } from 'node:stream';

/**
 * All bytes of a request. Read by events: an iterator of the stream costs as much as all that is done with the body.
 * @throws Error when the request ends before its body does, also when that was before it was asked for
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
