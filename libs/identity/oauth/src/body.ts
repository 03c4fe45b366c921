import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import {
  assertPlainUtf8,
  bodyOf,
  decodeBody,
  MAX_BODY_BYTES,
  parseForm,
  requestError,
  type Form,
} from '@countersign/http';

const FORM = 'application/x-www-form-urlencoded';

/**
 * The form in the body of a request, empty where there is no content: as a route reads it, without Fastify.
 * @throws AppError request.*
 */
export async function readForm(request: IncomingMessage): Promise<Form> {
  const { headers } = request;
  if (isEmpty(headers)) return new Map();
  const type = headers['content-type'] ?? '';
  // Made only when it is thrown: the stack of an error costs a third of an introspection.
  if (type !== FORM && type.split(';', 1)[0]?.trim().toLowerCase() !== FORM) {
    await bodyOf(request, 0, () => requestError('request.unsupported_media_type'));
    return new Map();
  }
  const tooLarge = (): Error => requestError('request.too_large');
  if (Number(headers['content-length']) > MAX_BODY_BYTES) throw tooLarge();
  const bytes = await bodyOf(request, MAX_BODY_BYTES, tooLarge);
  if (bytes.length === 0) return new Map();
  assertPlainUtf8(headers);
  return parseForm(decodeBody(bytes));
}

function isEmpty(headers: IncomingHttpHeaders): boolean {
  return headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
}
