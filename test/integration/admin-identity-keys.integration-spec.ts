import { times } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { anOperator, type Operator } from '../support/operator';
import { Countersign } from '../support/run-countersign';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const PATH = '/v1/admin/identity-keys';

interface Key {
  readonly kid: string;
  readonly state: string;
}

describe('the keys of identity tokens, for operators', () => {
  const app = useTestApp();
  const operator: Operator = useFixture(() => anOperator(app, ['identity-keys:read', 'identity-keys:write']));
  const listed = async (): Promise<readonly Key[]> =>
    ((await operator.get(PATH).expect(200)).body as { items: readonly Key[] }).items;

  it('are listed without their private half, rotated and revoked', async () => {
    const [first] = await listed();
    const iso = expect.stringMatching(/^20.*Z$/) as string;
    expect(first).toEqual({
      kid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      algorithm: 'ES256',
      state: 'signing',
      createdAt: iso,
      signsFromAt: iso,
    });

    const answers = await Promise.all(times(5, () => operator.post(`${PATH}/rotate`)));
    const [rotated] = answers.map(({ body }) => body as Key);
    expect(answers.map(({ status, body }) => ({ status, body: body as unknown }))).toEqual(
      times(5, () => ({ status: 200, body: { ...rotated, state: 'pending' } })),
    );
    expect(await listed()).toEqual([rotated, first]);
    expect(await new Countersign(app).lines('identity-key list')).toEqual(await listed());

    const revoked = await operator.post(`${PATH}/${first?.kid ?? ''}/revoke`);
    expect(revoked.body).toMatchObject({ kid: rotated?.kid, state: 'signing' });
    expect((await listed()).map(({ kid }) => kid)).toEqual([rotated?.kid]);
    for (const kid of [first?.kid ?? '', 'junk'])
      expectProblem(await operator.post(`${PATH}/${kid}/revoke`), 404, 'identity_key.not_found');
    const { body } = await app.http.get('/.well-known/jwks.json');
    expect((body as { keys: Key[] }).keys.map(({ kid }) => kid)).toEqual([
      rotated?.kid,
      `${rotated?.kid ?? ''}.rs256`,
    ]);
  });
});
