import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { features } from '../../apps/api/src/features';
import { describeError, exitCodeOf } from '../../apps/cli/src/describe-error';
import { aBotToken, aPerson } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { Countersign, useCountersign } from '../support/run-countersign';
import type { TestDatabase } from '../support/test-database';
import { until } from '../support/until';
import { useTestApp, useTestDatabase } from '../support/use-test-app';

describe('countersign', () => {
  const app = useTestApp();

  const countersign = useCountersign(app);

  it('makes an application and a bot that people sign in with, while the API runs', async () => {
    const opening = new Countersign(app);
    const { application, secret } = await opening.json<{
      application: { applicationId: string };
      secret: { clientSecret: string };
    }>('application create --name Demo');
    const { applicationId } = application;
    const botToken = aBotToken();
    const added = await opening.json<{ botId: string }>(
      `bot add --application ${applicationId} --username demo_bot --token-stdin`,
      botToken,
    );

    expect(secret.clientSecret).toMatch(/^cs_cs_/);
    expect(added).toMatchObject({ applicationId, botId: botToken.slice(0, botToken.indexOf(':')) });
    const demo = { applicationId, botId: added.botId, botToken };
    expect((await app.signIn(demo)).assurance).toBe('platform');
  });

  it('changes settings by merge patch, and refuses what is not one', async () => {
    const { applicationId } = await app.createApplication();

    const set = `application set ${applicationId} --settings-stdin`;

    expect(await countersign.json(set, '{"initDataMaxAge":600,"session":{"accessIdle":120}}')).toMatchObject({
      effectiveSettings: { initDataMaxAge: 600, session: { accessIdle: 120, accessAbsolute: 43_200 } },
    });
    expect(await countersign.json(set, '{"initDataMaxAge":null}')).toMatchObject({
      effectiveSettings: { initDataMaxAge: 86_400, session: { accessIdle: 120 } },
    });

    expect(await countersign.failure(set, '{"initDataMaxAge":"soon"}')).toContain('initDataMaxAge');
    expect(await countersign.failure(set, '{"unheardOf":1}')).toContain('request.unknown_field');
    expect(await countersign.failure(set, 'nonsense')).toBe('Standard input is not JSON.');
    expect(await countersign.failure(set, '[]')).toContain('request.invalid');
  });

  it('sets the states of bots and users, and revokes sessions that a running API has in memory', async () => {
    const demo = await app.createApplication();
    const person = aPerson();
    const first = await app.signIn(demo, person);
    const second = await app.signIn(demo, person);
    await app.getMe(first.accessToken);
    await app.getMe(second.accessToken);

    expect(await countersign.json(`session end ${first.sessionId}`)).toEqual({
      endedSessions: 1,
    });
    await until(async () => (await app.getMe(first.accessToken)).status === 401);
    expect((await app.getMe(second.accessToken)).status).toBe(200);

    expect(await countersign.json(`user deactivate ${second.userId}`)).toMatchObject({
      endedSessions: 1,
    });
    await until(async () => (await app.getMe(second.accessToken)).status === 401);

    await countersign.json(`bot set ${demo.botId} --status disabled`);
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
    expectProblem(await app.postSignIn(body), 403, 'bot.disabled');
    await countersign.json(`bot set ${demo.botId} --status active --signature-policy optional`);
    expect((await app.postSignIn(body)).status).toBe(200);
  });

  it('makes a key ring that is for its owner only and overwrites nothing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-keys-'));
    const file = join(folder, 'keys.json');
    await countersign.run(`keys generate --out ${file}`);
    const made = await readFile(file, 'utf8');

    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await countersign.failure(`keys generate --out ${file}`)).toContain('not overwritten');
    expect(await readFile(file, 'utf8')).toBe(made);
    expect(Object.keys(JSON.parse((await countersign.run('keys generate')).output) as object)).toEqual([
      'version',
      'sealing',
      'index',
      'token',
    ]);
    await rm(folder, { recursive: true });
  });

  describe('on a database without the schema', () => {
    const empty = useTestDatabase({ isEmpty: true });

    it('says when the database is away or behind, and which command helps', async () => {
      const url = 'postgresql://countersign@127.0.0.1:1/none';
      const create = (name: string): string => `principal create --name ${name} --scope users:read`;
      const on = (database: Pick<TestDatabase, 'url' | 'directUrl'>) =>
        new Countersign({ database, keys: app.keys });

      for (const [database, sentence] of [
        [{ url, directUrl: url }, 'cannot be reached'],
        [empty, 'migrate'],
      ] as const) {
        const error = await on(database)
          .run(create('one'))
          .catch((thrown: unknown) => thrown);
        expect(describeError(error)).toContain(sentence);
        expect(exitCodeOf(error)).toBe(5);
      }
      expect((await on(empty).run('migrate')).output).toContain('Applied FirstLogin');
      expect((await on(empty).run('migrate')).output).toContain('up to date');
      expect((await on(empty).run(create('one'))).exitCode).toBe(0);

      const without = (use: string) =>
        new Countersign({ database: empty, keys: app.keys }, { COUNTERSIGN_USE: use });
      const all = features.map(({ name }) => name);
      const fewer = all.filter((name) => name !== 'webhooks' && name !== 'rapidpace').join();
      const refused = await without(fewer)
        .run(create('two'))
        .catch((thrown: unknown) => thrown);
      expect(describeError(refused)).toContain('countersign migrate --drop webhooks,rapidpace');
      expect(exitCodeOf(refused)).toBe(2);
      await expect(without(fewer).run('migrate --drop webhooks')).rejects.toThrow(
        '--drop webhooks,rapidpace',
      );
      expect((await without(fewer).run('migrate --drop rapidpace,webhooks')).output).toContain('Dropped');
      expect((await without(fewer).run(create('two'))).exitCode).toBe(0);
      const last = without(fewer);
      await expect(last.run('webhook list')).rejects.toThrow('Unknown command');
      await last.close();
    });
  });

  it.each([
    ['application create --name X --origin https://example.com/path', 3],
    ['user activate 0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11', 4],
    ['user activate one', 4],
  ])('ends "%s" with the exit code %i', async (words, exitCode) => {
    await expect(countersign.run(words).catch(exitCodeOf)).resolves.toBe(exitCode);
  });

  it.each([
    ['', 2],
    ['help', 0],
  ])('shows its usage for "%s"', async (words, exitCode) => {
    expect(await countersign.run(words)).toMatchObject({
      exitCode,
      output: expect.stringContaining('Usage:') as string,
    });
  });

  it.each([
    'nonsense',
    'application create',
    'application set not-a-uuid --settings-stdin',
    'bot set 1 --status sleeping',
    'session revoke',
    'session end 0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
    'constructor',
  ])('refuses "%s" with a sentence', async (words) => {
    const sentence = await countersign.failure(words, '{}');

    expect(sentence).not.toMatch(/\n\s+at /);
    expect(sentence).toMatch(/^[A-Z<-].*[.:]/);
  });
});
