import { statementsOf } from '../support/statement-count';
import { Signature } from 'ethers';
import { countBy, times, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { aSteppedUp } from '../support/linked-wallets';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  askToSignIn,
  aTonWallet,
  bodyOf,
  signInByWallet,
  SITE,
  walletProof,
  walletSignInBody,
  type ChallengeBody,
} from '../support/wallets';

const app = useTestApp();
const settings = { wallets: { createsAccounts: true } };
const demo = useApplication(app, { origins: [SITE], settings });
const elsewhere = useApplication(app, { origins: [SITE], settings });

const post = (body: object) => app.http.post('/v1/auth/wallets').send(body);

describe('an answer to a challenge', () => {
  it('counts once, also where it is refused', async () => {
    const wallet = anEvmWallet();
    const challenge = bodyOf(await askToSignIn(app, demo, wallet));
    const { applicationId } = demo;
    const wrong = await anEvmWallet().answer(challenge);

    expectProblem(await post({ applicationId, ...wrong }), 401, 'wallet.signature_invalid');
    expectProblem(
      await post({ applicationId, ...(await wallet.answer(challenge)) }),
      401,
      'wallet.challenge_used',
    );
  });

  it('counts once also where many come at once', async () => {
    const body = await walletSignInBody(app, demo, anEvmWallet());

    const answers = await Promise.all(times(30, () => post(body)));

    expect(countBy(answers, ({ status }) => status)).toEqual({ 200: 1, 401: 29 });
    for (const answer of answers)
      if (answer.status !== 200) expectProblem(answer, 401, 'wallet.challenge_used');
  });

  it('counts for five minutes', async () => {
    const wallet = anEvmWallet();
    const [inTime, late] = [
      await walletSignInBody(app, demo, wallet),
      await walletSignInBody(app, demo, wallet),
    ];
    app.clock.advance(299);
    expect((await post(inTime)).status).toBe(200);
    app.clock.advance(1);

    expectProblem(await post(late), 401, 'wallet.challenge_expired');
    expectProblem(await post(late), 401, 'wallet.challenge_used');
  });

  it('counts for its application only, and is used up by another one', async () => {
    const body = await walletSignInBody(app, demo, anEvmWallet());

    expectProblem(
      await post({ ...body, applicationId: elsewhere.applicationId }),
      401,
      'wallet.challenge_invalid',
    );
    expectProblem(await post(body), 401, 'wallet.challenge_used');
  });

  it('counts for its purpose only', async () => {
    const session = await aSteppedUp(app, demo);
    const routes: Readonly<Record<string, string>> = {
      link: '/v1/me/identities/wallets',
      'step-up': '/v1/me/step-up',
      merge: '/v1/me/merges',
    };
    for (const [issuedFor] of Object.entries(routes))
      for (const [purpose, path] of Object.entries(routes)) {
        if (purpose === issuedFor) continue;
        const proof = await walletProof(session, anEvmWallet(), issuedFor);
        expectProblem(await session.post(path, proof), 401, 'wallet.challenge_invalid');
      }
    for (const issuedFor of Object.keys(routes))
      expectProblem(
        await post({
          applicationId: demo.applicationId,
          ...(await walletProof(session, anEvmWallet(), issuedFor)),
        }),
        401,
        'wallet.challenge_invalid',
      );
    for (const path of Object.values(routes)) {
      const { challengeId, ...rest } = await walletSignInBody(app, demo, anEvmWallet());
      expectProblem(await session.post(path, { challengeId, ...rest }), 401, 'wallet.challenge_invalid');
    }
    expect(
      (await session.post('/v1/wallets/challenges', { ...anEvmWallet(), purpose: 'sign-in' })).status,
    ).toBe(400);
  });

  it('counts for the person it was issued to', async () => {
    const [asking, other] = [await aSteppedUp(app, demo), await aSteppedUp(app, demo)];
    const wallet = anEvmWallet();
    const proof = await walletProof(asking, wallet, 'link');

    expectProblem(await other.post('/v1/me/identities/wallets', proof), 401, 'wallet.challenge_invalid');
    expect((await other.get('/v1/me/identities')).body).toMatchObject({ items: [{ provider: 'telegram' }] });
    expectProblem(await asking.post('/v1/me/identities/wallets', proof), 401, 'wallet.challenge_used');
  });

  it('is of this wallet over this very text', async () => {
    const wallet = anEvmWallet();
    const { applicationId } = demo;
    const signed = async (change: (challenge: ChallengeBody) => ChallengeBody) => {
      const challenge = bodyOf(await askToSignIn(app, demo, wallet));
      const answer = await wallet.answer(change(challenge));
      return post({ applicationId, ...answer, challengeId: challenge.challengeId });
    };
    const another = bodyOf(await askToSignIn(app, demo, wallet));
    const changes: readonly ((challenge: ChallengeBody) => ChallengeBody)[] = [
      () => another,
      (challenge) => ({ ...challenge, message: `${challenge.message}\n` }),
      (challenge) => ({ ...challenge, message: `${challenge.message}`.replace('game.', 'evil.') }),
      (challenge) => ({ ...challenge, message: `${challenge.message}`.replaceAll('\n', '\r\n') }),
      (challenge) => ({ ...challenge, message: '' }),
    ];
    for (const change of changes) expectProblem(await signed(change), 401, 'wallet.signature_invalid');
    expect((await signed((challenge) => challenge)).status).toBe(200);
  });

  it('is no signature in another form', async () => {
    const wallet = anEvmWallet();
    const { applicationId } = demo;
    const attempt = async (change: (signature: string) => string) => {
      const challenge = bodyOf(await askToSignIn(app, demo, wallet));
      const { signature, challengeId } = (await wallet.answer(challenge)) as Record<string, string>;
      return post({ applicationId, challengeId, signature: change(signature ?? '') });
    };

    expectProblem(await attempt((text) => `${text}00`), 401, 'wallet.signature_invalid');
    expectProblem(await attempt((text) => text.slice(2)), 400, 'request.invalid');
    expectProblem(await attempt(() => `0x${'ab'.repeat(8_193)}`), 400, 'request.invalid');
    // A spelling of the same one.
    expect((await attempt((text) => Signature.from(text).compactSerialized)).status).toBe(200);
  });

  it('has one proof, of the kind that was asked for, and is not used up by a malformed body', async () => {
    const wallet = anEvmWallet();
    const body = await walletSignInBody(app, demo, wallet);
    const { applicationId, challengeId } = body;
    const { tonProof } = (await walletSignInBody(app, demo, aTonWallet())) as unknown as { tonProof: object };

    expectProblem(await post({ applicationId, challengeId }), 400, 'request.invalid', [
      { path: '', code: 'exactly_one' },
    ]);
    expectProblem(await post({ ...body, tonProof }), 400, 'request.invalid', [
      { path: '', code: 'exactly_one' },
    ]);
    expectProblem(await post({ ...body, message: 'x' }), 400, 'request.unknown_field');
    expect((await post(body)).status).toBe(200);

    const { challengeId: fresh } = bodyOf(await askToSignIn(app, demo, wallet));
    expectProblem(
      await post({ applicationId, challengeId: fresh, tonProof }),
      401,
      'wallet.signature_invalid',
    );
    const ofTon = bodyOf(await askToSignIn(app, demo, aTonWallet())).challengeId;
    expectProblem(
      await post({ applicationId, challengeId: ofTon, signature: `0x${'11'.repeat(65)}` }),
      401,
      'wallet.signature_invalid',
    );
  });

  it('is refused before the database is asked where its id is none of ours', async () => {
    const { applicationId } = demo;
    const signature = `0x${'11'.repeat(65)}`;
    const real = bodyOf(await askToSignIn(app, demo, anEvmWallet())).challengeId;
    const statements = await statementsOf(app, async () => {
      for (const challengeId of ['', 'cs_wc_', `${real}x`, real.slice(0, -1), real.replace('cs_wc', 'cs_rc')])
        expectProblem(await post({ applicationId, challengeId, signature }), 401, 'wallet.challenge_invalid');
    });
    expect(statements.filter((statement) => statement.includes('one_time_tokens'))).toEqual([]);
  });

  it('made before all sessions were ended opens none', async () => {
    const wallet = anEvmWallet();
    const { accessToken } = (await signInByWallet(app, demo, wallet)).body as SignInBody;
    app.clock.advance(1);
    const body = await walletSignInBody(app, demo, wallet);
    app.clock.advance(2);
    await app.http.delete('/v1/me/sessions?all=true').set('authorization', `Bearer ${accessToken}`);

    expectProblem(await post(body), 401, 'auth.proof_outdated');
  });
});
