import { decodeJwt } from 'jose';
import type { SignInBody } from '../factories';
import { useApplication, useTestApp } from '../support/use-test-app';

const session = { accessIdle: 10, accessAbsolute: 60 };
const app = useTestApp();
const demo = useApplication(app, { settings: { identityToken: { inAnswers: true }, session } });

it('the identity token of an answer does not outlive the access token beside it', async () => {
  const { identityToken } = (await app.signIn(demo)) as SignInBody & { identityToken: string };
  const { iat = 0, exp = 0 } = decodeJwt(identityToken);

  expect(exp - iat).toBeLessThanOrEqual(session.accessAbsolute);
});
