import { aPerson, countBy, times } from '../factories';
import { useApplication, useTestApp } from '../support/use-test-app';

describe('POST /v1/auth/telegram/init-data', () => {
  const app = useTestApp();
  const demo = useApplication(app);

  it('signs a person in with fresh init data', async () => {
    const answer = await app.postSignIn({
      applicationId: demo.applicationId,
      initData: app.initDataOf(demo, aPerson(), { startParam: 'campaign-7' }),
    });

    expect(answer.body).toEqual({
      tokenType: 'Bearer',
      accessToken: expect.stringMatching(/^cs_at_/) as string,
      expiresIn: 1800,
      refreshToken: expect.stringMatching(/^cs_rt_/) as string,
      refreshExpiresIn: 2_592_000,
      sessionId: expect.any(String) as string,
      userId: expect.any(String) as string,
      isNewUser: true,
      assurance: 'platform',
      startParam: 'campaign-7',
    });
    expect(answer.status).toBe(200);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('makes one user of sixty simultaneous first sign-ins', async () => {
    const person = aPerson();

    const answers = await Promise.all(
      times(60, () =>
        app.postSignIn({ applicationId: demo.applicationId, initData: app.initDataOf(demo, person) }),
      ),
    );

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 60 });
    expect(new Set(answers.map(({ body }) => (body as { userId: string }).userId)).size).toBe(1);
  });
});
