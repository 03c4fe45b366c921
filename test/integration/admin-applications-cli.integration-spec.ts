import { randomUUID } from 'node:crypto';
import { aBotToken } from '../factories';
import { auditOf } from '../support/audit';
import { useCountersign } from '../support/run-countersign';
import { useTestApp } from '../support/use-test-app';

describe('countersign application and countersign bot', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);

  const create = async (name: string): Promise<string> =>
    (await app.applications.create({ name, trust: 'third-party', origins: [] })).applicationId;
  const linesOf = async (words: string): Promise<readonly Record<string, unknown>[]> =>
    (await countersign.run(`${words} --json`)).output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it('list applications, newest first, up to a limit', async () => {
    const [one, two, three] = [await create('One'), await create('Two'), await create('Three')];

    const listed = await linesOf('application list --trust third-party --limit 2');
    expect(listed.map(({ applicationId }) => applicationId)).toEqual([three, two]);
    expect(Object.keys(listed[0] ?? {})).toEqual([
      'applicationId',
      'name',
      'trust',
      'createdAt',
      'updatedAt',
    ]);
    const { output } = await countersign.run('application list');
    expect(output).toMatch(/^application +trust +created +name\n/);
    expect(output).toContain(`${one}  third-party  `);
    expect(await linesOf('application list --trust first-party')).toEqual([]);
  });

  it('show an application, and rename it', async () => {
    const applicationId = await create('Shown');
    await app.applications.changeSettings(applicationId, { initDataMaxAge: 600 });

    expect(await countersign.json(`application show ${applicationId}`)).toMatchObject({
      applicationId,
      name: 'Shown',
      settings: { initDataMaxAge: 600 },
      effectiveSettings: { initDataMaxAge: 600, session: { absolute: 7_776_000 } },
    });
    expect((await countersign.run(`application show ${applicationId}`)).output).toContain(
      'Set: initDataMaxAge\n',
    );
    expect(await countersign.json(`application set ${applicationId} --name Renamed`)).toMatchObject({
      name: 'Renamed',
      settings: { initDataMaxAge: 600 },
    });
    expect((await app.applications.getById(applicationId)).name).toBe('Renamed');
    const [record] = (await auditOf(app, { applicationId })).slice(-1);
    expect(record?.details).toEqual({ name: 'replaced' });
  });

  it('add to a list, and print what changed and nothing else', async () => {
    const applicationId = await create('Growing');
    const set = `application set ${applicationId}`;
    const first = await countersign.run(`${set} --add origins=https://a.example --add audiences=orders`);
    expect(first.output).toBe('audiences: added "orders"\norigins: added "https://a.example"\n');
    expect((await countersign.run(`${set} --add origins=https://b.example`)).output).toBe(
      'origins: added "https://b.example"\n',
    );
    expect((await app.applications.getById(applicationId)).settings).toMatchObject({
      origins: ['https://a.example', 'https://b.example'],
      audiences: ['orders'],
    });
    expect((await countersign.run(`${set} --add origins=https://b.example`)).output).toBe(
      'No setting changed\n',
    );
    const patch = JSON.stringify({ origins: ['https://b.example'], session: { accessIdle: 900 } });
    expect((await countersign.run(`${set} --settings-stdin`, patch)).output).toBe(
      'session.accessIdle: 900 (was 1800)\norigins: removed "https://a.example"\n',
    );
    for (const wrong of ['origins', 'session=1', 'nothing=1', 'constructor=1'])
      await expect(countersign.run(`${set} --add ${wrong}`)).rejects.toThrow('is no list of texts');
  });

  it('list and show bots without a secret, and change what the API changes', async () => {
    const applicationId = await create('With bots');
    const token = aBotToken();
    const { botId } = await app.addBot(applicationId, { token });
    await app.addBot(applicationId, { provider: 'openweb3' });
    const { id } = await countersign.json<{ id: string }>(`bot show ${botId}`);

    const ofOne = `bot list --application ${applicationId}`;
    expect(await linesOf(ofOne)).toMatchObject([{ provider: 'openweb3' }, { id, botId }]);
    expect(await linesOf(`${ofOne} --provider telegram --environment production`)).toMatchObject([{ id }]);
    expect(await linesOf(`${ofOne} --status disabled`)).toEqual([]);
    expect(await linesOf(`bot list --bot ${botId} --limit 1`)).toMatchObject([{ id }]);
    await countersign.run(`bot set ${botId} --mini-app play`);
    const miniApp = await countersign.run(`bot show ${botId}`);
    expect(miniApp.output).toContain('Links open its Mini App play\n');
    await countersign.run(`bot set ${botId} --remove-mini-app`);
    await countersign.json(`bot set ${botId} --username renamed_bot --oidc-secret-stdin`, 'a-secret-of-web');
    const shown = await countersign.run(`bot show ${botId}`);
    expect(shown.output).toContain(`Bot ${botId} (@renamed_bot) of telegram, production, is active\n`);
    expect(await countersign.json(`bot set ${botId} --remove-oidc-secret`)).toMatchObject({
      hasOidcSecret: false,
    });
    const all = shown.output + JSON.stringify(await linesOf('bot list'));
    for (const secret of [token, 'a-secret-of-web', 'v1:']) expect(all).not.toContain(secret);
  });

  it('list allowed bots', async () => {
    const applicationId = await create('Accepting');
    const allowed = await countersign.run(`bot allow --application ${applicationId} --bot 77`);
    expect(allowed.output).toContain('Sessions by these proofs cannot change the account');

    expect(await linesOf(`bot list-allowed --application ${applicationId}`)).toMatchObject([
      { provider: 'telegram', environment: 'production', botId: '77' },
    ]);
    expect((await countersign.run(`bot list-allowed --application ${applicationId}`)).output).toMatch(
      /^bot +provider +environment +allowed\n77 /,
    );
  });

  it.each([
    ['application list --limit 0', '--limit must be a whole number'],
    ['application list --limit 10001', '--limit must be a whole number'],
    ['application list --trust root', '--trust must be one of'],
    [`application show ${randomUUID()}`, '(application.not_found)'],
    ['bot list --application x', '--application must be a UUID'],
    ['bot show 1', '(bot.not_found)'],
    ['bot set 1 --remove-oidc-secret --oidc-secret-stdin', 'not both'],
    ['bot set 1 --mini-app a/b', '(bot.invalid_mini_app_name)'],
    ['bot set 1 --mini-app play --remove-mini-app', 'not both'],
    ['bot set 1 --username a/b', '(bot.invalid_username)'],
    [`bot list-allowed --application ${randomUUID()}`, '(application.not_found)'],
  ])('refuse "%s" with a sentence', async (words, sentence) => {
    expect(await countersign.failure(words)).toContain(sentence);
  });
});
