import { aBotToken } from '../factories';
import { expectProblem } from '../support/expect-problem';
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
    app.database.query('SELECT id FROM boards WHERE application_id = $1', [applicationId]);

  it('make an application with its bot and the secret of Rapidpace by one command', async () => {
    const token = aBotToken();
    const made = await countersign.json<Created>(
      'application create --name Casino --origin https://casino.example --for mini-app --for rapidpace --bot casino_bot --rapidpace-secret',
      `${token}\n${'s'.repeat(32)}`,
    );

    const { settings } = await countersign.json<{ settings: object }>(
      `application show ${made.applicationId}`,
    );
    expect(settings).toMatchObject({
      origins: ['https://casino.example'],
      presets: ['mini-app', 'rapidpace'],
      rapidpace: { frontUrl: 'https://casino.example/' },
    });
    expect(await policiesOf(made)).toEqual(['required']);
    const listed = await countersign.json<{ secrets: readonly object[] }>(
      `application list-rapidpace-secrets ${made.applicationId}`,
    );
    expect(listed.secrets).toHaveLength(1);
  });

  it.each([
    ['--for mini-app --bot a_bot', 'no token', 'bot.invalid_token'],
    ['--for rapidpace --rapidpace-secret', 'short', 'rapidpace.invalid_secret'],
    ['--for keycloak', '', '--for'],
  ])('make nothing where one part is refused: %s', async (options, input, expected) => {
    const before = await app.database.query('SELECT id FROM applications');

    expect(await countersign.failure(`application create --name Half ${options}`, input)).toContain(expected);
    expect(await app.database.query('SELECT id FROM applications')).toHaveLength(before.length);
  });

  it('let init data without the signature of Telegram in for Xellar alone', async () => {
    const made = await countersign.json<Created>(
      'application create --name Shop --for xellar --bot shop_bot',
      aBotToken(),
    );
    const add = `bot add --application ${made.applicationId} --username second_bot --token-stdin`;
    await countersign.json(add, aBotToken());
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
    expect(await boardsOf(application)).toHaveLength(1);

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

  it('have names', async () => {
    for (const systems of [['keycloak'], ['metapro', 'metapro'], 'metapro', [null]])
      expectProblem(
        await operator.post('/v1/admin/applications', { name: 'Market', for: systems }),
        400,
        'request.invalid',
      );
  });
});
