import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importRefusals, ImportsService, readLines, type LineResult } from '@countersign/imports';
import { aPerson, countBy, times, type Person } from '../factories';
import { auditOf } from '../support/audit';
import { anOperator } from '../support/operator';
import { signInByWidget, signInPerson } from '../support/person-session';
import { useCountersign } from '../support/run-countersign';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Summary {
  readonly importId: string | null;
  readonly isDryRun: boolean;
  readonly created: number;
  readonly exists: number;
  readonly invalid: number;
}

describe('countersign import', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { dataNeeds: ['name', 'username', 'phone'] } });
  const countersign = useCountersign(app);

  const importText = async (
    text: string,
    options = '',
  ): Promise<{ exitCode: number; results: readonly LineResult[]; summary: Summary }> => {
    const { exitCode, output } = await countersign.run(`import - ${options}`, text);
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    return { exitCode, results: lines.slice(0, -1) as LineResult[], summary: lines.at(-1) as Summary };
  };
  const importPeople = (people: readonly object[], options?: string) =>
    importText(people.map((person) => JSON.stringify(person)).join('\n'), options);
  const rowCounts = async () => {
    const tables = ['users', 'identities', 'identity_digests', 'audit_records', 'events'];
    const counts: Record<string, number> = {};
    for (const table of tables) {
      const [row] = await app.database.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM ${table}`,
      );
      counts[table] = row?.count ?? 0;
    }
    return counts;
  };
  const aLine = (person: Person, more: object = {}) => ({ telegramId: person.id, ...more });
  const userOf = async (person: Person): Promise<string | undefined> =>
    (await countersign.json<{ userIds: string[] }>(`user find --telegram-id ${person.id}`)).userIds[0];

  it('creates people who have proven nothing, and who sign in to the same account', async () => {
    const person = aPerson();
    const said = { firstName: 'Old', lastName: 'Name', username: 'old_name', phoneNumber: '+15550001' };
    const { results, summary, exitCode } = await importPeople([
      { ...aLine(person), ...said, externalId: 'u-1' },
      { telegramId: String(aPerson().id), externalId: 42 },
    ]);

    expect(exitCode).toBe(0);
    expect(results).toEqual([
      { line: 1, outcome: 'created', userId: expect.any(String) as string, externalId: 'u-1' },
      { line: 2, outcome: 'created', userId: expect.any(String) as string, externalId: '42' },
    ]);
    expect(summary).toMatchObject({ isDryRun: false, created: 2, exists: 0, invalid: 0 });
    const userId = results[0]?.userId ?? '';
    const rows = await app.database.query(
      `SELECT u.platform_proven_at AS proven, i.content, i.stored_fields AS stored
       FROM users u JOIN identities i ON i.user_id = u.id WHERE u.id = $1`,
      [userId],
    );
    expect(rows).toEqual([
      { proven: null, content: expect.not.stringContaining('Old') as string, stored: [] },
    ]);
    expect(await app.database.query('SELECT 1 FROM sessions WHERE user_id = $1', [userId])).toEqual([]);
    expect(await app.database.query('SELECT 1 FROM events')).toEqual([]);

    const session = await signInPerson(app, demo, person);
    expect(session).toMatchObject({ userId, isNewUser: false, assurance: 'platform' });
    const { body } = await session.get('/v1/me').expect(200);
    expect(body).toMatchObject({
      profile: { firstName: person.first_name, username: person.username ?? null, phoneNumber: null },
    });
    expect(JSON.stringify(body)).not.toContain('u-1');
  });

  it('says in a dry run what it would do, and writes nothing', async () => {
    const [known, stranger] = [aPerson(), aPerson()];
    const { userId } = await app.signIn(demo, known);
    const before = await rowCounts();

    const dry = await importPeople([aLine(known), aLine(stranger), { telegramId: 'x' }], '--dry-run');

    expect(await rowCounts()).toEqual(before);
    expect(dry.exitCode).toBe(3);
    expect(dry.summary).toEqual({ importId: null, isDryRun: true, created: 1, exists: 1, invalid: 1 });
    expect(dry.results).toEqual([
      { line: 1, outcome: 'exists', userId },
      { line: 2, outcome: 'created', userId: null },
      { line: 3, outcome: 'invalid', code: 'import.member_invalid', member: 'telegramId' },
    ]);
  });

  it('skips who exists: a second line, and the whole file again after a failure at any line', async () => {
    const people = times(450, () => aPerson());
    const lines = people.map((person) => JSON.stringify(aLine(person, { externalId: `x-${person.id}` })));
    const bytes = Buffer.from(lines.join('\n'));
    const imports = app.nest.get(ImportsService);
    const options = { environment: 'production', linesPerSecond: 100_000, isDryRun: false };
    const broken = async function* () {
      yield bytes.subarray(0, bytes.length / 2);
      await Promise.resolve();
      throw new Error('the reader was killed');
    };

    await expect(imports.run(readLines(broken()), options, () => Promise.resolve(true))).rejects.toThrow(
      'the reader was killed',
    );
    const { results, summary } = await importText([...lines, lines[449]].join('\n'), '--rate 100000');

    expect(summary).toMatchObject({ created: 250, exists: 201, invalid: 0 });
    expect(new Set(results.map(({ userId }) => userId)).size).toBe(450);
    expect(results[450]).toEqual({ ...results[449], line: 451, outcome: 'exists' });
  });

  it('gives each faulty line its code, and reads on', async () => {
    const [first, last] = [aPerson(), aPerson()];
    const faulty: readonly (readonly [line: string | Buffer, code: string])[] = [
      ['{"telegramId":', 'import.not_json'],
      ['', 'import.not_json'],
      ['[1]', 'import.not_json'],
      ['['.repeat(16_000), 'import.not_json'],
      ['{"telegramId":1,"telegramId":2}', 'import.not_json'],
      [Buffer.from([0x7b, 0xff, 0x7d]), 'import.not_utf8'],
      [Buffer.alloc(10 * 1024 * 1024, 'x'), 'import.line_too_long'],
      ['{"firstName":"Ada"}', 'import.member_missing'],
      ['{"telegramId":1,"admin":true}', 'import.member_unknown'],
      ['{"telegramId":1,"__proto__":{}}', 'import.member_unknown'],
      ...[
        '{"telegramId":0}',
        '{"telegramId":-5}',
        '{"telegramId":1.5}',
        '{"telegramId":1e3}',
        '{"telegramId":4503599627370496}',
        '{"telegramId":99999999999999999999}',
        '{"telegramId":true}',
        '{"telegramId":" 1"}',
        '{"telegramId":1,"firstName":7}',
        '{"telegramId":1,"firstName":"a\\u0000b"}',
        '{"telegramId":1,"firstName":"\\ud800"}',
        `{"telegramId":1,"firstName":"${'x'.repeat(257)}"}`,
        '{"telegramId":1,"phoneNumber":"soon"}',
        '{"telegramId":1,"externalId":{}}',
        `{"telegramId":1,"externalId":"${'x'.repeat(129)}"}`,
      ].map((line) => [line, 'import.member_invalid'] as const),
    ];
    const folder = await mkdtemp(join(tmpdir(), 'import-'));
    const file = join(folder, 'people.ndjson');
    const lines = [
      Buffer.from(`\ufeff${JSON.stringify(aLine(first))}`),
      ...faulty.map(([line]) => Buffer.from(line)),
      Buffer.from(JSON.stringify(aLine(last))),
    ];
    await writeFile(file, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\r\n')])));

    const { exitCode, output } = await countersign.run(`import ${file}`);

    await rm(folder, { recursive: true });
    const results = output
      .trim()
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LineResult);
    expect(exitCode).toBe(3);
    expect(results.map(({ line }) => line)).toEqual(times(faulty.length + 2, (index) => index + 1));
    expect(results.map(({ code }) => code)).toEqual([
      undefined,
      ...faulty.map(([, code]) => code),
      undefined,
    ]);
    expect(results.filter(({ outcome }) => outcome === 'created')).toHaveLength(2);
  });

  it('changes no account that exists: not its fields, not its identities, not its sessions', async () => {
    const victim = aPerson();
    const session = await signInPerson(app, demo, victim);
    const before = await app.database.query(
      'SELECT u.*, i.* FROM users u JOIN identities i ON i.user_id = u.id WHERE u.id = $1',
      [session.userId],
    );

    // The attacker chose the Telegram id of another in the old system, with an own phone number and id.
    const { results } = await importPeople([
      aLine(victim, { externalId: 'of-the-attacker', phoneNumber: '+15550002', username: 'attacker' }),
    ]);

    expect(results).toEqual([
      { line: 1, outcome: 'exists', userId: session.userId, externalId: 'of-the-attacker' },
    ]);
    expect(
      await app.database.query(
        'SELECT u.*, i.* FROM users u JOIN identities i ON i.user_id = u.id WHERE u.id = $1',
        [session.userId],
      ),
    ).toEqual(before);
    await session.get('/v1/me').expect(200);
  });

  it('gives an attacker with a chosen name, username and phone number of another nothing at the first sign-in', async () => {
    await countersign.run('installation set --username-lookup on');
    const attacker: Person = { id: aPerson().id, first_name: 'Eve' };
    const victim = aPerson({ username: 'the_victim' });
    await app.signIn(demo, victim);
    const said = { firstName: 'The', lastName: 'Victim', username: 'the_victim', phoneNumber: '+15550003' };
    await importPeople([{ ...aLine(attacker), ...said, externalId: 'of-the-attacker' }]);
    const userId = await userOf(attacker);

    const findVictim = async () => (await countersign.run('user find --username the_victim --json')).output;
    expect(await findVictim()).not.toContain(userId);
    for (const signIn of [signInByWidget, signInPerson]) {
      const session = await signIn(app, demo, attacker);
      expect(session.userId).toBe(userId);
      const { body } = await session.get('/v1/me').expect(200);
      const text = JSON.stringify(body);
      for (const chosen of ['Victim', 'the_victim', '+15550003', 'of-the-attacker'])
        expect(text).not.toContain(chosen);
    }
    expect(await findVictim()).not.toContain(userId);
  });

  it('runs beside first sign-ins of the same people, and twice at once: one account each', async () => {
    const people = times(60, () => aPerson());
    const lines = people.map((person) => aLine(person, { externalId: `r-${person.id}` }));

    const [first, second, ...sessions] = await Promise.all([
      importPeople(lines),
      importPeople(lines),
      ...people.map((person) => app.signIn(demo, person)),
    ]);

    for (const { summary } of [first, second]) {
      expect(summary).toMatchObject({ invalid: 0 });
      expect(summary.created + summary.exists).toBe(60);
    }
    const signedIn = sessions.map(({ userId }) => userId);
    expect(first.results.map(({ userId }) => userId)).toEqual(signedIn);
    expect(second.results.map(({ userId }) => userId)).toEqual(signedIn);
    expect(new Set(signedIn).size).toBe(60);
    const created = countBy([...first.results, ...second.results], ({ outcome }) => outcome)['created'] ?? 0;
    expect(created).toBe(sessions.filter(({ isNewUser }) => !isNewUser).length);
  });

  it('exports and reveals what was imported, and erases it with the account', async () => {
    const person = aPerson();
    const line = aLine(person, { firstName: 'Ada', externalId: 'e-1' });
    const { results } = await importPeople([line]);
    const userId = results[0]?.userId ?? '';
    const exported = await countersign.json<{ sections: { identities: { items: object[] } } }>(
      `user export ${userId} --reason t-1`,
    );
    expect(exported.sections.identities.items).toMatchObject([
      {
        imported: { firstName: 'Ada', lastName: null, username: null, phoneNumber: null, externalId: 'e-1' },
      },
    ]);
    const revealed = await (
      await anOperator(app)
    ).post(`/v1/admin/users/${userId}/reveal`, { fields: ['identity.imported'], reason: 't-1' });
    expect(JSON.stringify(revealed.body)).toContain('Ada');

    await countersign.json(`user erase ${userId} --reason t-2 --now`);

    expect(await userOf(person)).toBeUndefined();
    expect(await app.signIn(demo, person)).toMatchObject({ isNewUser: true });
  });

  it('stops where its results are not read, and does not claim to have finished', async () => {
    const text = times(450, () => JSON.stringify(aLine(aPerson()))).join('\n');
    const drained = () => Promise.resolve(false);

    const { exitCode, output } = await countersign.run('import -', text, { drained });

    const summary = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Summary;
    expect(exitCode).toBe(1);
    expect(summary).toMatchObject({ created: 200 });
    const ofImport = async (action: 'import.started' | 'import.finished') =>
      (await auditOf(app, { action })).filter(({ subject }) => subject === summary.importId);
    expect(await ofImport('import.started')).toHaveLength(1);
    expect(await ofImport('import.finished')).toEqual([]);
  });

  it('has its codes in docs/import.md', async () => {
    const text = await readFile('docs/import.md', 'utf8');
    const listed = [...text.matchAll(/^- `(import\.\w+)`: (.+)$/gm)].map(([, code, meaning]) => [
      code,
      meaning,
    ]);

    expect(Object.fromEntries(listed)).toEqual(importRefusals);
  });

  it.each([
    'import',
    'import - --rate 0',
    'import - --rate 100001',
    'import - --environment moon',
    'import - --name x',
  ])('refuses %s', async (words) => {
    await expect(countersign.run(words)).rejects.toMatchObject({ name: 'UsageError' });
  });
});
