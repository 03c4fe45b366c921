import type request from 'supertest';
import { aPerson, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { isLive, sessionOf, signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  askToSignIn,
  asKind,
  aTonWallet,
  bodyOf,
  signInByWallet,
  SITE,
  walletProof,
  type TestWallet,
} from '../support/wallets';

const app = useTestApp();
const demo = useApplication(app, {
  origins: [SITE],
  settings: { metapro: { enabled: true }, wallets: { createsAccounts: true } },
});

async function steppedUp(): Promise<PersonSession> {
  const session = await signInPerson(app, demo, aPerson());
  expect((await session.stepUp()).status).toBe(200);
  return session;
}

function sessionBy(answer: request.Response): PersonSession {
  expect(answer.status).toBe(200);
  return sessionOf(app, answer.body as SignInBody, aPerson(), () => ({}));
}

const link = async (session: PersonSession, wallet: TestWallet) =>
  session.post('/v1/me/identities/wallets', await walletProof(session, wallet, 'link'));

const merge = async (session: PersonSession, wallet: TestWallet) =>
  session.post('/v1/me/merges', await walletProof(session, wallet, 'merge'));

/** A page of somebody else gets its visitor to sign the message of Metapro, which does not say for whom it is. */
describe('who passes on a signature that names no site', () => {
  it('gets the wallet into no account of theirs', async () => {
    const victim = anEvmWallet();
    const attacker = await steppedUp();

    expectProblem(await link(attacker, asKind(victim, 'metapro')), 403, 'auth.assurance_too_low');

    const own = sessionBy(await signInByWallet(app, demo, victim));
    expect(own.userId).not.toBe(attacker.userId);
    expect(own.assurance).toBe('platform');
  });

  it('keeps nothing of an account that they founded before its holder came', async () => {
    const victim = anEvmWallet();
    const forged = sessionBy(await signInByWallet(app, demo, asKind(victim, 'metapro')));
    expect(forged.assurance).toBe('vendor');

    const holder = sessionBy(await signInByWallet(app, demo, victim));

    expect(holder.userId).toBe(forged.userId);
    expect(await isLive(app, forged)).toBe(false);
    expect(await isLive(app, holder)).toBe(true);
  });

  it('neither merges the account of the wallet nor reaches what asks for its level', async () => {
    const victim = anEvmWallet();
    const holder = sessionBy(await signInByWallet(app, demo, victim));
    const attacker = await steppedUp();

    expectProblem(await merge(attacker, asKind(victim, 'metapro')), 403, 'auth.assurance_too_low');
    const inside = sessionBy(await signInByWallet(app, demo, asKind(victim, 'metapro')));
    expect(inside.userId).toBe(holder.userId);
    for (const call of [
      inside.get('/v1/me/export'),
      link(inside, anEvmWallet()),
      merge(inside, anEvmWallet()),
    ])
      expect((await call).status).toBe(403);
    expect(await isLive(app, holder)).toBe(true);
  });
});

describe('who has a page of their own and an account', () => {
  it('gets no message that names their page, nor one without a site', async () => {
    const victim = anEvmWallet();
    const site = 'https://game-example.evil.example';

    expectProblem(await askToSignIn(app, demo, victim, { origin: site }), 403, 'request.origin_not_allowed');
    const { message } = bodyOf(await askToSignIn(app, demo, victim));
    expect(message).toContain('game.example wants you to sign in');
    expect(message).toContain(`URI: ${SITE}\n`);
  });

  it('cannot use a signature of another application’s site', async () => {
    const phishing = await app.createApplication({
      trust: 'third-party',
      origins: ['https://third.example'],
      settings: { wallets: { createsAccounts: true } },
    });
    const victim = anEvmWallet();
    await signInByWallet(app, demo, victim);
    const wanted = bodyOf(await askToSignIn(app, demo, victim));
    const shown = bodyOf(await askToSignIn(app, phishing, victim));
    const { signature } = (await victim.answer(shown)) as { signature: string };

    const attempts = [
      { applicationId: demo.applicationId, challengeId: wanted.challengeId, signature },
      { applicationId: demo.applicationId, challengeId: shown.challengeId, signature },
    ];

    const [first, second] = attempts.map((body) => app.http.post('/v1/auth/wallets').send(body));
    expectProblem(await (first as request.Test), 401, 'wallet.signature_invalid');
    expectProblem(await (second as request.Test), 401, 'wallet.challenge_invalid');
  });

  it('does not step up with a wallet that somebody else signs for', async () => {
    const victim = anEvmWallet();
    const holder = sessionBy(await signInByWallet(app, demo, victim));
    const attacker = await signInPerson(app, demo);

    const proof = await walletProof(attacker, victim, 'step-up');

    expectProblem(await attacker.post('/v1/me/step-up', proof), 403, 'account.other_person');
    expectProblem(await holder.post('/v1/me/step-up', proof), 401, 'wallet.challenge_invalid');
  });

  it('is told by the text of the message what they are asked to agree to', async () => {
    const session = await steppedUp();
    const texts = await Promise.all(
      ['link', 'step-up', 'merge', 'detach'].map(async (purpose) => {
        const { address } = anEvmWallet();
        const body = { kind: 'siwe', address, purpose };
        return bodyOf(await session.post('/v1/wallets/challenges', body)).message?.split('\n')[3];
      }),
    );

    expect(texts).toEqual([
      'Link this wallet to the account that is signed in.',
      'Confirm with this wallet an act on the account that is signed in.',
      'Merge the account of this wallet into the account that is signed in.',
      'Take this wallet out of the account that is signed in.',
    ]);
  });
});

describe('a wallet of a test network', () => {
  it('does not reach the account of another network', async () => {
    const now = () => app.clock.now();
    const wallet = aTonWallet('v5r1', 'ton:-3', now);
    const session = await steppedUp();
    expect((await link(session, wallet)).status).toBe(201);

    const inside = sessionBy(await signInByWallet(app, demo, wallet));
    const proof = await walletProof(inside, wallet, 'step-up');
    expectProblem(await inside.post('/v1/me/step-up', proof), 403, 'auth.assurance_too_low');

    const loser = await signInPerson(app, demo);
    expect((await loser.stepUp()).status).toBe(200);
    expectProblem(await merge(loser, wallet), 403, 'auth.assurance_too_low');
  });
});
