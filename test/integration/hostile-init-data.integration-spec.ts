import fc from 'fast-check';
import hostile from '../vectors/miniapp-hostile.json';
import { aPerson } from '../factories';
import { FakeClock } from '../support/fake-clock';
import { TestApp, type Demo } from '../support/test-app';

describe('hostile init data over HTTP', () => {
  let app: TestApp;
  let demo: Demo;

  beforeAll(async () => {
    app = await TestApp.start({ clock: new FakeClock(new Date(hostile.now * 1_000)) });
    demo = await app.createApplication({ bot: { token: hostile.bot_token, signaturePolicy: 'optional' } });
  });

  afterAll(() => app.close());

  async function inventory(): Promise<object> {
    const [row] = await app.database.query<object>(
      `SELECT (SELECT count(*) FROM users) AS users, (SELECT count(*) FROM identities) AS identities,
              (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM proofs) AS proofs,
              (SELECT count(*) FROM audit_records) AS audit`,
    );
    return row ?? {};
  }

  it.each(hostile.vectors)('judges $id as recommended: $recommended', async ({ init_data, recommended }) => {
    const before = await inventory();

    const answer = await app.postSignIn({ applicationId: demo.applicationId, initData: init_data });

    if (recommended === 'accept') expect(answer.status).toBe(200);
    else {
      expect([400, 401]).toContain(answer.status);
      expect((answer.body as { code: string }).code).toMatch(/^init_data\.|^request\./);
      expect(await inventory()).toEqual(before);
    }
  });

  it('is refused in every mutation, and nothing is written', async () => {
    const strict = await app.createApplication();
    const initData = app.initDataOf(strict, aPerson());
    const before = await inventory();
    const position = fc.nat(initData.length - 1);
    const mutation = fc.oneof(
      fc
        .tuple(position, fc.string({ minLength: 1, maxLength: 3, unit: 'binary' }))
        .map(([at, text]) => initData.slice(0, at) + text + initData.slice(at)),
      fc
        .tuple(position, fc.integer({ min: 1, max: 9 }))
        .map(([at, count]) => initData.slice(0, at) + initData.slice(at + count)),
      position.map(
        (at) => initData.slice(0, at) + (initData[at] === 'A' ? 'B' : 'A') + initData.slice(at + 1),
      ),
      fc.string({ maxLength: 200, unit: 'binary' }),
    );

    await fc.assert(
      fc.asyncProperty(mutation, async (mutated) => {
        fc.pre(!sameFields(mutated, initData));
        const { status } = await app.postSignIn({ applicationId: strict.applicationId, initData: mutated });
        expect([400, 401]).toContain(status);
      }),
      { numRuns: 300 },
    );
    expect(await inventory()).toEqual(before);
  });
});

/** Whether a change left every decoded field as it was: another spelling of one proof, and no forgery. */
function sameFields(one: string, other: string): boolean {
  const fieldsOf = (text: string): string => JSON.stringify([...new URLSearchParams(text)].sort());
  return fieldsOf(one) === fieldsOf(other);
}
