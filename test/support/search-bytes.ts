import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

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
  return [...canaries]
    .filter(([, forms]) => forms.some((form) => haystack.includes(form)))
    .map(([name]) => name);
}

/** Without folders that go meanwhile: databases of other tests do. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
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
