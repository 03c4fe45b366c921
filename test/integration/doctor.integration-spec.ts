import { randomUUID } from 'node:crypto';
import { generateKeyRing } from '@countersign/crypto';
import { environmentOf, useCustody } from '../support/embedded-wallets';
import { useFakeBotApi } from '../support/fake-bot-api';
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
      new Set([...['gateway', 'database', 'role', 'clock', 'schema', 'keys', 'bot 1']]),
    );
    expect(page.exitCode).toBe(0);
    expect(page.output).toMatch(/\n\n0 wrong, 0 unknown, \d to note, \d+ ok\n$/);
    expect(page.output.split('\n').length).toBeLessThan(50);
  });

  it('announces once where tokens are sent, before they are', async () => {
    for (const game of [await aGame(), await aGame()]) atTelegram(game);
    const notices: string[] = [];
    const notify = (line: string): void => void notices.push(`${line} (${telegram.calls.length})`);

    await new Countersign(app).run(`doctor --bot-api ${telegram.url}`, '', { notify });

    expect(notices).toEqual([`Secrets of this command are sent to ${telegram.url}. (0)`]);
  });

  it('reads no answer that is too large', async () => {
    const game = await aGame();
    atTelegram(game, { getMe: { username: 'x'.repeat(70_000) } });

    const { findings } = await examine();

    expect(findings.find(({ check }) => check === `bot ${game.botId}`)).toMatchObject({
      state: 'unknown',
      detail: expect.stringContaining('RangeError') as string,
    });
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
    });

    const found = wrongIn(findings).join('\n');
    for (const word of ['NODE_ENV', 'PUBLIC_URL', 'TRUSTED_PROXIES has 0.0.0.0/0'])
      expect(found).toContain(word);
  });

  it('asks Telegram for each bot: token, name and Mini App', async () => {
    const [revoked, renamed, foreign] = [await aGame(), await aGame(), await aGame()];
    atTelegram(renamed, { getMe: { id: 1, is_bot: true, username: 'x; reboot' } });
    atTelegram(foreign, {
      getChatMenuButton: { type: 'web_app', text: 'x', web_app: { url: 'https://old.example.com/' } },
    });

    const { exitCode, findings, output } = await examine();

    expect(exitCode).toBe(1);
    expect(new Set(wrongIn(findings))).toEqual(
      new Set([
        `bot ${revoked.botId}: Telegram does not know its token: it was revoked, or the bot is deleted`,
        `bot ${renamed.botId}: Telegram calls it by another name, and this service @test_bot: links open another bot or none`,
        `bot ${foreign.botId}: its default menu button opens https://old.example.com, which may not call for application ${foreign.applicationId}`,
      ]),
    );
    expect(output).not.toContain('reboot');
    for (const { botToken } of [revoked, renamed, foreign])
      expect(output).not.toContain(botToken.slice(botToken.indexOf(':') + 1));
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

describe('countersign doctor beside custody', () => {
  const custody = useCustody();
  const app = useTestApp(() => environmentOf(custody));

  it('says what the rules of custody lack, and that it is away', async () => {
    const examine = async () => {
      const { output } = await new Countersign(app, { CUSTODY_SOCKET: custody.socket }).run('doctor --json');
      const findings = output
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Finding]));
      return findings
        .filter(({ check }) => check === 'custody')
        .map(({ state, detail }) => `${state}: ${detail}`);
    };

    expect(await examine()).toEqual([
      'note: CUSTODY_API_DATABASE_URL is not set: it compares signatures with nothing',
      expect.stringMatching(/^ok: its rules name \d+ coins and tokens$/),
    ]);
    await custody.compare(app.database.name);
    expect(await examine()).toContainEqual(expect.stringMatching(/^ok: its signatures were compared at 2/));
    await custody.asSuperuser((client) => client.query('UPDATE custody.journal_head SET without_act = 2'));
    await custody.reload({ consentBots: [] });
    await custody.client.brake(randomUUID(), 'test');
    expect(await examine()).toEqual([
      expect.stringMatching(/^wrong: all wallets are stopped since/),
      'wrong: 2 signatures were not allowed by the API',
      'note: its rules name no coin or token: wallets sign messages alone',
      'note: its rules name no consent bot: no words are shown, and no freeze ends',
    ]);
    await custody.kill();
    expect(await examine()).toEqual(['wrong: it does not answer at CUSTODY_SOCKET']);
  });
});
