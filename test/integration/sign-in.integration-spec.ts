import { aPerson, countBy, times } from '../factories';
import { TestApp, type Demo } from '../support/test-app';

describe('POST /v1/auth/telegram/init-data', () => {
  let app: TestApp;
  let demo: Demo;

  beforeAll(async () => {
    app = await TestApp.start();
    demo = await app.createApplication();
  });

  afterAll(() => app.close());

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

  it('makes one user of two hundred simultaneous first sign-ins', async () => {
    const person = aPerson();

    const answers = await Promise.all(
      times(200, () =>
        app.postSignIn({ applicationId: demo.applicationId, initData: app.initDataOf(demo, person) }),
      ),
    );

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 200 });
    expect(new Set(answers.map(({ body }) => (body as { userId: string }).userId)).size).toBe(1);
  });
});
