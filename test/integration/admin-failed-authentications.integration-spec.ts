import { randomBytes } from 'node:crypto';
import { countBy, times } from '../factories';
import { CONSOLE_URL, FROM_PAGE } from '../support/console';
import { expectProblem } from '../support/expect-problem';
import { expectOAuthProblem } from '../support/oauth';
import { anOperator } from '../support/operator';
import { useTestApp } from '../support/use-test-app';

const LIMIT = 60;

describe('failed authentications of principals', () => {
  const app = useTestApp({ environment: { CONSOLE_URL, TRUSTED_PROXIES: '127.0.0.1' } });

  interface Attempt {
    readonly address: string;
    readonly principalId: string;
    readonly secret?: string;
    readonly scope?: string;
  }

  const aSecret = (): string => `cs_ps_${randomBytes(32).toString('base64url')}`;
  const token = ({ address, principalId, secret = aSecret(), scope }: Attempt) =>
    app.admin
      .post('/v1/admin/token')
      .set('x-forwarded-for', address)
      .type('form')
      .send({ grant_type: 'client_credentials', client_id: principalId, client_secret: secret, scope });
  const session = ({ address, principalId, secret = aSecret() }: Attempt) =>
    app.admin
      .post('/v1/admin/console/session')
      .set({ ...FROM_PAGE, 'x-forwarded-for': address })
      .send({ principalId, secret });

  const tokenOfPerson = ({ address }: Attempt) =>
    app.admin.post('/v1/admin/console/token').set('x-forwarded-for', address).send({ idToken: 'x.x.x' });

  it.each([
    ['token', '203.0.113.21', token, session],
    ['token of a person of the provider', '203.0.113.25', tokenOfPerson, token],
    ['session of the console', '203.0.113.22', session, token],
  ])('for a %s are limited by address, and right secrets pass', async (_, address, ask, askOther) => {
    const { principalId, clientSecret: secret } = await anOperator(app);
    const wrong = { address, principalId };

    const answers = await Promise.all(times(LIMIT + 10, () => ask(wrong)));
    expect(countBy(answers, ({ status }) => String(status))).toEqual({ 401: LIMIT, 429: 10 });

    const right = await Promise.all(
      times(5, () => [token({ ...wrong, secret }), session({ ...wrong, secret }), ask(wrong)]).flat(),
    );
    expect(countBy(right, ({ status }) => String(status))).toEqual({ 200: 5, 204: 5, 429: 5 });
    expect((await token({ ...wrong, secret, scope: 'no:scope' })).status).toBe(400);
    expect((await askOther(wrong)).status).toBe(429);
    expect((await ask({ ...wrong, address: '203.0.113.29' })).status).toBe(401);

    app.clock.advance(LIMIT);
    expect((await ask(wrong)).status).toBe(401);
  });

  it('say how long to wait, at the token route in the words of OAuth', async () => {
    const wrong = { address: '203.0.113.23', principalId: (await anOperator(app)).principalId };
    await Promise.all(times(LIMIT, () => token(wrong)));

    const refused = await token(wrong);
    expectOAuthProblem(refused, 429, 'request.rate_limited', 'temporarily_unavailable');
    expectProblem(await session(wrong), 429, 'request.rate_limited');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  });

  it('are none of a principal whose secret is right', async () => {
    const { principalId, clientSecret: secret } = await anOperator(app);
    const right = { address: '203.0.113.24', principalId, secret };
    await Promise.all(times(LIMIT + 5, () => token({ ...right, scope: 'no:scope' })));

    expect((await token({ ...right, secret: aSecret() })).status).toBe(401);
  });
});
