import { chainsDocument } from '../support/chains';
import { expectProblem } from '../support/expect-problem';
import { useFakeNode, type FakeNode } from '../support/fake-node';
import { aSteppedUp, linkWallet } from '../support/linked-wallets';
import type { TestApp } from '../support/test-app';
import { answerAsToncenter, answeredNumber } from '../support/toncenter';
import { useApplication, useTestApp } from '../support/use-test-app';
import { askToSignIn, aTonWallet, bodyOf, signInByWallet, SITE, type TestWallet } from '../support/wallets';

const settings = { wallets: { createsAccounts: true } };

/** An endpoint of TON that knows one account, by the numbers that its get methods answer. */
function knowTonAccount(fake: FakeNode, numbers: Readonly<Record<string, string>>): void {
  const methods = Object.entries(numbers).map(([name, value]) => [name, answeredNumber(value)]);
  answerAsToncenter(fake, { methods: Object.fromEntries(methods) as Record<string, object> });
}

describe('a wallet of TON whose network has an endpoint', () => {
  const first = useFakeNode();
  const second = useFakeNode();
  const chain = (...fakes: readonly FakeNode[]) =>
    chainsDocument({
      chainId: 'ton:-239',
      rpcUrls: fakes.map(({ url }) => url),
      mayNameAddresses: true,
      timeLimitMs: 2_000,
    });
  const app = useTestApp(() => ({ environment: { CHAINS: chain(first) } }));
  const sure = useTestApp(() => ({ environment: { CHAINS: chain(first, second) } }));
  const demo = useApplication(app, { origins: [SITE], settings });
  const game = useApplication(sure, { origins: [SITE], settings });
  const ALLOWED = '-0x1';

  /** A wallet whose code is not known: it sends no state init. */
  function unknownWallet(at: TestApp): { wallet: TestWallet; keyOf: () => Promise<string> } {
    const known = aTonWallet('v4', 'ton:-239', () => at.clock.now());
    const read = async (challenge: Parameters<TestWallet['answer']>[0]) =>
      (await known.answer(challenge)) as { challengeId: string; tonProof: Record<string, unknown> };
    return {
      wallet: {
        ...known,
        answer: async (challenge) => {
          const { challengeId, tonProof } = await read(challenge);
          const { walletStateInit: _, ...rest } = tonProof;
          return { challengeId, tonProof: rest };
        },
      },
      keyOf: async () => {
        const challenge = bodyOf(await askToSignIn(app, demo, known));
        return `0x${String((await read(challenge)).tonProof['publicKey']).replace(/^0+/, '')}`;
      },
    };
  }

  it('has the key that the contract tells, as sure as the endpoints that say so', async () => {
    const { wallet, keyOf } = unknownWallet(app);
    const key = await keyOf();
    knowTonAccount(first, { get_public_key: key });
    knowTonAccount(second, { get_public_key: key });

    expect((await signInByWallet(app, demo, wallet)).body).toMatchObject({ assurance: 'bot-token' });
    expect((await signInByWallet(sure, game, wallet)).body).toMatchObject({ assurance: 'platform' });
  });

  it('is linked with how many endpoints named its key', async () => {
    const { wallet, keyOf } = unknownWallet(app);
    const key = await keyOf();
    knowTonAccount(first, { get_public_key: key });
    knowTonAccount(second, { get_public_key: key });
    const v5 = aTonWallet('v5r1', 'ton:-239', () => sure.clock.now());
    const [person, surely] = [await aSteppedUp(app, demo), await aSteppedUp(sure, game)];

    expect((await linkWallet(person, wallet)).proof).toMatchObject({ nodes: 1 });
    expect((await linkWallet(surely, wallet)).proof).toMatchObject({ nodes: 2 });
    for (const fake of [first, second]) knowTonAccount(fake, { is_signature_allowed: ALLOWED });
    expect((await linkWallet(surely, v5)).proof).toMatchObject({ nodes: 0 });
  });

  it('is refused where its signatures are switched off', async () => {
    const wallet = aTonWallet('v5r1', 'ton:-239', () => app.clock.now());
    knowTonAccount(first, { is_signature_allowed: '0x0' });
    expectProblem(await signInByWallet(app, demo, wallet), 401, 'wallet.signature_not_allowed');

    knowTonAccount(first, { is_signature_allowed: ALLOWED });
    expect((await signInByWallet(app, demo, wallet)).body).toMatchObject({ assurance: 'platform' });
  });

  it('is neither signed in nor refused while the endpoint is away, unless it needs none', async () => {
    first.goAway();
    const v5 = aTonWallet('v5r1', 'ton:-239', () => app.clock.now());
    const v4 = aTonWallet('v4', 'ton:-239', () => app.clock.now());

    expectProblem(await signInByWallet(app, demo, v5), 503, 'chain.unavailable');
    expect((await signInByWallet(app, demo, v4)).body).toMatchObject({ assurance: 'platform' });
  });
});
