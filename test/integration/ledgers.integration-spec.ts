import { appendFile, stat } from 'node:fs/promises';
import { FileLedger, PostgresLedger, type ErasureLedger, type LedgerEntry } from '@countersign/ledger';
import { patience } from '../runner/patience.cjs';
import { aFileLedger, aPostgresLedger } from '../support/ledger-cases';
import { useFixture } from '../support/use-fixture';
import { useTcpProxy } from '../support/use-test-app';

const [ONE, ANOTHER] = ['0199a3c6-7f2d-74c1-b1a5-000000000001', '0199a3c6-7f2d-74c1-b1a5-000000000002'];
const LINEAGE = '0199a3c6-7f2d-74c1-b1a5-00000000000a';
const [T1, T2, T3] = [1, 2, 3].map((second) => new Date(Date.UTC(2026, 0, 1, 0, 0, second))) as [
  Date,
  Date,
  Date,
];

async function entriesOf(ledger: ErasureLedger): Promise<readonly LedgerEntry[]> {
  const entries: LedgerEntry[] = [];
  for await (const batch of ledger.entries()) entries.push(...batch);
  return entries.toSorted((one, other) => (one.userId < other.userId ? -1 : 1));
}

describe.each([
  ['a file', aFileLedger],
  ['a PostgreSQL', aPostgresLedger],
])('a ledger in %s', (_title, make) => {
  const place = useFixture(make, { per: 'test', close: (one) => one.drop() });
  let ledger: ErasureLedger;

  beforeEach(() => {
    ledger = place.open();
  });
  afterEach(() => ledger.close());

  it('is empty at first', async () => {
    expect(await ledger.readMark()).toBeNull();
    expect(await entriesOf(ledger)).toEqual([]);
  });

  it('keeps the highest mark of an installation, and that of another one as it is', async () => {
    await ledger.writeMark({ lineage: LINEAGE, mark: 7 });
    await ledger.writeMark({ lineage: LINEAGE, mark: 5 });
    expect(await ledger.readMark()).toEqual({ lineage: LINEAGE, mark: 7 });

    await ledger.writeMark({ lineage: ONE, mark: 2 });
    expect(await ledger.readMark()).toEqual({ lineage: ONE, mark: 2 });
  });

  it('keeps the first instants of an erasure, however often it is repeated', async () => {
    await ledger.intend([ONE, ANOTHER], T1);
    await ledger.finish([ONE], T2);
    await ledger.intend([ONE, ANOTHER], T3);
    await ledger.finish([ONE], T3);

    expect(await entriesOf(ledger)).toEqual([
      { userId: ONE, intendedAt: T1, doneAt: T2 },
      { userId: ANOTHER, intendedAt: T1, doneAt: null },
    ]);
  });

  it('answers thousands of entries, each once', async () => {
    const ids = Array.from(
      { length: 2_001 },
      (_, index) => `0199a3c6-7f2d-74c1-b1a5-${String(index).padStart(12, '0')}`,
    );
    await ledger.intend(ids, T1);

    expect((await entriesOf(ledger)).map(({ userId }) => userId)).toEqual(ids);
  });
});

describe('a ledger in a PostgreSQL', () => {
  const place = useFixture(aPostgresLedger, { close: (one) => one.drop() });
  const line = useTcpProxy(() => place.url);
  const ledger = useFixture(() => new PostgresLedger(line.url, patience), { close: (one) => one.close() });

  it('is used as soon as it can be reached, though it was away at first', async () => {
    await line.cut();
    await expect(ledger.readMark()).rejects.toMatchObject({ code: 'ECONNREFUSED' });

    await line.restore();
    expect(await ledger.readMark()).toBeNull();
  });
});

describe('a ledger in a file', () => {
  const place = useFixture(aFileLedger, { per: 'test', close: (one) => one.drop() });
  const path = (): string => place.url.slice('file:'.length);

  it('loses no line after one that a crash cut off', async () => {
    const ledger = new FileLedger(path());
    await ledger.intend([ONE], T1);
    await appendFile(path(), '{"type":"finish","userIds":["01');
    await ledger.intend([ANOTHER], T2);

    expect(await entriesOf(ledger)).toEqual([
      { userId: ONE, intendedAt: T1, doneAt: null },
      { userId: ANOTHER, intendedAt: T2, doneAt: null },
    ]);
  });

  it('is for its owner alone', async () => {
    await new FileLedger(path()).writeMark({ lineage: LINEAGE, mark: 1 });

    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });
});
