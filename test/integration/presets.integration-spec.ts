import { aBotToken, aPerson } from '../factories';
import { expectRefused, MetaproClient, type MetaproLogin } from '../support/metapro-client';
import { anOperator } from '../support/operator';
import { useCountersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

interface Created {
  readonly applicationId: string;
}
interface Shown {
  readonly effectiveSettings: { readonly presets: readonly string[] };
}

describe('presets of an application', () => {
  const app = useTestApp();
  const countersign = useCountersign(app);
  const operator = useFixture(() => anOperator(app));

  const policiesOf = async ({ applicationId }: Created): Promise<readonly string[]> => {
    const rows = await app.database.query<{ signature_policy: string }>(
      'SELECT signature_policy FROM bots WHERE application_id = $1 ORDER BY id',
      [applicationId],
    );
    return rows.map((row) => row.signature_policy);
  };
  const boardsOf = ({ applicationId }: Created) =>
    app.database.query<{ id: string; is_unverified: boolean }>(
      'SELECT id, is_unverified FROM boards WHERE application_id = $1',
      [applicationId],
    );

  const make = (words: string): Promise<Created> =>
    countersign
      .json<{ application: Created }>(`application create ${words}`)
      .then(({ application }) => application);
  const addBot = async ({ applicationId }: Created): Promise<string> => {
    const token = aBotToken();
    await countersign.json(`bot add --application ${applicationId} --username a_bot --token-stdin`, token);
    return token;
  };

  it('make an application by one command', async () => {
    const made = await make('--name Casino --origin https://casino.example --for mini-app --for rapidpace');

    expect(await countersign.json<Shown>(`application show ${made.applicationId}`)).toMatchObject({
      effectiveSettings: {
        origins: ['https://casino.example'],
        presets: ['mini-app', 'rapidpace'],
        rapidpace: { frontUrl: 'https://casino.example/' },
      },
    });
    await addBot(made);
    expect(await policiesOf(made)).toEqual(['required']);
  });

  it('set what features in use have for them, and keep what an operator set', async () => {
    const made = await make('--name Shop --origin https://shop.example --for openweb3');
    const frontUrl = 'https://shop.example/play';
    await app.changeSettings(made.applicationId, { rapidpace: { frontUrl } });
    await countersign.json(`application set ${made.applicationId} --for rapidpace`);

    expect(await countersign.json<Shown>(`application show ${made.applicationId}`)).toMatchObject({
      effectiveSettings: {
        presets: ['openweb3', 'rapidpace'],
        perRequestInitData: { accept: true },
        embeddedWallets: { enabled: true },
        rapidpace: { frontUrl },
      },
    });
  });

  it('let init data without the signature of Telegram in for Xellar alone', async () => {
    const made = await make('--name Shop --for xellar');
    await addBot(made);
    await addBot(made);
    expect(await policiesOf(made)).toEqual(['optional', 'optional']);

    await countersign.json(`application set ${made.applicationId} --for mini-app`);
    expect(await policiesOf(made)).toEqual(['required', 'required']);
    await countersign.json(`application set ${made.applicationId} --for xellar`);
    expect(await policiesOf(made)).toEqual(['required', 'required']);
  });

  it('add what is missing, once, and say what they allow', async () => {
    const created = await operator.post('/v1/admin/applications', { name: 'Market', for: ['metapro'] });
    const { application } = created.body as { application: Created & { allowed: readonly string[] } };
    expect(application.allowed).toEqual(expect.arrayContaining([expect.stringMatching(/thief/) as string]));
    expect(await boardsOf(application)).toEqual([expect.objectContaining({ is_unverified: true }) as object]);

    const path = `/v1/admin/applications/${application.applicationId}`;
    const changed = await operator.patch(path, {
      for: ['metapro', 'mini-app'],
      settings: { wallets: { accept: false } },
    });
    const { effectiveSettings } = changed.body as Shown;
    expect(effectiveSettings).toMatchObject({
      presets: ['metapro', 'mini-app'],
      wallets: { accept: false },
    });
    expect(await boardsOf(application)).toHaveLength(1);

    const again = await operator.patch(path, { for: ['metapro'] });
    expect((again.body as Shown).effectiveSettings).toMatchObject({
      wallets: { createsAccounts: true, accept: false },
    });
  });

  it('print one sentence in each line', async () => {
    const names = '--for mini-app --for metapro --for rapidpace --for openweb3 --for xellar';
    const { applicationId } = await make('--name Shop --origin https://shop.example');
    const { output } = await countersign.run(`application set ${applicationId} ${names}`);

    const { allowed } = await countersign.json<{ allowed: readonly string[] }>(
      `application show ${applicationId}`,
    );
    const lines = output.split('\n').map((line) => line.replace(/^allowed/, '').trim());
    expect(lines).toEqual(expect.arrayContaining([...allowed]));
    for (const line of allowed) {
      expect(line).toMatch(/[.\]]$/);
      expect(line).not.toMatch(/[.;!?] \S/);
    }
  });

  it('let pages of Metapro send scores as its plug-ins do, with the key alone', async () => {
    const origin = 'https://market.example';
    const made = await make(`--name Market --origin ${origin} --for metapro`);
    const botToken = await addBot(made);
    const client = new MetaproClient(app);
    const demo = { ...made, botId: botToken.split(':')[0] ?? '', botToken };
    const answer = await client.telegramLogin({
      ...{ projectId: made.applicationId, telegramBotName: 'a_bot' },
      telegramSimpleString: app.initDataOf(demo, aPerson()),
    });
    const { userId } = (answer.body as MetaproLogin).account;
    const [board] = await boardsOf(made);
    const leaderboardId = board?.id ?? '';
    const score = { leaderboardId, projectId: made.applicationId, roundData: { score: 5 } };

    const sent = await client.sendTotal(userId, score, { leaderboardApiKey: 'any' }).set('origin', origin);

    expect(sent.body).toMatchObject({ scoreTotal: { userId, currentRoundData: { score: 5 } } });
    const matchId = (await client.match(leaderboardId)).text;
    const run = { ...score, userId, matchId };
    const sentRun = await client.sendOfMap(run, { leaderboardApiKey: 'any' }).set('origin', origin);
    expect(sentRun.body).toMatchObject({ userId, currentRoundData: { score: 10 } });
    const foreign = client.sendTotal(userId, score, { leaderboardApiKey: 'any' });
    expectRefused(await foreign.set('origin', 'https://thief.example'), 403, 'request.origin_not_allowed');
  });

  it('accept the Login Widget for Xellar', async () => {
    const made = await make('--name Shop --for xellar');
    expect(await countersign.json<Shown>(`application show ${made.applicationId}`)).toMatchObject({
      effectiveSettings: { xellar: { enabled: true }, loginWidget: { accept: true } },
    });
  });
});
