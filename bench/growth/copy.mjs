/**
 * Sends rows by COPY, in the text format (https://www.postgresql.org/docs/current/sql-copy.html).
 *
 * @param {import('pg').Client} client
 * @param {string} target the table with its columns in parentheses
 * @param {string[]} lines of `copyLine`
 * @returns {Promise<void>}
 */
export function copyInto(client, target, lines) {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(`COPY ${target} FROM STDIN`, lines.join(''), resolve, reject));
  });
}

/** @param {unknown[]} values */
export function copyLine(values) {
  return `${values.map(field).join('\t')}\n`;
}

function field(value) {
  if (value === null || value === undefined) return '\\N';
  if (Buffer.isBuffer(value)) return `\\\\x${value.toString('hex')}`;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map((item) => escaped(String(item))).join(',')}}`;
  return escaped(String(value));
}

function escaped(text) {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}

/** What a client of `pg` can be given in place of a query. */
class CopyIn {
  #text;
  #data;
  #resolve;
  #reject;

  constructor(text, data, resolve, reject) {
    this.#text = text;
    this.#data = data;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection) {
    connection.query(this.#text);
  }

  handleCopyInResponse(connection) {
    connection.sendCopyFromChunk(Buffer.from(this.#data));
    connection.endCopyFrom();
  }

  handleCommandComplete() {
    // `handleReadyForQuery` follows.
  }

  handleReadyForQuery() {
    this.#resolve();
  }

  handleError(error) {
    this.#reject(error);
  }
}
