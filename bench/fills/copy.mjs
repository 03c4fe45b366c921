/**
 * Sends rows by COPY, in the text format (https://www.postgresql.org/docs/current/sql-copy.html). `target`: the table
 * with its columns in parentheses; `lines`: of `copyLine`.
 */
export function copyInto(client, target, lines) {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(`COPY ${target} FROM STDIN`, lines.join(''), resolve, reject));
  });
}

/** Inserts objects by COPY, by the names of their columns. */
export async function copyRows(client, table, rows) {
  const batch = 2_000;
  const target = `${table} (${Object.keys(rows[0] ?? {}).join(', ')})`;
  for (let from = 0; from < rows.length; from += batch)
    await copyInto(
      client,
      target,
      rows.slice(from, from + batch).map((row) => copyLine(Object.values(row))),
    );
}

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

const ESCAPES = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (text) => text.replaceAll(/[\\\t\n\r]/g, (character) => ESCAPES[character]);

/** What a client of `pg` can be given instead of a query. */
class CopyIn {
  #text;
  #data;
  #resolve;
  #reject;

  constructor(text, data, resolve, reject) {
    [this.#text, this.#data, this.#resolve, this.#reject] = [text, data, resolve, reject];
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
