/**
 * @param {string} path
 * @param {object} body
 */
export function post(path, body) {
  const text = JSON.stringify(body);
  return [
    `POST ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(text)}`,
    '',
    text,
  ].join('\r\n');
}

/**
 * @param {'GET' | 'DELETE'} method
 * @param {string} path
 * @param {string} accessToken
 */
export function authorized(method, path, accessToken) {
  return `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${accessToken}\r\n\r\n`;
}

/**
 * Reads the answer at the beginning of `bytes`.
 *
 * @param {Buffer} bytes
 * @returns {{ status: number, body: string } | null} null while it is not complete
 * @throws Error for what this reader does not know: it would wait for ever.
 */
export function readAnswer(bytes) {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return null;
  const head = bytes.latin1Slice(0, headEnd);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error('the answer does not tell its length');
  const bodyStart = headEnd + 4;
  const end = bodyStart + Number(length);
  if (bytes.length < end) return null;
  if (bytes.length > end) throw new Error('there is more than one answer to one request');
  return { status: Number(head.slice(9, 12)), body: bytes.utf8Slice(bodyStart, end) };
}
