import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestDatabase } from './test-database';
import { testServer } from './test-server';

/** Every form in which a value could lie around: as it is, hex, base64 at each alignment, percent-encoded, JSON-escaped. */
export function formsOf(value: string | Buffer): readonly Buffer[] {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value, 'utf8');
  const forms = new Set([
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...base64FormsOf(bytes),
  ]);
  if (typeof value === 'string') {
    forms.add(encodeURIComponent(value));
    forms.add(JSON.stringify(value).slice(1, -1));
    forms.add(
      value.replaceAll(
        /[^\x20-\x7e]/g,
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    );
  }
  return [bytes, ...[...forms].map((form) => Buffer.from(form, 'utf8'))];
}

/** The part of the base64 text that does not depend on what stands before and after the value. */
function base64FormsOf(bytes: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const inner = text.slice(Math.ceil((offset * 8) / 6), -1);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Names of the canaries that are found in `haystack`. */
export function findCanaries(
  haystack: Buffer,
  canaries: ReadonlyMap<string, readonly Buffer[]>,
): readonly string[] {
  const found = new Set<string>();
  const indexed: Form[] = [];
  for (const [name, forms] of canaries)
    for (const bytes of forms)
      if (bytes.length >= MIN_INDEXED) indexed.push({ name, bytes });
      else if (haystack.includes(bytes)) found.add(name);
  if (indexed.length > 0) for (const name of search(haystack, indexed)) found.add(name);
  return [...canaries.keys()].filter((name) => found.has(name));
}

interface Form {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Of shorter forms there are a few; one of them would slow down the search for all others. */
const MIN_INDEXED = 4;

/**
 * Wu and Manber, "A fast algorithm for multi-pattern searching" (1994), by pairs of bytes: one pass, however many forms there are.
 * A pass for each of 300 forms took 30 times as long.
 */
function* search(haystack: Buffer, forms: readonly Form[]): Generator<string> {
  const last = Math.min(...forms.map(({ bytes }) => bytes.length), 256) - 1;
  /** How far the search may go on from a pair that ends at `index`. */
  const shifts = new Uint8Array(65_536).fill(last);
  const endingIn = new Map<number, Form[]>();
  for (const form of forms) {
    for (let index = 1; index <= last; index++) {
      const pair = form.bytes.readUInt16BE(index - 1);
      shifts[pair] = Math.min(shifts[pair] ?? 0, last - index);
    }
    const pair = form.bytes.readUInt16BE(last - 1);
    const sharing = endingIn.get(pair);
    if (sharing) sharing.push(form);
    else endingIn.set(pair, [form]);
  }
  let index = last;
  while (index < haystack.length) {
    const pair = ((haystack[index - 1] ?? 0) << 8) | (haystack[index] ?? 0);
    const shift = shifts[pair] ?? 0;
    if (shift > 0) index += shift;
    else {
      const start = index - last;
      for (const { name, bytes } of endingIn.get(pair) ?? [])
        if (haystack[start] === bytes[0] && bytes.equals(haystack.subarray(start, start + bytes.length)))
          yield name;
      index += 1;
    }
  }
}

/** All files of the server and its log, without those of other databases. */
export async function filesOfServer(database: TestDatabase): Promise<readonly string[]> {
  const [own] = await database.query<{ oid: string }>(
    'SELECT oid::text FROM pg_database WHERE datname = current_database()',
  );
  const files = await filesBelow(testServer().folder);
  return files.filter((file) => (/\/base\/(\d+)\//.exec(file)?.[1] ?? own?.oid) === own?.oid);
}

/** Without folders that go meanwhile: databases of other tests do. */
async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = (await unlessGone(readdir(folder, { withFileTypes: true }))) ?? [];
  const files = entries.map(async (entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(files)).flat();
}

/** Null for a file that is gone by now: a running server removes some. */
export async function readIfThere(file: string): Promise<Buffer | null> {
  return unlessGone(readFile(file));
}

async function unlessGone<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
