import { Readable } from 'node:stream';
import { readPublicKeys, verifyExport, type ExportVerdict } from '@countersign/audit';
import { aPerson } from '../factories';
import { sealAll } from '../support/audit-seals';
import { FakeClock } from '../support/fake-clock';
import { useCountersign } from '../support/run-countersign';
import { useApplication, useTestApp } from '../support/use-test-app';

const SECONDS = 10;
const YESTERDAY_AT_NOON = new Date(new Date().setUTCHours(-12, 0, 0, 0));

describe('an export of a time shorter than a block', () => {
  const app = useTestApp({ clock: new FakeClock(YESTERDAY_AT_NOON) });
  const countersign = useCountersign(app);
  const demo = useApplication(app);

  /** The lines of an export, and how many records the block has that begins before it and ends after it. */
  async function exportWithin(isEmpty: boolean): Promise<{ lines: readonly string[]; sealed: number }> {
    await sealAll(app);
    app.clock.advance(SECONDS);
    await app.signIn(demo, aPerson());
    app.clock.advance(SECONDS);
    const from = app.clock.now().toISOString();
    if (!isEmpty) await app.signIn(demo, aPerson());
    app.clock.advance(SECONDS);
    const before = app.clock.now().toISOString();
    await app.signIn(demo, aPerson());
    await sealAll(app);
    const [block] = await app.database.query<{ sealed: number }>(
      'SELECT record_count AS sealed FROM audit_blocks WHERE first_at < $1 AND last_at >= $2',
      [from, before],
    );
    const { output } = await countersign.run(`audit export --proofs --from ${from} --before ${before}`);
    return { lines: output.trim().split('\n'), sealed: block?.sealed ?? 0 };
  }

  async function verify(lines: readonly string[]): Promise<ExportVerdict> {
    const { output } = await countersign.run('audit public-key');
    return verifyExport(Readable.from(lines), readPublicKeys(output), new Map());
  }
  const isList = (line: string): boolean => line.startsWith('{"leaves"');

  it('verifies without a record of the block, all of which lie outside', async () => {
    const { lines, sealed } = await exportWithin(true);
    const verdict = await verify(lines);

    expect(sealed).toBeGreaterThan(1);
    expect(lines.filter(isList)).toEqual([]);
    expect(verdict).toMatchObject({ isSound: true, problems: [], records: 0 });
    expect(verdict.outside).toBeGreaterThanOrEqual(sealed);
  });

  it('needs the list of the block where it has records of the day', async () => {
    const { lines, sealed } = await exportWithin(false);

    expect(sealed).toBeGreaterThan(2);
    expect(await verify(lines)).toMatchObject({ isSound: true, problems: [], records: 1 });
    const { problems } = await verify(lines.filter((line) => !isList(line)));
    expect(problems.map(({ code }) => code)).toContain('leaves_missing');
  });
});
