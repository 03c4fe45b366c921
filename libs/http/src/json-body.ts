import { requestError } from './http.errors';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Parses a JSON body from its bytes.
 * @throws AppError request.malformed_utf8 or request.malformed_json (also for a `__proto__` key).
 */
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (cause) {
    throw requestError('request.malformed_utf8', { cause });
  }
  try {
    return JSON.parse(text, refusePrototype);
  } catch (cause) {
    throw requestError('request.malformed_json', { cause });
  }
}

function refusePrototype(key: string, value: unknown): unknown {
  if (key === '__proto__') throw new SyntaxError('a key is not allowed');
  return value;
}
