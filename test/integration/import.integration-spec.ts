import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditService } from '@countersign/audit';
import { Database } from '@countersign/database';
import { ImportsService, ImportUndoing, readLines, type LineResult } from '@countersign/imports';
import { aPerson, countBy, times, type Person } from '../factories';
import { auditOf } from '../support/audit';
import { anOperator } from '../support/operator';
import { signInByWidget, signInPerson } from '../support/person-session';
import { useCountersign } from '../support/run-countersign';
import { until } from '../support/until';
import { useApplication, useTestApp } from '../support/use-test-app';

interface Summary {
  readonly importId: string | null;
  readonly isDryRun: boolean;
  readonly created: number;
  readonly exists: number;
  readonly conflict: number;
  readonly invalid: number;
}

describe('countersign import', () => {
  const app = useTestApp();
  const demo = useApplication(app, { settings: { dataNeeds: ['name', 'username', 'phone'] } });
  const countersign = useCountersign(app);
  let name = 0;

  afterEach(() => jest.restoreAllMocks());

  const importText = async (
    text: string,
    options = '',
  ): Promise<{ exitCode: number; results: readonly LineResult[]; summary: Summary; name: string }> => {
    const given = /--name (\S+)/.exec(options)?.[1];
    name += 1;
    const own = given ?? `old-${name}`;
    const { exitCode, output } = await countersign.run(
      `import - ${given === undefined ? `--name ${own} ` : ''}${options}`,
      text,
    );
    const lines = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    return {
      exitCode,
      results: lines.slice(0, -1) as LineResult[],
      summary: lines.at(-1) as Summary,
      name: own,
    };
  };
  const importPeople = (people: readonly object[], options?: string) =>
    importText(people.map((person) => JSON.stringify(person)).join('\n'), options);
  const rowCounts = async () => {
    const tables = [
      'users',
      'identities',
      'identity_digests',
      'imports',
      'imported_identities',
      'audit_records',
      'events',
    ];
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
    expect(summary).toMatchObject({ isDryRun: false, created: 2, exists: 0, conflict: 0, invalid: 0 });
    const userId = results[0]?.userId ?? '';
    const [row] = await app.database.query<{ proven: Date | null; imported: string; first: string | null }>(
      `SELECT u.platform_proven_at AS proven, i.imported, i.first_name AS first
       FROM users u JOIN identities i ON i.user_id = u.id WHERE u.id = $1`,
      [userId],
    );
    expect(row).toEqual({
      proven: null,
      imported: expect.not.stringContaining('Old') as string,
      first: null,
    });
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

  it('goes on after a failure at any line: no person twice, and none lost', async () => {
    const people = times(450, () => aPerson());
    const lines = people.map((person) => JSON.stringify(aLine(person, { externalId: `x-${person.id}` })));
    const bytes = Buffer.from(lines.join('\n'));
    const imports = app.nest.get(ImportsService);
    const options = { name: 'broken', environment: 'production', linesPerSecond: 100_000, isDryRun: false };
    const until = async function* (end: number) {
      yield bytes.subarray(0, end);
      await Promise.resolve();
      throw new Error('the reader was killed');
    };

    for (const share of [0.1, 0.5, 0.9]) {
      const broken = imports.run(readLines(until(Math.floor(bytes.length * share))), options, () =>
        Promise.resolve(true),
      );
      await expect(broken).rejects.toThrow('the reader was killed');
    }
    const { results, summary } = await importText(bytes.toString(), '--name broken --rate 100000');

    expect(results).toHaveLength(450);
    expect(summary).toMatchObject({ created: 50, exists: 400, conflict: 0, invalid: 0 });
    expect(new Set(results.map(({ userId }) => userId)).size).toBe(450);
    expect(await countersign.run('import list')).toMatchObject({
      output: expect.stringContaining('broken') as string,
    });
  });

  it('says in a dry run what it would do, and writes nothing', async () => {
    const [known, twice] = [aPerson(), aPerson()];
    await app.signIn(demo, known);
    const people = [
      aLine(known, { externalId: 'a' }),
      aLine(twice, { externalId: 'b' }),
      aLine(twice, { externalId: 'b' }),
      aLine(twice, { externalId: 'c' }),
      aLine(aPerson(), { externalId: 'b' }),
      { telegramId: 'x' },
    ];
    const before = await rowCounts();

    const dry = await importPeople(people, '--dry-run --name dry');

    expect(await rowCounts()).toEqual(before);
    expect(dry.exitCode).toBe(3);
    expect(dry.summary).toEqual({
      importId: null,
      isDryRun: true,
      created: 1,
      exists: 2,
      conflict: 2,
      invalid: 1,
    });
    const real = await importPeople(people, '--name dry');
    expect(real.results.map(({ line, outcome, code }) => ({ line, outcome, code }))).toEqual(
      dry.results.map(({ line, outcome, code }) => ({ line, outcome, code })),
    );
    expect(dry.results.map(({ code }) => code)).toEqual([
      undefined,
      undefined,
      undefined,
      'import.external_id_differs',
      'import.external_id_taken',
      'import.member_invalid',
    ]);
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
    await countersign.run('installation set --username-lookup on --phone-lookup on');
    const attacker: Person = { id: aPerson().id, first_name: 'Eve' };
    const victim = aPerson({ username: 'the_victim' });
    await app.signIn(demo, victim);
    const said = { firstName: 'The', lastName: 'Victim', username: 'the_victim', phoneNumber: '+15550003' };
    await importPeople([{ ...aLine(attacker), ...said, externalId: 'of-the-attacker' }]);
    const userId = await userOf(attacker);

    for (const way of ['--username the_victim', '--phone +15550003']) {
      const { output } = await countersign.run(`user find ${way} --json`);
      expect(output).not.toContain(userId);
    }
    for (const signIn of [signInByWidget, signInPerson]) {
      const session = await signIn(app, demo, attacker);
      expect(session.userId).toBe(userId);
      const { body } = await session.get('/v1/me').expect(200);
      const text = JSON.stringify(body);
      for (const chosen of ['Victim', 'the_victim', '+15550003', 'of-the-attacker'])
        expect(text).not.toContain(chosen);
    }
    for (const way of ['--username the_victim', '--phone +15550003'])
      expect((await countersign.run(`user find ${way} --json`)).output).not.toContain(userId);
  });

  it('lets a proof of a leaked bot token keep nothing: the first proof of the platform ends its session', async () => {
    const person = aPerson();
    await importPeople([aLine(person)]);

    const forged = await signInByWidget(app, demo, person);
    await forged.get('/v1/me').expect(200);
    await app.signIn(demo, person);

    expect((await forged.get('/v1/me')).status).toBe(401);
  });

  it('refuses an external id of another, in the file and in a later run', async () => {
    const [one, another] = [aPerson(), aPerson()];
    const { name: own } = await importPeople([aLine(one, { externalId: 'same' })]);

    const later = await importPeople(
      [aLine(another, { externalId: 'same' }), aLine(one, { externalId: 'other' })],
      `--name ${own}`,
    );

    expect(later.results).toEqual([
      { line: 1, outcome: 'conflict', code: 'import.external_id_taken', externalId: 'same' },
      { line: 2, outcome: 'conflict', code: 'import.external_id_differs', externalId: 'other' },
    ]);
    expect(await userOf(another)).toBeUndefined();
    // Another system may have the same id.
    expect((await importPeople([aLine(another, { externalId: 'same' })])).summary.created).toBe(1);
  });

  it('runs beside first sign-ins of the same people, and twice at once: one account each', async () => {
    const people = times(60, () => aPerson());
    const lines = people.map((person) => aLine(person, { externalId: `r-${person.id}` }));

    const [first, second, ...sessions] = await Promise.all([
      importPeople(lines, '--name race'),
      importPeople(lines, '--name race'),
      ...people.map((person) => app.signIn(demo, person)),
    ]);

    for (const { summary } of [first, second]) {
      expect(summary).toMatchObject({ conflict: 0, invalid: 0 });
      expect(summary.created + summary.exists).toBe(60);
    }
    const signedIn = sessions.map(({ userId }) => userId);
    expect(first.results.map(({ userId }) => userId)).toEqual(signedIn);
    expect(second.results.map(({ userId }) => userId)).toEqual(signedIn);
    expect(new Set(signedIn).size).toBe(60);
    const created = countBy([...first.results, ...second.results], ({ outcome }) => outcome)['created'] ?? 0;
    expect(created).toBe(sessions.filter(({ isNewUser }) => !isNewUser).length);
  });

  it('imports all, where sign-ins are faster again and again', async () => {
    const people = times(200, () => aPerson());
    const isSignedIn: boolean[] = [];
    const signInAll = async (lane: number): Promise<void> => {
      for (const person of people.filter((_, index) => index % 4 === lane))
        isSignedIn.push((await app.signIn(demo, person)).isNewUser);
    };

    const [{ summary }] = await Promise.all([
      importPeople(people.map((person) => aLine(person))),
      ...times(4, signInAll),
    ]);

    const isNew = isSignedIn.filter(Boolean).length;
    expect(summary).toMatchObject({ created: 200 - isNew, exists: isNew, conflict: 0, invalid: 0 });
  });

  it('is undone for those who have not signed in, and says how many stay', async () => {
    const people = times(5, () => aPerson());
    const [signedIn, banned] = people as [Person, Person];
    const { summary, results } = await importPeople(
      people.map((person) => aLine(person)),
      '--name undone',
    );
    await app.signIn(demo, signedIn);
    await countersign.json(`user set ${results[1]?.userId} --status deactivated`);

    const undone = await countersign.json(`import undo ${summary.importId}`);

    expect(undone).toEqual({ importId: summary.importId, removed: 3, remaining: 2 });
    expect(await Promise.all(people.map((person) => userOf(person)))).toEqual([
      results[0]?.userId,
      results[1]?.userId,
      undefined,
      undefined,
      undefined,
    ]);
    expect(await userOf(banned)).toBeDefined();
    expect((await auditOf(app, { action: 'import.undone' })).at(-1)?.details).toEqual({
      removed: '3',
      remaining: '2',
    });
    // The same command brings them back.
    expect(
      (
        await importPeople(
          people.map((person) => aLine(person)),
          '--name undone',
        )
      ).summary,
    ).toMatchObject({ created: 3, exists: 2 });
  });

  it('is undone wholly, beside first sign-ins of its people', async () => {
    const people = times(40, () => aPerson());
    const { summary } = await importPeople(people.map((person) => aLine(person)));

    const [undone, ...sessions] = await Promise.all([
      countersign.json<{ removed: number; remaining: number }>(`import undo ${summary.importId}`),
      ...people.slice(0, 20).map((person) => app.signIn(demo, person)),
    ]);

    expect(undone.removed + undone.remaining).toBe(40);
    expect(undone.removed - 20).toBe(sessions.filter(({ isNewUser }) => isNewUser).length);
    for (const { accessToken } of sessions) await app.getMe(accessToken).expect(200);
    const whole = await importPeople([aLine(aPerson())]);
    await countersign.json(`import undo ${whole.summary.importId}`);
    await expect(countersign.run(`import undo ${whole.summary.importId}`)).rejects.toMatchObject({
      code: 'import.not_found',
    });
  });

  it('is not forgotten when people are added just before its end', async () => {
    const { summary } = await importPeople([aLine(aPerson())]);
    const audit = app.nest.get(AuditService);
    let adding: Promise<void> | undefined;
    // The undoing has removed its people, and is about to remove the import.
    jest.spyOn(audit, 'prepare').mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          adding = app.nest.get(Database).transaction(async (tx) => {
            await tx.query('SELECT FROM imports WHERE id = $1 FOR UPDATE', [summary.importId]);
            await tx.query(
              `INSERT INTO imported_identities (import_id, subject_digest) VALUES ($1, '\\x01')`,
              [summary.importId],
            );
            resolve();
            await until(() => app.isWaitingFor('FROM imports'));
          });
        }),
    );

    await app.nest.get(ImportUndoing).undo(summary.importId ?? '');

    await adding;
    expect(
      await app.database.query('SELECT FROM imported_identities WHERE import_id = $1', [summary.importId]),
    ).toHaveLength(1);
  });

  it('exports what was imported, and does not bring an erased person back', async () => {
    const person = aPerson();
    const line = aLine(person, { firstName: 'Ada', externalId: 'e-1' });
    const { results, name: own } = await importPeople([line]);
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
    const again = await importPeople([line], `--name ${own}`);

    expect(again.results).toEqual([
      { line: 1, outcome: 'conflict', code: 'import.person_gone', externalId: 'e-1' },
    ]);
    expect(await userOf(person)).toBeUndefined();
    expect(await app.signIn(demo, person)).toMatchObject({ isNewUser: true });
  });

  it.each(['/nowhere/people.ndjson', __dirname])(
    'leaves nothing of a file that cannot be read: %s',
    async (file) => {
      const before = await rowCounts();

      await expect(countersign.run(`import ${file} --name unread`)).rejects.toMatchObject({
        code: expect.stringMatching(/^(?:ENOENT|EISDIR)$/) as string,
      });

      expect(await rowCounts()).toEqual(before);
    },
  );

  it('reads an empty file', async () => {
    const { exitCode, output } = await countersign.run('import /dev/null');

    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ created: 0, invalid: 0 });
  });

  it.each(['import --help', 'import /nowhere.ndjson --help', 'help import'])(
    '%s imports nothing',
    async (words) => {
      const { exitCode, output } = await countersign.run(words);

      expect(exitCode).toBe(0);
      expect(output).toContain('undo');
    },
  );

  it.each([
    'import',
    'import /nowhere/a%20b',
    'import - --rate 0',
    'import - --rate 100001',
    'import - --environment moon',
    'import undo x',
  ])('refuses %s', async (words) => {
    await expect(countersign.run(words)).rejects.toMatchObject({ name: 'UsageError' });
  });
});
