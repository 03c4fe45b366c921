import { expectProblem } from '../support/expect-problem';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  askToSignIn,
  aTonWallet,
  bodyOf,
  SITE,
  walletSignInBody,
  type TestWallet,
} from '../support/wallets';

const app = useTestApp();
const demo = useApplication(app, { origins: [SITE], settings: { wallets: { createsAccounts: true } } });

const post = (body: object) => app.http.post('/v1/auth/wallets').send(body);

describe('a challenge of TON without an address', () => {
  const unaddressed = async (wallet: TestWallet) =>
    bodyOf(await askToSignIn(app, demo, { ...wallet, address: undefined as unknown as string }));

  it('is answered by any wallet, once', async () => {
    const [first, second] = [aTonWallet(), aTonWallet('v5r1')];
    const challenge = await unaddressed(first);
    expect(challenge.address).toBeNull();
    const { applicationId } = demo;

    const answer = await post({ applicationId, ...(await first.answer(challenge)) });
    expect(answer.body).toMatchObject({ isNewUser: true, assurance: 'platform' });
    expectProblem(
      await post({ applicationId, ...(await second.answer(challenge)) }),
      401,
      'wallet.challenge_used',
    );
    const again = await post({ applicationId, ...(await first.answer(await unaddressed(first))) });
    expect(again.body).toMatchObject({
      isNewUser: false,
      userId: (answer.body as { userId: string }).userId,
    });
  });

  it('takes no proof that names another address than it signs for', async () => {
    const [own, other] = [aTonWallet(), aTonWallet()];
    const challenge = await unaddressed(own);
    const { tonProof } = (await own.answer(challenge)) as { tonProof: object };
    const forged = { ...tonProof, address: other.address };

    const { challengeId } = challenge;
    const answer = await post({ applicationId: demo.applicationId, challengeId, tonProof: forged });
    expectProblem(answer, 401, 'wallet.state_init_mismatch');
  });

  it('is not issued for other kinds', async () => {
    const wallet = { ...anEvmWallet(), address: undefined as unknown as string };
    expectProblem(await askToSignIn(app, demo, wallet), 400, 'wallet.address_invalid');
  });

  it('is answered by no signature of another kind', async () => {
    const { challengeId } = await unaddressed(aTonWallet());
    const signature = `0x${'11'.repeat(65)}`;
    expectProblem(
      await post({ applicationId: demo.applicationId, challengeId, signature }),
      401,
      'wallet.signature_invalid',
    );
  });
});

describe('an answer of TON to a challenge', () => {
  it.each([
    ['behind', -540],
    ['ahead', 540],
  ])('counts from a phone whose clock is nine minutes %s', async (_, seconds) => {
    const now = () => new Date(app.clock.now().getTime() + seconds * 1_000);
    const wallet = aTonWallet('v4', 'ton:-239', now);

    expect((await post(await walletSignInBody(app, demo, wallet))).status).toBe(200);
  });

  it('is read as clients of TON Connect send it', async () => {
    const wallet = aTonWallet('v4', 'ton:-239', () => app.clock.now());
    const body = (await walletSignInBody(app, demo, wallet)) as unknown as {
      tonProof: { network: string; walletStateInit: string; proof: Record<string, unknown> };
    };
    const { network, walletStateInit, proof, ...rest } = body.tonProof;
    const urlSafe = (base64: unknown) => Buffer.from(String(base64), 'base64').toString('base64url');
    const tonProof = {
      ...rest,
      chain: Number(network),
      walletStateInit: urlSafe(walletStateInit),
      proof: { ...proof, timestamp: String(proof['timestamp']), signature: urlSafe(proof['signature']) },
    };

    expect((await post({ ...body, tonProof })).status).toBe(200);
  });

  it.each<[string, (proof: Record<string, unknown>) => object, string]>([
    [
      'another domain',
      (proof) => ({ ...proof, domain: { lengthBytes: 12, value: 'evil.example' } }),
      'wallet.domain_mismatch',
    ],
    ['another payload', (proof) => ({ ...proof, payload: 'f'.repeat(32) }), 'wallet.payload_mismatch'],
    ['a date long ago', (proof) => ({ ...proof, timestamp: 1_700_000_000 }), 'wallet.proof_expired'],
    ['a date to come', (proof) => ({ ...proof, timestamp: 4_000_000_000 }), 'wallet.proof_in_future'],
    [
      'another second',
      (proof) => ({ ...proof, timestamp: Number(proof['timestamp']) + 1 }),
      'wallet.signature_invalid',
    ],
    [
      'a signature of nothing',
      (proof) => ({ ...proof, signature: Buffer.alloc(64).toString('base64') }),
      'wallet.signature_invalid',
    ],
    ['no signature', (proof) => ({ ...proof, signature: '' }), 'wallet.proof_malformed'],
  ])('is refused with %s', async (_, change, code) => {
    const wallet = aTonWallet('v4', 'ton:-239', () => app.clock.now());
    const body = (await walletSignInBody(app, demo, wallet)) as unknown as {
      tonProof: { proof: Record<string, unknown> };
    };
    const { tonProof } = body;

    const answer = await post({ ...body, tonProof: { ...tonProof, proof: change(tonProof.proof) } });

    expectProblem(answer, code === 'wallet.proof_malformed' ? 400 : 401, code);
  });

  it('is refused where the key is not bound to the address', async () => {
    const at = () => app.clock.now();
    const [wallet, other] = [aTonWallet('v4', 'ton:-239', at), aTonWallet('v4', 'ton:-239', at)];
    interface Body {
      readonly challengeId: string;
      readonly tonProof: Record<string, unknown>;
    }
    const attempt = async (change: (proof: Body['tonProof']) => object, by: TestWallet = wallet) => {
      const challenge = bodyOf(await askToSignIn(app, demo, wallet));
      const { challengeId, tonProof } = (await by.answer(challenge)) as Body;
      return post({ applicationId: demo.applicationId, challengeId, tonProof: change(tonProof) });
    };
    const stateInitOf = async (from: TestWallet) =>
      ((await from.answer(bodyOf(await askToSignIn(app, demo, from)))) as Body).tonProof['walletStateInit'];
    const foreign = await stateInitOf(other);

    expectProblem(await attempt((proof) => proof, other), 401, 'wallet.address_mismatch');
    expectProblem(
      await attempt((proof) => ({ ...proof, address: wallet.address }), other),
      401,
      'wallet.state_init_mismatch',
    );
    expectProblem(
      await attempt((proof) => ({ ...proof, walletStateInit: foreign })),
      401,
      'wallet.state_init_mismatch',
    );
    expectProblem(await attempt((proof) => ({ ...proof, network: '-3' })), 401, 'wallet.network_mismatch');
    const unbound = await attempt(({ walletStateInit: _, ...proof }) => proof);
    expectProblem(unbound, 422, 'wallet.network_not_configured');
    expect((await attempt((proof) => proof)).status).toBe(200);
  });
});
