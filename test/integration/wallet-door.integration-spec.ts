import type request from 'supertest';
import { aPerson, type SignInBody } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { inventoryOf } from '../support/inventory';
import { linkWeakly } from '../support/linked-wallets';
import { sessionOf, signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  askToSignIn,
  aTonWallet,
  signInByWallet,
  SITE,
  walletProof,
  walletSignInBody,
  type TestWallet,
} from '../support/wallets';

const app = useTestApp();
const demo = useApplication(app, {
  origins: [SITE],
  settings: { metapro: { enabled: true }, wallets: { accept: true } },
});
const founding = useApplication(app, {
  origins: [SITE],
  settings: { metapro: { enabled: true }, wallets: { createsAccounts: true } },
});

const now = () => app.clock.now();

/** Every kind of wallet, and the assurance of its proofs. */
const wallets: readonly [string, () => TestWallet, string][] = [
  ['siwe', () => anEvmWallet('siwe'), 'platform'],
  ['a V4 of TON', () => aTonWallet('v4', 'ton:-239', now), 'platform'],
  ['a V5R1 of TON', () => aTonWallet('v5r1', 'ton:-239', now), 'platform'],
  ['a V5R1 of the test network', () => aTonWallet('v5r1', 'ton:-3', now), 'platform'],
];

async function steppedUp(person = aPerson()): Promise<PersonSession> {
  const session = await signInPerson(app, demo, person);
  expect((await session.stepUp()).status).toBe(200);
  return session;
}

async function link(session: PersonSession, wallet: TestWallet): Promise<request.Response> {
  return session.post('/v1/me/identities/wallets', await walletProof(session, wallet, 'link'));
}

/** Somebody whose account a wallet founded. */
async function founder(wallet: TestWallet): Promise<PersonSession> {
  const answer = await signInByWallet(app, founding, wallet);
  expect(answer.status).toBe(200);
  return sessionOf(app, answer.body as SignInBody, aPerson(), () => ({}));
}

async function stepUpBy(session: PersonSession, wallet: TestWallet) {
  return session.post('/v1/me/step-up', await walletProof(session, wallet, 'step-up'));
}

describe('a wallet', () => {
  it.each(wallets)('signs in to the account that has it linked (%s)', async (_, make, assurance) => {
    const wallet = make();
    const session = await steppedUp();
    const linked = await link(session, wallet);
    expect({ status: linked.status, body: linked.body as unknown }).toMatchObject({
      status: 201,
      body: { provider: wallet.kind === 'ton-proof' ? 'ton' : 'ethereum', subject: wallet.subject },
    });
    expect((await link(session, wallet)).status).toBe(200);

    const answer = await signInByWallet(app, demo, wallet);

    expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({
      status: 200,
      body: { userId: session.userId, isNewUser: false, assurance },
    });
  });

  it.each(wallets)(
    'founds an account only where the application says so (%s)',
    async (_, make, assurance) => {
      const wallet = make();
      const before = await inventoryOf(app);

      expectProblem(await signInByWallet(app, demo, wallet), 403, 'wallet.not_linked');
      expect(await inventoryOf(app)).toEqual(before);

      const answer = await signInByWallet(app, founding, wallet);
      expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({
        status: 200,
        body: { isNewUser: true, assurance },
      });
      const { userId } = answer.body as SignInBody;
      expect((await signInByWallet(app, demo, wallet)).body).toMatchObject({ userId, isNewUser: false });
    },
  );

  it('keeps the account that was to be erased, by a proof made after the request', async () => {
    const wallet = anEvmWallet();
    const session = await founder(wallet);
    const stale = await walletSignInBody(app, demo, wallet);
    app.clock.advance(2);
    expect((await stepUpBy(session, wallet)).status).toBe(200);
    expect((await session.delete(`/v1/me?confirm=${session.userId}`)).status).toBeLessThan(300);
    app.clock.advance(2);
    const post = (body: object) => app.http.post('/v1/auth/wallets').send(body);

    expect((await post({ ...stale, cancelErasure: true })).status).toBe(401);
    expectProblem(await signInByWallet(app, demo, wallet), 403, 'user.erasure_pending');
    const kept = await post({ ...(await walletSignInBody(app, demo, wallet)), cancelErasure: true });

    expect({ status: kept.status, body: kept.body as unknown }).toMatchObject({
      status: 200,
      body: { userId: session.userId },
    });
  });

  it('counts as little as a vendor says so, where it signs the message of Metapro', async () => {
    const wallet = anEvmWallet('metapro');
    const plain = await app.createApplication({ origins: [SITE] });
    expectProblem(await askToSignIn(app, plain, wallet), 403, 'wallet.not_accepted');

    const session = await founder(wallet);

    expect(session.assurance).toBe('vendor');
    expectProblem(await stepUpBy(session, wallet), 403, 'auth.assurance_too_low');
    expectProblem(await link(await steppedUp(), anEvmWallet('metapro')), 403, 'auth.assurance_too_low');
  });

  it('steps up, and reaches what asks for it', async () => {
    const wallet = anEvmWallet();
    const session = await founder(wallet);
    const other = anEvmWallet();
    expectProblem(await link(session, other), 403, 'account.step_up_required');

    expect((await stepUpBy(session, wallet)).status).toBe(200);

    expect((await link(session, other)).status).toBe(201);
    expectProblem(await stepUpBy(session, anEvmWallet()), 403, 'account.other_person');
  });

  it('steps up for its application where it does not reach the level', async () => {
    const wallet = anEvmWallet();
    await linkWeakly(app, await steppedUp(), wallet);
    const session = await founder(wallet);

    expect((await stepUpBy(session, wallet)).status).toBe(200);
    expectProblem(await link(session, anEvmWallet()), 403, 'auth.assurance_too_low');
  });

  it('signs in to third-party applications by what nobody else can pass on', async () => {
    const third = await app.createApplication({
      trust: 'third-party',
      origins: ['https://third.example'],
      settings: { metapro: { enabled: true }, wallets: { createsAccounts: true } },
    });

    expect((await signInByWallet(app, third, anEvmWallet('siwe'))).status).toBe(200);
    expectProblem(await signInByWallet(app, third, anEvmWallet('metapro')), 403, 'auth.assurance_too_low');
  });

  it('tells services behind the gateway which door it was', async () => {
    const { accessToken } = await founder(anEvmWallet());

    const answer = await app.check(accessToken);
    const [, payload = ''] = (answer.headers['x-identity-token'] ?? '').split('.');

    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ amr: ['wallet'] });
  });
});

describe('an application', () => {
  it('accepts no wallets, or none by the message of Metapro', async () => {
    const none = await app.createApplication({ origins: [SITE], settings: { wallets: { accept: false } } });
    const some = await app.createApplication({
      origins: [SITE],
      settings: { wallets: { createsAccounts: true } },
    });
    const ask = ({ applicationId }: { applicationId: string }, { kind, address }: TestWallet) =>
      app.http.post('/v1/auth/wallets/challenges').send({ applicationId, kind, address });

    for (const [, make] of wallets) expectProblem(await ask(none, make()), 403, 'wallet.not_accepted');
    expectProblem(await ask(some, anEvmWallet('metapro')), 403, 'wallet.not_accepted');
    expect((await signInByWallet(app, some, anEvmWallet('siwe'))).status).toBe(200);
  });
});
