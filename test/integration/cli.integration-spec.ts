import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { features } from '../../apps/api/src/features';
import { describeError, exitCodeOf } from '../../apps/cli/src/describe-error';
import { aBotToken } from '../factories';
import { Countersign, useCountersign } from '../support/run-countersign';
import type { TestDatabase } from '../support/test-database';
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
});
