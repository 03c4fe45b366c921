import { decodeJwt } from 'jose';
import type { SignInBody } from '../factories';
import { TestApp } from '../support/test-app';

it('the identity token of an answer does not outlive the access token beside it', async () => {
  const app = await TestApp.start();
  try {
    const session = { accessIdle: 10, accessAbsolute: 60 };
    const demo = await app.createApplication({ settings: { identityToken: { inAnswers: true }, session } });
    const { identityToken } = (await app.signIn(demo)) as SignInBody & { identityToken: string };
    const { iat = 0, exp = 0 } = decodeJwt(identityToken);

    expect(exp - iat).toBeLessThanOrEqual(session.accessAbsolute);
  } finally {
    await app.close();
  }
});
