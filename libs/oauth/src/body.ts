import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import {
  assertPlainUtf8,
  decodeBody,
  MAX_BODY_BYTES,
  parseForm,
  requestError,
  type Form,
} from '@countersign/http';

const FORM = 'application/x-www-form-urlencoded';

/**
 * The form in the body of a request, empty where there is no body: as a route reads it, without Fastify.
 * @throws AppError request.*
 */
export async function readForm(request: IncomingMessage): Promise<Form> {
  const { headers } = request;
  const type = headers['content-type'];
  if (type === undefined) {
    if (!isEmpty(headers)) await bodyOf(request, 0, () => requestError('request.unsupported_media_type'));
    return new Map();
  }
  if (type !== FORM && type.split(';', 1)[0]?.trim().toLowerCase() !== FORM)
    throw requestError('request.unsupported_media_type');
  // Made only when it is thrown: the stack of an error costs a third of an introspection.
  const tooLarge = (): Error => requestError('request.too_large');
  if (Number(headers['content-length']) > MAX_BODY_BYTES) throw tooLarge();
  const bytes = await bodyOf(request, MAX_BODY_BYTES, tooLarge);
  assertPlainUtf8(headers);
  return parseForm(decodeBody(bytes));
}

function isEmpty(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
}

/**
 * All bytes of a request. By events: an async iterator of the stream costs as much as all the work on the
 * body.
 * @throws Error that of `excess` when there are more than `maxBytes`; request.malformed when the request ends
 * before its body does, also when that was before the call
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
