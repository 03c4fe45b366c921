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
  interface Account {
    readonly proof: Readonly<Record<string, unknown>>;
  }
  it.each<[string, (account: Account) => object, string]>([
    [
      'another domain',
      ({ proof }) => ({ proof: { ...proof, domain: { lengthBytes: 12, value: 'evil.example' } } }),
      'wallet.domain_mismatch',
    ],
    [
      'a date long ago',
      ({ proof }) => ({ proof: { ...proof, timestamp: 1_700_000_000 } }),
      'wallet.proof_expired',
    ],
    ['no signature', ({ proof }) => ({ proof: { ...proof, signature: '' } }), 'wallet.proof_malformed'],
  ])('is refused with %s', async (_, change, code) => {
    const wallet = aTonWallet('v4', 'ton:-239', () => app.clock.now());
    const body = (await walletSignInBody(app, demo, wallet)) as unknown as { tonProof: Account };
    const { tonProof } = body;

    const answer = await post({ ...body, tonProof: { ...tonProof, ...change(tonProof) } });

    expectProblem(answer, code === 'wallet.proof_malformed' ? 400 : 401, code);
  });
});
