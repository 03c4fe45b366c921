import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyRing } from '@countersign/crypto';
import { anvilChain, chainsDocument } from '../support/chains';
import { useFakeBotApi } from '../support/fake-bot-api';
import { describeWithAnvil, useAnvil } from '../support/anvil';
import { useFakeNode, type Lie } from '../support/fake-node';
import { Countersign } from '../support/run-countersign';
import type { Demo } from '../support/test-app';
import { useTestApp } from '../support/use-test-app';

interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'note' | 'wrong' | 'unknown';
  readonly detail: string;
  readonly remedy: string | null;
}

const ORIGIN = 'https://game.example.com';

describe('countersign doctor', () => {
  const app = useTestApp();
  const telegram = useFakeBotApi();

  const examine = async (
    environment: NodeJS.ProcessEnv = {},
    api = telegram.url,
  ): Promise<{
    readonly exitCode: number;
    readonly findings: readonly Finding[];
    readonly output: string;
  }> => {
    const countersign = new Countersign(app, environment);
    const { output, exitCode } = await countersign.run(`doctor --json --bot-api ${api}`);
    const findings = output.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Finding]));
    return { exitCode, findings, output };
  };
  const wrongIn = (findings: readonly Finding[]): readonly string[] =>
    findings.filter(({ state }) => state === 'wrong').map(({ check, detail }) => `${check}: ${detail}`);
  const aGame = async (): Promise<Demo> => app.createApplication({ settings: { origins: [ORIGIN] } });
  const atTelegram = (game: Demo, more: object = {}): void => {
    telegram.bots.set(game.botToken, {
      getMe: { id: Number(game.botId), is_bot: true, username: 'test_bot', has_main_web_app: true },
      getWebhookInfo: { url: '', has_custom_certificate: false, pending_update_count: 0 },
      getChatMenuButton: { type: 'web_app', text: 'Play', web_app: { url: `${ORIGIN}/play?from=menu` } },
      ...more,
    });
  };

  beforeEach(async () => {
    await app.database.query('DELETE FROM bots');
    telegram.bots.clear();
    telegram.calls.length = 0;
    telegram.failing.clear();
    telegram.isSilent = false;
  });

  it('finds nothing wrong, and says so in one page', async () => {
    atTelegram(await aGame());

    const { exitCode, findings } = await examine();
    const page = await new Countersign(app).run(`doctor --bot-api ${telegram.url}`);

    expect(findings.filter(({ state }) => state === 'wrong' || state === 'unknown')).toEqual([]);
    expect(exitCode).toBe(0);
    expect(new Set(findings.map(({ check }) => check.replace(/\d{3,}/, '1')))).toEqual(
      new Set([
        ...['gateway', 'database', 'role', 'clock', 'schema', 'keys', 'replicas', 'ledger', 'jobs', 'chains'],
        ...['custody', 'bots', 'bot 1'],
      ]),
    );
    expect(page.exitCode).toBe(0);
    expect(page.output).toMatch(/\n\n0 wrong, 0 unknown, \d to note, \d+ ok\n$/);
    expect(page.output.split('\n').length).toBeLessThan(50);
  });

  it('names every wrong setting at once, and looks at nothing else', async () => {
    const secret = 'not-a-key-ring-but-secret';
    const { exitCode, findings, output } = await examine({
      DATABASE_URL: ['mysql://root', 'hunter2@db'].join(':'),
      KEYS: secret,
      PORT: 'eighty',
      TRUSTED_PROXIES: 'everywhere',
    });

    expect(exitCode).toBe(1);
    for (const name of ['DATABASE_URL', 'KEYS', 'PORT', 'TRUSTED_PROXIES'])
      expect(wrongIn(findings).join('\n')).toContain(`configuration: ${name} `);
    expect(findings.filter(({ state }) => state === 'ok')).toEqual([]);
    expect(output).not.toMatch(/hunter2|not-a-key-ring|eighty/);
  });

  it('says that the database is away, which is no proof that the rest is well', async () => {
    const away = ['postgresql://someone', 'hunter2@127.0.0.1:1/nothing'].join(':');
    const { exitCode, findings, output } = await examine({
      DATABASE_URL: away,
      DATABASE_DIRECT_URL: away,
    });

    expect(exitCode).toBe(1);
    expect(wrongIn(findings)).toEqual([expect.stringContaining('database: The database cannot be reached')]);
    expect(findings.find(({ check }) => check === 'bots')).toMatchObject({ state: 'unknown' });
    expect(output).not.toContain('hunter2');
  });

  it('compares the key ring with the database before it opens a token', async () => {
    atTelegram(await aGame());

    const { findings } = await examine({ KEYS: JSON.stringify(generateKeyRing()) });

    expect(wrongIn(findings)).toEqual([expect.stringContaining('keys: The key ring lacks the')]);
    expect(findings.find(({ check }) => check === 'bots')).toMatchObject({
      state: 'unknown',
      detail: 'not looked at: it needs keys',
    });
    expect(telegram.calls).toEqual([]);
  });

  it('knows a schema that is behind', async () => {
    const [last] = await app.database.query<{ id: number; timestamp: string; name: string }>(
      'DELETE FROM migrations WHERE id = (SELECT max(id) FROM migrations) RETURNING *',
    );
    try {
      const { findings } = await examine();
      expect(findings).toContainEqual({
        check: 'schema',
        state: 'wrong',
        detail: 'lacks 1 migration(s)',
        remedy: 'countersign migrate',
      });
    } finally {
      await app.database.query('INSERT INTO migrations (id, timestamp, name) VALUES ($1, $2, $3)', [
        ...[last?.id, last?.timestamp, last?.name],
      ]);
    }
  });

  it('names settings that weaken the gateway', async () => {
    const { findings } = await examine({
      HOST: '0.0.0.0',
      TRUSTED_PROXIES: '0.0.0.0/0',
      CUSTODY_SOCKET: '/nonexistent/socket',
    });

    const found = wrongIn(findings).join('\n');
    for (const word of ['NODE_ENV', 'PUBLIC_URL', 'TRUSTED_PROXIES has 0.0.0.0/0', 'CUSTODY_SOCKET'])
      expect(found).toContain(word);
  });

  it('compares the ledger of erasures with the database', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    const ledgerOf = async (ledger: string): Promise<Finding | undefined> =>
      (await examine({ ERASURE_LEDGER: ledger })).findings.find(({ check }) => check === 'ledger');
    try {
      writeFileSync(join(folder, 'broken'), 'no ledger\n');
      const foreign = { type: 'mark', lineage: randomUUID(), mark: 1 };
      writeFileSync(join(folder, 'foreign'), `${JSON.stringify(foreign)}\n`);
      await app.database.query('DELETE FROM erasure_marks');
      await app.database.query(
        'INSERT INTO erasure_marks (lineage, mark, next_mark, marked_at) VALUES ($1, 1, 1, now())',
        [randomUUID()],
      );

      expect((await ledgerOf(`file:${join(folder, 'foreign')}`))?.detail).toContain(
        'belongs to another database',
      );
      expect((await ledgerOf(`file:${join(folder, 'empty')}`))?.detail).toContain('is behind this database');
      expect(await ledgerOf(`file:${join(folder, 'broken')}`)).toMatchObject({ state: 'wrong' });
      const away = ['postgresql://someone', 'hunter2@127.0.0.1:1/nothing'].join(':');
      const found = await ledgerOf(away);
      expect(found).toMatchObject({
        state: 'wrong',
        detail: expect.stringContaining('cannot be used') as unknown,
      });
      expect(JSON.stringify(found)).not.toContain('hunter2');
    } finally {
      await app.database.query('DELETE FROM erasure_marks');
      rmSync(folder, { recursive: true });
    }
  });

  it('asks Telegram for each bot: token, name, webhook and Mini App', async () => {
    const [revoked, renamed, failing, foreign] = [await aGame(), await aGame(), await aGame(), await aGame()];
    const secretPath = 'secret-path-of-the-webhook';
    atTelegram(renamed, { getMe: { id: 1, is_bot: true, username: 'x; reboot' } });
    atTelegram(failing, {
      getWebhookInfo: {
        url: `https://bot.example.com/${secretPath}`,
        pending_update_count: 7,
        last_error_date: Math.floor(Date.now() / 1_000) - 60,
        last_error_message: 'Wrong response from the webhook: 500 Internal Server Error',
      },
    });
    atTelegram(foreign, {
      getChatMenuButton: { type: 'web_app', text: 'x', web_app: { url: 'https://old.example.com/' } },
    });

    const { exitCode, findings, output } = await examine();

    expect(exitCode).toBe(1);
    expect(new Set(wrongIn(findings))).toEqual(
      new Set([
        `bot ${revoked.botId}: Telegram does not know its token: it was revoked, or the bot is deleted`,
        `bot ${renamed.botId}: Telegram calls it by another name, and this service @test_bot: links open another bot or none`,
        `bot ${failing.botId}: its webhook at bot.example.com fails, 7 update(s) wait: Wrong response from the webhook: 500 Internal Server Error`,
        `bot ${foreign.botId}: its default menu button opens https://old.example.com, which may not call for application ${foreign.applicationId}`,
      ]),
    );
    expect(output).not.toContain('reboot');
    for (const { botToken } of [revoked, renamed, failing, foreign])
      expect(output).not.toContain(botToken.slice(botToken.indexOf(':') + 1));
    expect(output).not.toContain(secretPath);
  });

  it('looks at the rest of an area where one thing of it is wrong, and at other areas', async () => {
    const game = await aGame();
    atTelegram(game, {
      getMe: { id: Number(game.botId), is_bot: true, username: 'another', has_main_web_app: true },
      getChatMenuButton: { type: 'web_app', text: 'x', web_app: { url: 'https://old.example.com/' } },
    });
    telegram.failing.add('getWebhookInfo');
    const role = `doctor_${randomUUID().replaceAll('-', '')}`;
    await app.database.query(`CREATE ROLE ${role} LOGIN PASSWORD 'doctor'`);
    await app.database.query(`GRANT SELECT ON ALL TABLES IN SCHEMA public TO ${role}`);
    const url = new URL(app.database.directUrl);
    [url.username, url.password] = [role, 'doctor'];
    try {
      const { findings } = await examine({ DATABASE_URL: url.href, DATABASE_DIRECT_URL: url.href });

      expect(wrongIn(findings)).toEqual([
        expect.stringContaining('role: it may not create tables'),
        expect.stringContaining(`bot ${game.botId}: Telegram calls it @another`),
        expect.stringContaining(`bot ${game.botId}: its default menu button opens https://old.example.com`),
      ]);
      expect(findings).toContainEqual(
        expect.objectContaining({
          state: 'unknown',
          detail: 'the Bot API answers 429 to getWebhookInfo: Too Many Requests: retry after 5',
        }),
      );
      expect(findings.filter(({ detail }) => detail.startsWith('not looked at'))).toEqual([]);
    } finally {
      await app.database.query(`DROP OWNED BY ${role}`);
      await app.database.query(`DROP ROLE ${role}`);
    }
  });

  it('concludes nothing from a menu button that Telegram says no URL of', async () => {
    const [linked, plain] = [await aGame(), await aGame()];
    atTelegram(linked, {
      getChatMenuButton: { type: 'web_app', text: 'x', web_app: { url: 'https://t.me/test_bot/app' } },
    });
    atTelegram(plain, { getChatMenuButton: { type: 'default' } });

    const { findings } = await examine();

    expect(wrongIn(findings)).toEqual([]);
    const of = ({ botId }: Demo) => findings.filter(({ check }) => check === `bot ${botId}`);
    expect(of(linked)).toContainEqual(
      expect.objectContaining({ state: 'note', detail: expect.stringContaining('t.me') as unknown }),
    );
    expect(of(plain)).toContainEqual(
      expect.objectContaining({ state: 'ok', detail: 'its default menu button opens no Mini App' }),
    );
  });

  it('asks for hundreds of bots in time', async () => {
    const game = await aGame();
    for (let count = 0; count < 150; count += 1)
      atTelegram({ ...game, ...(await app.addBot(game.applicationId)) });
    atTelegram(game);

    const { exitCode, findings } = await examine();

    expect(exitCode).toBe(0);
    expect(findings.filter(({ detail }) => detail === 'Telegram knows its token')).toHaveLength(151);
  });

  it('ends where no bot gets an answer, and says which were not looked at', async () => {
    const game = await aGame();
    for (let count = 0; count < 59; count += 1) await app.addBot(game.applicationId);
    telegram.isSilent = true;

    const { exitCode, findings } = await examine();

    expect(exitCode).toBe(1);
    const asked = findings.filter(({ detail }) => detail.includes('cannot be asked for getMe'));
    expect(asked.length).toBeGreaterThan(0);
    expect(findings.find(({ check, state }) => check === 'bots' && state === 'unknown')?.detail).toMatch(
      new RegExp(`^${60 - asked.length} of 60 were not looked at, as the time was over: from bot \\d+ on`),
    );
  });

  it('says of a Bot API that is away that the bots are unknown, without the token in its URL', async () => {
    const game = await aGame();

    const { exitCode, findings, output } = await examine({}, 'http://127.0.0.1:2');

    expect(exitCode).toBe(1);
    expect(findings.find(({ check }) => check === `bot ${game.botId}`)).toMatchObject({
      state: 'unknown',
      detail: 'the Bot API cannot be asked for getMe (ECONNREFUSED)',
    });
    expect(output).not.toContain(game.botToken.slice(-20));
  });

  it('asks Telegram for no bot that a fake Telegram signs for', async () => {
    const game = await aGame();

    const { exitCode, findings } = await examine({
      DEMO_TELEGRAM_KEY: `${game.botId}:${'0'.repeat(64)}`,
    });

    expect(telegram.calls).toEqual([]);
    expect(exitCode).toBe(0);
    expect(findings.find(({ check }) => check === `bot ${game.botId}`)).toMatchObject({
      state: 'note',
      detail: 'DEMO_TELEGRAM_KEY has a key for it: Telegram was not asked',
    });
  });

  it('sends no token to another machine without TLS', async () => {
    expect(await new Countersign(app).failure('doctor --bot-api http://api.telegram.org')).toContain(
      'https://',
    );
  });
});

describeWithAnvil('countersign doctor, of chains', () => {
  const anvil = useAnvil();
  const [first, second] = [useFakeNode(() => anvil.url), useFakeNode(() => anvil.url)];
  const app = useTestApp();

  it('finds the node of another chain, the one behind, and two that differ', async () => {
    await anvil.mine(2_000);
    const environment = {
      CHAINS: chainsDocument(anvilChain([`${first.url}a-key-of-the-operator`, second.url])),
    };
    const findingsOf = async (): Promise<string> =>
      (await new Countersign(app, environment).run('doctor --json')).output;

    const well = await findingsOf();
    const other =
      (change: object): Lie =>
      async ([at], truth) => ({ ...((await truth()) as object), ...(at === '0x0' ? {} : change) });
    second.lie('eth_getBlockByNumber', other({ number: '0x10' }));
    const behind = await findingsOf();
    second.lie('eth_getBlockByNumber', other({ hash: `0x${'1'.repeat(64)}` }));
    const different = await findingsOf();
    second.lie('eth_chainId', '0x1');
    const foreign = await findingsOf();

    expect(well).toContain('two nodes agree about block');
    expect(behind).toMatch(/node 1 is \d+ blocks behind/);
    expect(different).toContain('two nodes have different blocks');
    expect(foreign).toContain('node 1 is lying (wrong_chain_id)');
    expect(foreign).not.toContain('a-key-of-the-operator');
  });
});
