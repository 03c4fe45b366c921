import { decodeJwt } from 'jose';
import { createIdentityTokenVerifier } from '@countersign/identity-token';
import { times, type SignInBody } from '../factories';
import { ISSUER } from '../support/oauth';
import { aRapidpaceApplication, aRecord, enter, queryOf } from '../support/rapidpace';
import type { Demo } from '../support/test-app';
import { useApplication, useTestApp } from '../support/use-test-app';

const QUARTER_OF_AN_HOUR = 15 * 60;

describe('the identity token in answers of sign-in and refresh', () => {
  const app = useTestApp({ environment: { PUBLIC_URL: ISSUER } });
  const asking = useApplication(app, {
    settings: { scopes: ['chat'], identityToken: { inAnswers: true }, audiences: ['orders'] },
  });

  const secondsNow = () => app.clock.now().getTime() / 1_000;

  async function expectTokenFor(
    body: unknown,
    { applicationId }: Pick<Demo, 'applicationId'>,
  ): Promise<void> {
    const { identityToken = '', userId, sessionId } = body as SignInBody & { identityToken?: string };
    const service = createIdentityTokenVerifier({
      issuer: ISSUER,
      audience: applicationId,
      jwksUrl: `http://127.0.0.1:${app.port}/.well-known/jwks.json`,
      now: () => app.clock.now(),
      timeLimit: 30,
    });
    expect(await service.verify(identityToken)).toMatchObject({ userId, sessionId, applicationId });
    expect((decodeJwt(identityToken).exp ?? 0) - secondsNow()).toBeLessThanOrEqual(300);
  }

  it('is there where the application asks for it', async () => {
    const initData = app.initDataOf(asking);
    const body = { applicationId: asking.applicationId, initData };
    const signedIn = await app.postSignIn(body);
    await expectTokenFor(signedIn.body, asking);

    const repeated = await app.postSignIn(body);
    expect(repeated.body).toMatchObject({ sessionId: (signedIn.body as SignInBody).sessionId });
    await expectTokenFor(repeated.body, asking);

    app.clock.advance(QUARTER_OF_AN_HOUR);
    const reentered = await app.postSignIn(body);
    await expectTokenFor(reentered.body, asking);

    const refreshed = await app.refresh((reentered.body as SignInBody).refreshToken);
    expect(refreshed.status).toBe(200);
    await expectTokenFor(refreshed.body, asking);
  });

  it.each([true, false])('comes with what a one-time code is exchanged for, too: %p', async (inAnswers) => {
    const settings = { identityToken: { inAnswers } };
    const { applicationId, secret } = await aRapidpaceApplication(app, { settings });
    const body = await enter(app, applicationId, queryOf(aRecord(app), secret));

    if (inAnswers) await expectTokenFor(body, { applicationId });
    else expect(body).not.toHaveProperty('identityToken');
  });

  it('does not outlive the access token that it comes with', async () => {
    const demo = await app.createApplication({
      settings: { identityToken: { inAnswers: true }, session: { accessIdle: 10, accessAbsolute: 60 } },
    });
    const body = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
    const signedIn = (await app.postSignIn(body)).body as SignInBody & { identityToken: string };
    const refreshed = (await app.refresh(signedIn.refreshToken)).body as typeof signedIn;

    const lives = [signedIn, refreshed].map(
      ({ identityToken }) => (decodeJwt(identityToken).exp ?? 0) - secondsNow(),
    );
    expect(lives.map((life) => life <= 60)).toEqual(times(2, () => true));
  });
});
