const HEAD_END = '\r\n\r\n';

/** A request as it goes over the wire. */
export function request(method, path, headers = {}, body = '') {
  const all = {
    host: '127.0.0.1',
    ...headers,
    ...(method === 'GET' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

export function post(path, body, headers = {}) {
  return request('POST', path, { ...headers, 'content-type': 'application/json' }, JSON.stringify(body));
}

export function postForm(path, fields, headers) {
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = Object.entries(fields).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return request('POST', path, { ...headers, ...type }, body.join('&'));
}

export function authorized(method, path, accessToken) {
  return request(method, path, { authorization: `Bearer ${accessToken}` });
}

export function basic(name, password) {
  return {
    authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
  };
}

/** The value of a header, or undefined. @param {string} head @param {string} name in lower case */
export function headerOf(head, name) {
  const start = head.toLowerCase().indexOf(`\r\n${name}:`);
  if (start === -1) return undefined;
  const from = start + name.length + 3;
  const end = head.indexOf('\r\n', from);
  return head.slice(from, end === -1 ? undefined : end).trim();
}

/** @typedef {{ status: number, body: string, head: string }} Answer with the status line and headers as its head */

/** Reads the answer at the beginning of `bytes`. @returns null while it is not complete */
export function readAnswer(bytes) {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd === -1) return null;
  const head = bytes.latin1Slice(0, headEnd);
  const status = Number(head.slice(9, 12));
  const rest = bytes.subarray(headEnd + HEAD_END.length);
  const read = bodyOf(head, status, rest);
  if (!read) return null;
  if (rest.length > read.size) throw new Error('there is more than one answer to one request');
  return { status, body: read.body, head };
}

/** The body, and how many bytes it takes on the wire; null while it is not complete. */
function bodyOf(head, status, bytes) {
  if (status === 204) return { body: '', size: 0 };
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) {
    if (/\r\ntransfer-encoding: *chunked/i.test(head)) return chunksOf(bytes);
    throw new Error('the answer has no length');
  }
  const size = Number(length);
  return bytes.length < size ? null : { body: bytes.utf8Slice(0, size), size };
}

function chunksOf(bytes) {
  const chunks = [];
  for (let start = 0; ;) {
    const lineEnd = bytes.indexOf('\r\n', start);
    if (lineEnd === -1) return null;
    const size = Number.parseInt(bytes.latin1Slice(start, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (bytes.length < end) return null;
    if (size === 0) return { body: Buffer.concat(chunks).toString('utf8'), size: end };
    chunks.push(bytes.subarray(lineEnd + 2, end - 2));
    start = end;
  }
}
