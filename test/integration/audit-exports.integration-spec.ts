import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditSeals } from '@countersign/audit';
import { Database } from '@countersign/database';
import { EventSubscriptions } from '@countersign/events';
import { aPerson, times } from '../factories';
import { sealAll } from '../support/audit-seals';
import { Countersign, useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';

const DAY = 86_400;

interface Verdict {
  readonly isSound: boolean;
  readonly records: number;
  readonly outside: number;
  readonly problems: readonly { readonly code: string; readonly recordId: string | null }[];
}

describe('an export of the audit trail', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const demo = useApplication(app);
  /** Without the database and the keys of the application. */
  const offline = new Countersign({
    database: {
      url: 'postgresql://nowhere.invalid',
      directUrl: 'postgresql://nowhere.invalid',
    },
    keys: 'none',
  });
  const files = useFixture(
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'countersign-audit-'));
      await Promise.all(times(4, () => app.signIn(demo, aPerson())));
      await sealAll(app);
      await sealAll(app);
      app.clock.advance(DAY);
      await app.signIn(demo, aPerson());
      await sealAll(app);
      const [{ before }] = (await app.database.query<{ before: Date }>(
        `SELECT max(occurred_at) + interval '1 millisecond' AS before FROM audit_records
         WHERE occurred_at < (SELECT max(last_at) + interval '1 millisecond' FROM audit_blocks)`,
      )) as [{ before: Date }];
      const { output } = await countersign.run(`audit export --proofs --before ${before.toISOString()}`);
      const key = join(folder, 'key.pem');
      await writeFile(key, (await countersign.run('audit public-key')).output);
      return { folder, key, lines: output.trim().split('\n'), before };
    },
    { close: ({ folder }) => rm(folder, { recursive: true }) },
  );

  async function verify(
    lines: readonly string[],
    more = '',
  ): Promise<Verdict & { readonly exitCode: number }> {
    const file = join(files.folder, 'export.ndjson');
    await writeFile(file, lines.map((line) => `${line}\n`).join(''));
    const { output, exitCode } = await offline.run(
      `audit verify --from-file ${file} --public-key ${files.key} ${more} --json`,
    );
    return { ...(JSON.parse(output) as Verdict), exitCode };
  }
  const codesOf = async (lines: readonly string[], more = ''): Promise<readonly string[]> =>
    (await verify(lines, more)).problems.map(({ code }) => code);
  const isRecord = (line: string): boolean => line.includes('"action"');
  const indexOf = (wanted: string): number => files.lines.findIndex((line) => line.includes(wanted));
  const indexOfRecord = (): number => files.lines.findIndex(isRecord);
  const replaced = (index: number, change: (line: string) => string): readonly string[] =>
    files.lines.with(index, change(files.lines[index] ?? ''));

  it('verifies by the public key alone, without database and key ring', async () => {
    const verdict = await verify(files.lines);

    expect(verdict.problems).toEqual([]);
    expect(verdict).toMatchObject({ isSound: true, exitCode: 0 });
    expect(verdict.records).toBeGreaterThan(4);
  });

  it.each<[string, () => readonly string[], string]>([
    [
      'a record is changed',
      () => replaced(indexOfRecord(), (line) => line.replace(/"actor":"[^"]+"/, '"actor":"system "')),
      'record_changed',
    ],
    ['a record is left out', () => files.lines.toSpliced(indexOfRecord(), 1), 'record_missing'],
    [
      'a record is there twice',
      () => files.lines.toSpliced(indexOfRecord(), 0, files.lines[indexOfRecord()] ?? ''),
      'record_repeated',
    ],
    [
      'a code is exchanged',
      () => replaced(indexOfRecord(), (line) => line.replace(/"mac":"./, '"mac":"_')),
      'record_changed',
    ],
    [
      'a block is changed',
      () => replaced(indexOf('"block"'), (line) => line.replace(/"count":(\d+)/, '"count":9$1')),
      'signature_wrong',
    ],
    ['a block is left out', () => files.lines.toSpliced(indexOf('"block"'), 1), 'block_missing'],
    [
      'a block is none',
      () => replaced(indexOf('"block"'), () => '{"block":{"number":1}}'),
      'block_unreadable',
    ],
    ['a list is left out', () => files.lines.toSpliced(indexOf('"leaves"'), 1), 'leaves_missing'],
    [
      'a list is another',
      () => replaced(indexOf('"leaves"'), (line) => line.replace(/"leaves":"....../, '"leaves":"AAAAAA')),
      'record_missing',
    ],
    ['its end is cut', () => files.lines.slice(0, -1), 'file_cut'],
    ['a line is no JSON', () => files.lines.toSpliced(indexOfRecord(), 0, 'x'), 'line_unreadable'],
  ])('does not verify when %s', async (_title, lines, code) => {
    const { problems, exitCode } = await verify(lines());

    expect(exitCode).toBe(3);
    expect(problems.map((problem) => problem.code)).toContain(code);
  });

  it('names a record that was inserted', async () => {
    const id = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
    const inserted = (files.lines[indexOfRecord()] ?? '').replace(/"id":"[^"]+"/, `"id":"${id}"`);
    // Of records that are younger than sealing takes, none can be told.
    const later = new Date(app.clock.now().getTime() + 2 * DAY * 1_000).toISOString();
    const lines = replaced(0, (line) => line.replace(/"exportedAt":"[^"]+"/, `"exportedAt":"${later}"`));
    const { problems } = await verify(lines.toSpliced(indexOfRecord() + 1, 0, inserted));

    expect(problems).toEqual([expect.objectContaining({ code: 'record_unsealed', recordId: id })]);
  });

  const ALIEN = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';
  const forged = (more: object): string =>
    JSON.stringify({
      ...(JSON.parse(files.lines[indexOfRecord()] ?? '') as object),
      id: ALIEN,
      actor: 'forged',
      mac: null,
      macKeyId: null,
      ...more,
    });
  const withHead = (change: object, lines: readonly string[] = files.lines): readonly string[] => {
    const { export: head } = JSON.parse(lines[0] ?? '') as { readonly export: object };
    return lines.with(0, JSON.stringify({ export: { ...head, ...change } }));
  };
  const inserted = (line: string): readonly string[] => files.lines.toSpliced(indexOfRecord() + 1, 0, line);

  it.each<[string, () => readonly string[], string]>([
    ['a record passes for a second end', () => inserted(forged({ end: {} })), 'line_unreadable'],
    ['a record passes for a second head', () => inserted(forged({ export: {} })), 'line_unreadable'],
    ['a record passes for a list', () => inserted(forged({ leaves: '', of: 99_999 })), 'line_unreadable'],
    ['a second head follows', () => files.lines.toSpliced(1, 0, files.lines[0] ?? ''), 'line_unreadable'],
    [
      'a list is there twice',
      () => files.lines.toSpliced(indexOf('"leaves"'), 0, files.lines[indexOf('"leaves"')] ?? ''),
      'line_unreadable',
    ],
    ['a list has no block', () => inserted(JSON.stringify({ leaves: '', of: 99_999 })), 'line_unreadable'],
    ['something follows its end', () => [...files.lines, forged({})], 'line_unreadable'],
    [
      'a block follows its records',
      () => [...files.lines.toSpliced(1, 1), files.lines[1] ?? ''],
      'line_unreadable',
    ],
    [
      'it claims to be made before its time ends, so that an insertion would be young',
      () => withHead({ exportedAt: '1970-01-01T00:00:00.000Z' }, inserted(forged({}))),
      'line_unreadable',
    ],
    [
      'it has records of a time that it does not cover',
      () => withHead({ exportedAt: '1971-01-01T00:00:00.000Z', before: '1971-01-01T00:00:00.000Z' }),
      'line_unreadable',
    ],
    ['its head has no instant', () => withHead({ exportedAt: 'x' }, inserted(forged({}))), 'line_unreadable'],
    ['its head has no time of retention', () => withHead({ retentionDays: null }), 'line_unreadable'],
    ['its head begins at no instant', () => withHead({ from: 'x' }), 'line_unreadable'],
    ['its head is none', () => files.lines.with(0, '{"export":null}'), 'line_unreadable'],
    ['its head is missing', () => files.lines.slice(1), 'line_unreadable'],
    [
      'its counts are wrong',
      () => files.lines.with(-1, JSON.stringify({ end: { records: 1, blocks: 1 } })),
      'file_cut',
    ],
  ])('does not verify when %s', async (_title, lines, code) => {
    const { problems, exitCode } = await verify(lines());

    expect(exitCode).toBe(3);
    expect(problems.map((problem) => problem.code)).toContain(code);
  });

  it('says how long the exporting service kept records: blocks before that need none', async () => {
    const verdict = await verify(files.lines);

    expect(verdict).toMatchObject({ covers: { retentionDays: 400 } });
  });

  it('does not verify with another key, nor with none', async () => {
    const other = join(files.folder, 'other.pem');
    const { generateKeyPairSync } = await import('node:crypto');
    const { publicKey } = generateKeyPairSync('ed25519', {
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    await writeFile(other, publicKey);
    expect(await codesOf(files.lines, `--public-key ${other}`)).toEqual(['key_not_introduced']);

    const file = join(files.folder, 'export.ndjson');
    expect(await offline.failure(`audit verify --from-file ${file}`)).toMatch(/--public-key is missing/);
    expect(await offline.failure(`audit verify --from-file ${file} --public-key ${file}`)).toMatch(/PEM/);
    expect(await offline.failure(`audit verify --from-file ${file}x --public-key ${files.key}`)).not.toBe('');
  });

  it('is compared with anchors from standard output', async () => {
    const anchors = join(files.folder, 'anchors.log');
    const announced = app.logLines.filter((line) => line.includes('"auditBlock"'));
    expect(announced.length).toBeGreaterThan(1);
    await writeFile(anchors, announced.join('\n'));
    expect(await codesOf(files.lines, `--anchors ${anchors}`)).toEqual([]);

    const last = files.lines.findLastIndex((line) => line.startsWith('{"block"'));
    expect(await codesOf(files.lines.toSpliced(last, 1), `--anchors ${anchors}`)).toContain('anchor_missing');
    await writeFile(anchors, 'nothing');
    expect(
      await offline.failure(
        `audit verify --from-file ${anchors} --public-key ${files.key} --anchors ${anchors}`,
      ),
    ).toMatch(/--anchors/);
  });

  it('of a part verifies, with what lies outside counted', async () => {
    const [first] = files.lines.filter(isRecord).map((line) => JSON.parse(line) as { occurredAt: string });
    const from = new Date(new Date(first?.occurredAt ?? 0).getTime() + 1).toISOString();
    const { output } = await countersign.run(
      `audit export --proofs --from ${from} --before ${files.before.toISOString()}`,
    );
    const verdict = await verify(output.trim().split('\n'));

    expect(verdict.problems).toEqual([]);
    expect(verdict.outside).toBeGreaterThan(0);
  });

  it('verifies with an earlier key when a later one was introduced', async () => {
    await app.nest.get(AuditSeals).rotateKey(false);
    await app.signIn(demo, aPerson());
    await sealAll(app);
    const end = new Date(app.clock.now().getTime() + 1).toISOString();
    const { output } = await countersign.run(`audit export --proofs --before ${end}`);
    const lines = output.trim().split('\n');

    expect(await codesOf(lines)).toEqual([]);
  });

  it('is compared with anchors from the bodies of webhooks', async () => {
    const subscription = {
      subscriberId: randomUUID(),
      types: ['audit.sealed'] as const,
      applicationIds: null,
    };
    const database = app.nest.get(Database);
    await database.transaction((tx) => app.nest.get(EventSubscriptions).set(tx, subscription));
    await app.catchUp();
    await app.signIn(demo, aPerson());
    await sealAll(app);
    const told = await app.database.query<{ data: object }>(
      `SELECT data FROM events WHERE type = 'audit.sealed' ORDER BY sequence`,
    );
    const anchors = join(files.folder, 'bodies.ndjson');
    await writeFile(
      anchors,
      told.map(({ data }) => JSON.stringify({ type: 'audit.sealed', data })).join('\n'),
    );
    const { output } = await countersign.run('audit export --proofs');
    const lines = output.trim().split('\n');

    expect(told.length).toBeGreaterThan(0);
    expect(await codesOf(lines, `--anchors ${anchors}`)).toEqual([]);
    const last = lines.findLastIndex((line) => line.startsWith('{"block"'));
    expect(await codesOf(lines.toSpliced(last, 1), `--anchors ${anchors}`)).toContain('anchor_missing');
  });
});
