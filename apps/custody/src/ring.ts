import { randomUUID } from 'node:crypto';
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { KeyRing, sha256 } from '@countersign/crypto';
import { combine, split } from 'shamir-secret-sharing';

/** A share of the key ring, as its file has it. */
interface Share {
  /** Random: shares of different splits do not fit. */
  readonly split: string;
  /** From 1 on. */
  readonly number: number;
  /** How many shares give the ring. */
  readonly threshold: number;
  /** Of the file of the ring, in hex. */
  readonly ringSha256: string;
  /** Base64. */
  readonly share: string;
}

const OPTIONS = {
  shares: { type: 'string', default: '3' },
  threshold: { type: 'string', default: '2' },
  ring: { type: 'string', default: '' },
  out: { type: 'string', default: '' },
} as const;
const NEW_FILE = { flag: 'wx', mode: 0o600 };

/** Writes the shares of a ring, each into a folder of its own. @returns the ring's SHA-256 @throws Error in a sentence */
export async function splitRing(args: string[]): Promise<string> {
  const { values, positionals: paths } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const ring = readFileSync(values.ring);
  KeyRing.parse(ring.toString('utf8'));
  const folders = new Set(paths.map((path) => realpathSync(dirname(path))));
  if (paths.length !== Number(values.shares) || folders.size < paths.length)
    throw new Error('name a new file for each share, each in a folder of its own');
  const threshold = Number(values.threshold);
  const shares = await split(new Uint8Array(ring), paths.length, threshold);
  const ringSha256 = sha256(ring).toString('hex');
  const common = { split: randomUUID(), threshold, ringSha256 };
  for (const [at, path] of paths.entries()) {
    const share: Share = {
      ...common,
      number: at + 1,
      share: Buffer.from(shares[at] ?? []).toString('base64'),
    };
    writeFileSync(path, `${JSON.stringify(share)}\n`, NEW_FILE);
  }
  return ringSha256;
}

/** Writes the ring of some shares into a new file. @throws Error in a sentence */
export async function joinRing(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const shares = positionals.map((path) => JSON.parse(readFileSync(path, 'utf8')) as Share);
  const [first] = shares;
  if (!first || new Set(shares.map(({ number }) => number)).size < first.threshold)
    throw new Error(`name the files of ${first?.threshold ?? 2} different shares`);
  if (shares.some((share) => share.split !== first.split || share.ringSha256 !== first.ringSha256))
    throw new Error('the shares are of different splits');
  const ring = await combine(shares.map(({ share }) => new Uint8Array(Buffer.from(share, 'base64'))));
  if (sha256(Buffer.from(ring)).toString('hex') !== first.ringSha256)
    throw new Error('the shares do not give the ring that was split: one of them was changed');
  writeFileSync(values.out, ring, NEW_FILE);
}
