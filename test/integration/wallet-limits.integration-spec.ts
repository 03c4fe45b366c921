import { RateLimits } from '@countersign/http';
import { aPerson, countBy } from '../factories';
import { expectProblem } from '../support/expect-problem';
import { signInPerson, type PersonSession } from '../support/person-session';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  askToSignIn,
  signInByWallet,
  SITE,
  walletProof,
  walletSignInBody,
} from '../support/wallets';

const settings = { wallets: { createsAccounts: true } };
const app = useTestApp({ environment: { TRUSTED_PROXIES: '127.0.0.1' } });
const demo = useApplication(app, { origins: [SITE], settings });
const another = useApplication(app, { origins: [SITE], settings });

describe('challenges for sign-ins', () => {
  it('are limited by the address that asks, also for wallets of others', async () => {
    const ask = (address: string) => askToSignIn(app, demo, anEvmWallet()).set('x-forwarded-for', address);
    for (let count = 0; count < 60; count++) expect((await ask('198.51.100.7')).status).toBe(201);

    const refused = await ask('198.51.100.7');

    expectProblem(refused, 429, 'request.rate_limited');
    expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    const other = await ask('198.51.100.8');
    expect(other.status).toBe(201);
  });
});

describe('challenges within sessions', () => {
  it('are limited by the person, in all applications and whether refused or not', async () => {
    const person = aPerson();
    const [here, there] = [await signInPerson(app, demo, person), await signInPerson(app, another, person)];
    expect(there.userId).toBe(here.userId);
    const ask = (session: PersonSession, wallet: object = anEvmWallet()) => {
      const { kind, address } = wallet as { kind: string; address: string };
      return session.post('/v1/wallets/challenges', { kind, address });
    };
    const first = await ask(here);
    expect(first.status).toBe(201);
    const wrong = { kind: 'siwe', address: 'vitalik.eth' };
    for (let count = 1; count < 60; count++)
      expect((await ask(count % 2 ? there : here, count % 3 ? undefined : wrong)).status).toBeLessThan(401);

    for (const session of [here, there]) {
      const refused = await ask(session);
      expectProblem(refused, 429, 'request.rate_limited');
      expect(refused.headers['retry-after']).toMatch(/^\d+$/);
    }
    expect((await ask(await signInPerson(app, demo, aPerson()))).status).toBe(201);
    // Nothing else of the person is held up.
    expect((await here.get('/v1/wallets')).status).toBe(200);
    expect((await askToSignIn(app, demo, anEvmWallet())).status).toBe(201);
    app.clock.advance(61);
    expect((await ask(here)).status).toBe(201);
  });
});

describe('signatures', () => {
  it('are limited by the person who presents them, before they are checked', async () => {
    const session = await signInPerson(app, demo, aPerson());
    const wallet = anEvmWallet();
    const proofs = [];
    for (let count = 0; count < 61; count++) {
      // Challenges have a limit too.
      if (count === 40) app.clock.advance(61);
      proofs.push(await walletProof(session, wallet, 'step-up'));
    }
    const [last, ...others] = proofs;

    const answers = [];
    for (const proof of others) {
      const { challengeId } = proof as { challengeId: string };
      const forged = { challengeId, signature: `0x${'11'.repeat(65)}` };
      answers.push(await session.post('/v1/me/step-up', forged));
    }
    expect(countBy(answers, ({ status }) => status)).toEqual({ 401: 60 });

    expectProblem(await session.post('/v1/me/step-up', last), 429, 'request.rate_limited');
    const other = await signInPerson(app, demo, aPerson());
    expectProblem(
      await other.post('/v1/me/step-up', await walletProof(other, wallet, 'step-up')),
      403,
      'account.other_person',
    );
  });

  it('are limited by the wallet that they are said to be of', async () => {
    const wallet = anEvmWallet();
    const body = await walletSignInBody(app, demo, wallet);
    const limits = app.nest.get(RateLimits);
    const rule = { name: 'wallet-address-proofs', limit: 600, window: 60 };
    for (let count = 0; count < 600; count++) await limits.consume(rule, [wallet.subject]);

    expectProblem(await app.http.post('/v1/auth/wallets').send(body), 429, 'request.rate_limited');
    expect((await signInByWallet(app, demo, anEvmWallet())).status).toBe(200);
  });
});
