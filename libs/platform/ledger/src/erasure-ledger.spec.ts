import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Configuration, createLogger, SystemClock } from '@countersign/runtime';
import { extendKeyRing, generateKeyRing, KeyRing, type KeyRingDocument } from '@countersign/crypto';
import { ErasureLedger, type LedgerDraft } from './erasure-ledger';
import type { LedgerEntry } from './ledger-store';

const [OWN, OTHER] = [randomUUID(), randomUUID()];
const FORMER = generateKeyRing();
const EXTENDED = extendKeyRing(FORMER, 'index').document;
const PRESENT = { ...EXTENDED, index: EXTENDED.index.toReversed() };

describe('the ledger of erasures', () => {
  let folder: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'countersign-ledger-'));
    await ledgerOf().prepare();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const path = () => join(folder, 'erasures');
  const ledgerOf = (ring: KeyRingDocument = FORMER): ErasureLedger =>
    new ErasureLedger(
      { erasureLedger: `file://${path()}`, nodeEnv: 'test', patience: 1 } as Configuration,
      KeyRing.parse(JSON.stringify(ring)),
      new SystemClock(),
      createLogger('silent'),
    );
  const append = (ledger: ErasureLedger, last: number, draft: LedgerDraft, of = OWN) =>
    ledger.append(of, { last, taken: new Set() }, [draft]);
  const linesOf = (): LedgerEntry[] =>
    readFileSync(path(), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as LedgerEntry);
  const erasure = { kind: 'erasure', userId: randomUUID() } as const;

  it.each<[string, (entry: LedgerEntry) => object]>([
    ['a number', () => ({ number: 2 })],
    ['a number as a text', ({ number }) => ({ number: String(number) })],
    ['a person', () => ({ userId: randomUUID() })],
    ['a kind', () => ({ kind: 'mark' })],
    ['an instant', () => ({ at: '2026-01-01T00:00:00.000Z' })],
    ['an installation', () => ({ installation: OTHER })],
    ['a MAC that is none', () => ({ macs: null })],
  ])('does not verify an entry with another one: %s', async (_name, changeOf) => {
    await append(ledgerOf(), 0, erasure);
    const [entry] = linesOf();
    writeFileSync(path(), `${JSON.stringify({ ...entry, ...changeOf(entry as LedgerEntry) })}\n`);

    const { verified, unverified } = await ledgerOf().read(OWN, 'whole');

    expect([verified, unverified.length]).toEqual([[], 1]);
  });

  it('numbers no entry by one that does not verify, and takes no number of one', async () => {
    const taken = new Set([1, 3, 2_147_483_647]);

    expect(await ledgerOf().append(OWN, { last: 0, taken }, [erasure, erasure])).toBe(4);

    expect(linesOf().map(({ number }) => number)).toEqual([2, 4]);
  });

  it('counts no MAC of a key that is retired for the installation, and refuses a ring that begins with it', async () => {
    await append(ledgerOf(), 0, erasure);
    const present = ledgerOf(PRESENT);
    await present.signAgain((await present.read(OWN, 0)).verified);
    await append(present, 1, { kind: 'retired', keyId: FORMER.index[0]?.id ?? '' });
    await append(ledgerOf(), 2, { kind: 'erasure', userId: randomUUID() });
    await append(ledgerOf(), 0, erasure, OTHER);

    const { verified, unverified } = await present.read(OWN, 'whole');

    expect(verified.map(({ installation, number }) => [installation, number])).toEqual([
      [OWN, 1],
      [OWN, 2],
      [OTHER, 1],
    ]);
    expect(unverified.map(({ number }) => number)).toEqual([3]);
    await expect(ledgerOf().read(OWN, 0)).rejects.toThrow(
      `The index key ${FORMER.index[0]?.id}, the first one in the key ring, is retired`,
    );
    expect((await ledgerOf().read(OTHER, 0)).verified).toHaveLength(1);
  });

  it('retires no key by an entry that this key has not signed', async () => {
    const [key] = PRESENT.index;
    await append(ledgerOf(), 0, { kind: 'retired', keyId: key?.id ?? '' });

    expect((await ledgerOf(PRESENT).read(OWN, 0)).verified).toHaveLength(1);
  });
});
