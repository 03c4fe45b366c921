import { isIP } from 'node:net';

const INSIDE_V4 =
  /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
const INSIDE_NAME = /^(?:localhost|[a-z0-9-]+|.*\.(?:internal|local|svc|localhost))$/i;

const URL_FORM =
  'must be an https:// URL without a fragment, or http:// inside of the network; a % of a password is written %25';

/**
 * Reads the URL of a node; null for one that is not accepted. It may be inside of the network, since only the operator
 * names it; `http:` is accepted there only.
 */
function readRpcUrl(text: string): URL | null {
  if (text.length > 2_048 || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.hash !== '' || url.hostname === '' || !isDecodable(url)) return null;
  if (url.protocol === 'https:') return url;
  return url.protocol === 'http:' && isInside(url.hostname) ? url : null;
}

export function aUrl(value: unknown): URL {
  const url = typeof value === 'string' ? readRpcUrl(value) : null;
  if (url === null) throw new Error(URL_FORM);
  return url;
}

/** Whether the name and the password can be sent as they are meant. */
function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
    return true;
  } catch {
    return false;
  }
}

function isInside(host: string): boolean {
  if (host.startsWith('[')) return /^\[(?:::1|f[cd][0-9a-f:.]+)\]$/i.test(host);
  return isIP(host) === 4 ? INSIDE_V4.test(host) : INSIDE_NAME.test(host);
}
