import { randomUUID } from 'node:crypto';
import { readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { KeyRing, sha256 } from '@countersign/crypto';
import { combine, split } from 'shamir-secret-sharing';

/** The file of a share. `split` is a random id, `number` begins with 1, `ringSha256` is hex, `share` is base64. */
type Share = Readonly<
  Record<'split' | 'ringSha256' | 'share', string> & Record<'number' | 'threshold', number>
>;

const OPTIONS = {
  shares: { type: 'string', default: '3' },
  threshold: { type: 'string', default: '2' },
  ring: { type: 'string', default: '' },
  out: { type: 'string', default: '' },
} as const;
const NEW_FILE = { flag: 'wx', mode: 0o600 };

/** Writes each share of a ring into its own folder. @returns the SHA-256 of the ring in hex */
export async function splitRing(args: string[]): Promise<string> {
  const { values, positionals: paths } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const ring = readFileSync(values.ring);
  KeyRing.parse(ring.toString('utf8'));
  const folders = new Set(paths.map((path) => realpathSync(dirname(path))));
  if (paths.length !== Number(values.shares) || folders.size < paths.length)
    throw new Error('name a new file for each share, each in a folder of its own');
  const [threshold, ringSha256] = [Number(values.threshold), sha256(ring).toString('hex')];
  const shares = await split(new Uint8Array(ring), paths.length, threshold);
  const common = { split: randomUUID(), threshold, ringSha256 };
  for (const [at, path] of paths.entries()) {
    const share = Buffer.from(shares[at] ?? []).toString('base64');
    writeFileSync(path, JSON.stringify({ ...common, number: at + 1, share } satisfies Share), NEW_FILE);
  }
  return ringSha256;
}

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
