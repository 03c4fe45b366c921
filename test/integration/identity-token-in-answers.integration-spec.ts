import { decodeJwt } from 'jose';
import { SECOND } from '@countersign/clock';
import type { SignInBody } from '../factories';
import { useApplication, useTestApp } from '../support/use-test-app';

const session = { accessIdle: 10, accessAbsolute: 60 };
const app = useTestApp();
const demo = useApplication(app, { settings: { identityToken: { inAnswers: true }, session } });

type Answer = SignInBody & { readonly identityToken: string };

it('the identity token of an answer does not outlive the access token beside it', async () => {
  const { identityToken } = (await app.signIn(demo)) as Answer;
  const { iat = 0, exp = 0 } = decodeJwt(identityToken);

  expect(exp - iat).toBeLessThanOrEqual(session.accessAbsolute);
});

it('the identity token of an answer to a repeated proof tells when that was verified again', async () => {
  const proof = { applicationId: demo.applicationId, initData: app.initDataOf(demo) };
  const { sessionId } = (await app.postSignIn(proof)).body as Answer;
  app.clock.advance(20);

  const { identityToken } = (await app.postSignIn(proof)).body as Answer;

  expect(decodeJwt(identityToken)).toMatchObject({
    sid: sessionId,
    auth_time: app.clock.now().getTime() / SECOND,
  });
});
