import { describeError } from '../../apps/cli/src/describe-error';
import { runCommand } from '../../apps/cli/src/run-command';
import { expectProblem } from '../support/expect-problem';
import {
  aRapidpaceApplication,
  aRecord,
  codeOf,
  enter,
  openLink,
  postPlayer,
  queryOf,
  SEED,
  sign,
  without,
} from '../support/rapidpace';
import { TestApp } from '../support/test-app';

describe('the secrets of Rapidpace', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  afterAll(() => app.close());

  async function run(words: string, input = ''): Promise<string> {
    let output = '';
    await runCommand(words.split(' '), {
      environment: { NODE_ENV: 'test', DATABASE_URL: app.database.url, KEYS: app.keys },
      readInput: () => Promise.resolve(input),
      write: (text) => {
        output += text;
      },
    });
    return output;
  }

  async function add(applicationId: string, secret: string): Promise<string> {
    const output = await run(
      `rapidpace add-secret --application ${applicationId} --secret-stdin --json`,
      secret,
    );
    expect(output.trim().split('\n')).toHaveLength(1);
    const added = JSON.parse(output) as { secretId: string };
    expect(added).toEqual({ secretId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string });
    return added.secretId;
  }

  async function remove(applicationId: string, secretId: string): Promise<unknown> {
    return JSON.parse(
      await run(`rapidpace remove-secret --application ${applicationId} --secret ${secretId} --json`),
    ) as unknown;
  }

  it('may be several at once; one that is removed stops at once, on every replica', async () => {
    const { applicationId, secret: first, secretId } = await aRapidpaceApplication(app);
    const second = SEED.secret;
    const statusWith = async (target: TestApp, secret: string): Promise<number> => {
      const record = aRecord(app);
      return (await postPlayer(target, applicationId, record, sign(record, secret))).status;
    };

    await app.withReplica(async (replica) => {
      expect([await statusWith(replica, first), await statusWith(app, second)]).toEqual([201, 401]);
      await add(applicationId, second);
      for (const target of [app, replica])
        expect([await statusWith(target, first), await statusWith(target, second)]).toEqual([201, 201]);

      const link = queryOf(aRecord(app), first);
      codeOf(await openLink(app, applicationId, link));
      expect(await remove(applicationId, secretId)).toEqual({ secretId });
      for (const target of [app, replica]) {
        expect([await statusWith(target, first), await statusWith(target, second)]).toEqual([401, 201]);
        expectProblem(await openLink(target, applicationId, link), 401, 'rapidpace.hmac_mismatch');
      }
    });
  });

  it.each(['dated', 'undated'])(
    'let a %s record that is signed anew with the next secret in again',
    async (kind) => {
      const { applicationId, secret, secretId } = await aRapidpaceApplication(app, {
        rapidpace: { undatedLinks: 'accept' },
      });
      const record = kind === 'dated' ? aRecord(app) : without(aRecord(app), 'auth_date', 'trace_id');
      const before = await enter(app, applicationId, queryOf(record, secret));
      await add(applicationId, SEED.secret);
      await remove(applicationId, secretId);

      const after = await enter(app, applicationId, queryOf(record, SEED.secret));

      expect(after).toMatchObject({ userId: before.userId, isNewUser: false });
      expect(await enter(app, applicationId, queryOf(record, SEED.secret))).toEqual(after);
    },
  );

  it('are recorded, and readable nowhere', async () => {
    const { applicationId } = await aRapidpaceApplication(app);
    const secretId = await add(applicationId, SEED.secret);
    await remove(applicationId, secretId);

    const recorded = await app.database.query<{ action: string }>(
      'SELECT action FROM audit_records WHERE subject = $1 ORDER BY id',
      [secretId],
    );
    const stored = await app.database.query(
      'SELECT t::text FROM audit_records t UNION ALL SELECT t::text FROM rapidpace_secrets t',
    );
    expect(recorded.map(({ action }) => action)).toEqual([
      'rapidpace_secret.added',
      'rapidpace_secret.removed',
    ]);
    expect(JSON.stringify(stored)).not.toContain(SEED.secret);
  });

  it('are taken as they are, but for the line break of a file', async () => {
    const { applicationId, secretId } = await aRapidpaceApplication(app);
    await add(applicationId, `${SEED.secret}\r\n`);
    await remove(applicationId, secretId);
    const record = aRecord(app);

    expect((await postPlayer(app, applicationId, record, sign(record, SEED.secret))).status).toBe(201);
  });

  it('do not leave their application', async () => {
    const [own, other] = [await aRapidpaceApplication(app), await aRapidpaceApplication(app)];

    const sentence = await remove(other.applicationId, own.secretId).then(String, describeError);

    expect(sentence).toContain('rapidpace.secret_not_found');
    const record = aRecord(app);
    expect((await postPlayer(app, own.applicationId, record, sign(record, own.secret))).status).toBe(201);
  });

  it.each([
    ['rapidpace add-secret --application x --secret-stdin', SEED.secret, '--application must be a UUID'],
    ['rapidpace add-secret --secret-stdin', SEED.secret, '--application is missing'],
    ['rapidpace add-secret --application ID', SEED.secret, 'Pass --secret-stdin'],
    ['rapidpace add-secret --application ID --secret-stdin', 'too-short', 'rapidpace.invalid_secret'],
    ['rapidpace add-secret --application ID --secret-stdin', `${SEED.secret} x`, 'rapidpace.invalid_secret'],
    ['rapidpace add-secret --application ID --secret-stdin', SEED.secret, 'application.not_found'],
    ['rapidpace remove-secret --application ID', '', '--secret is missing'],
    ['rapidpace remove-secret --application ID --secret x', '', '--secret must be a UUID'],
    ['rapidpace remove-secret --application ID --secret ID', '', 'rapidpace.secret_not_found'],
  ])('are refused with a sentence: %s (%#)', async (words, input, hint) => {
    const sentence = await run(words.replaceAll('ID', '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11'), input).then(
      () => 'it succeeded',
      describeError,
    );

    expect(sentence).toContain(hint);
    expect(sentence).not.toContain(SEED.secret);
  });
});
