import type { Response } from 'supertest';
import { times } from '../factories';
import {
  aConfidentialApplication,
  basicOf,
  expectOAuthProblem,
  INTROSPECT,
  postText,
} from '../support/oauth';
import { useCountersign } from '../support/run-countersign';
import { until } from '../support/until';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const NOBODY = '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11';

describe('client secrets', () => {
  const app = useTestApp({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });
  const demo = useFixture(() => aConfidentialApplication(app));
  const other = useFixture(() => aConfidentialApplication(app));
  const countersign = useCountersign(app);

  const ask = (authorization?: string): Promise<Response> =>
    postText(app, INTROSPECT, 'token=x', authorization === undefined ? {} : { authorization });
  describe('at the door', () => {
    it('let the application in, also by the one that it was made with', async () => {
      const created = await app.applications.create({ name: 'Shop', trust: 'third-party', origins: [] });

      expect((await ask(basicOf(created))).status).toBe(200);
      expect(
        (await ask(basicOf({ ...created, applicationId: created.applicationId.toUpperCase() }))).status,
      ).toBe(200);
    });

    const wrong: Record<string, () => string | undefined> = {
      'no credentials': () => undefined,
      'a bearer token': () => 'Bearer cs_at_x',
      'another scheme': () => basicOf(demo).replace('Basic', 'Digest'),
      'no colon': () => `Basic ${Buffer.from(demo.applicationId).toString('base64')}`,
      'the beginning of the secret': () => basicOf({ ...demo, clientSecret: demo.clientSecret.slice(0, -1) }),
      'the secret of another application': () => basicOf({ ...demo, clientSecret: other.clientSecret }),
      'an application that does not exist': () => basicOf({ ...demo, applicationId: NOBODY }),
      'a NUL in the id': () => basicOf({ ...demo, applicationId: `${demo.applicationId}\0` }),
    };

    it.each(Object.entries(wrong))('refuse %s with one answer', async (_, authorization) => {
      const [expected, answer] = [await ask('Basic *'), await ask(authorization())];

      expectOAuthProblem(answer, 401, 'client.unauthenticated', 'invalid_client');
      expect(answer.headers['www-authenticate']).toBe('Basic realm="countersign"');
      expect({ ...(answer.body as object), requestId: '' }).toEqual({
        ...(expected.body as object),
        requestId: '',
      });
    });

    it('cannot be guessed on and on from one address', async () => {
      const from = (address: string, clientSecret: string) =>
        postText(app, INTROSPECT, 'token=x', {
          authorization: basicOf({ ...demo, clientSecret }),
          'x-forwarded-for': address,
        });
      const guesses = await Promise.all(times(60, () => from('203.0.113.7', 'guess')));
      const next = await from('203.0.113.7', demo.clientSecret);

      expect(guesses.every(({ status }) => status === 401)).toBe(true);
      expectOAuthProblem(next, 429, 'request.rate_limited', 'temporarily_unavailable');
      expect(next.headers['retry-after']).toMatch(/^\d+$/);
      expect((await from('203.0.113.8', demo.clientSecret)).status).toBe(200);
      app.clock.advance(60);
      expect((await from('203.0.113.7', demo.clientSecret)).status).toBe(200);
    });
  });

  describe('of an operator', () => {
    it('may all be removed, and then nobody speaks for the application', async () => {
      const created = await app.applications.create({ name: 'Shop', trust: 'first-party', origins: [] });
      const secrets = await countersign.lines<{ secretId: string }>(
        `application list-secrets ${created.applicationId}`,
      );
      for (const { secretId } of secrets)
        await countersign.json(`application remove-secret ${created.applicationId} ${secretId}`);

      await until(async () => (await ask(basicOf(created))).status === 401);
      expect((await countersign.run(`application list-secrets ${created.applicationId}`)).output).toBe(
        'None\n',
      );
    });
  });
});
