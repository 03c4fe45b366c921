import type { FastifyInstance } from 'fastify';
import { assertWellFormed, requestError } from '@countersign/http';

const MALFORMED = '/malformed-url';

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;

/** Replaces a malformed URL by one that `refuseMalformed` knows, since the router would answer it before any hook. */
export function routableUrl(url: string): string {
  return isWellFormed(url.split('?', 1)[0] ?? '') ? url : MALFORMED;
}

/** Refuses repeated credentials, and requests that node:http or the router would answer without problem details. */
export function refuseMalformed(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', ({ url, raw }, _reply, done) => {
    if (url === MALFORMED) throw requestError('request.malformed_url');
    assertWellFormed(raw);
    done();
  });
}

function isWellFormed(path: string): boolean {
  if (!path.includes('%')) return true;
  try {
    return !CONTROL_CHARACTER.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}
