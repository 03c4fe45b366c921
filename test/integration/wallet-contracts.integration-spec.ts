import { generatePrivateKey, privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts';
import { anvilChain, chainsDocument } from '../support/chains';
import { expectProblem } from '../support/expect-problem';
import { useFakeNode, type FakeNode } from '../support/fake-node';
import {
  aSteppedUp,
  linkWallet,
  sendConnection,
  sendLink,
  walletSession,
  walletsOf,
} from '../support/linked-wallets';
import type { TestApp } from '../support/test-app';
import { answerAsToncenter, answeredNumber } from '../support/toncenter';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  askToSignIn,
  aTonWallet,
  bodyOf,
  signInByWallet,
  SITE,
  walletProof,
  type TestWallet,
} from '../support/wallets';

const YES = `0x1626ba7e${'0'.repeat(56)}`;
const REFUSED = `0x${'f'.repeat(8)}${'0'.repeat(56)}`;
const CHAIN = 'eip155:31337';
const settings = { metapro: { enabled: true }, wallets: { createsAccounts: true } };

function detailOf({ body }: { readonly body: unknown }): string {
  return (body as { detail: string }).detail;
}

/** A contract wallet that the account signs for. */
function contractWallet(address: string, signer: PrivateKeyAccount): TestWallet {
  return {
    address: address.toLowerCase(),
    kind: 'siwe',
    chainId: CHAIN,
    subject: `${CHAIN}:${address.toLowerCase()}`,
    answer: async ({ challengeId, message }) => ({
      challengeId,
      signature: await signer.signMessage({ message: message ?? '' }),
    }),
  };
}

/** A node of the chain where each address has the code of a wallet, and each wallet the same answer. */
function answerAsChain(fake: FakeNode, verdict: string): void {
  fake.lie('eth_chainId', '0x7a69');
  fake.lie('eth_getBlockByNumber', { number: '0x7', hash: `0x${'ab'.repeat(32)}`, timestamp: '0x1' });
  fake.lie('eth_getCode', '0x6080');
  fake.lie('eth_call', verdict);
}

describe('a contract wallet', () => {
  const first = useFakeNode();
  const second = useFakeNode();
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsDocument(anvilChain([first.url, second.url], { timeLimitMs: 2_000 })) },
  }));
  const demo = useApplication(app, { origins: [SITE], settings });
  const owner = privateKeyToAccount(generatePrivateKey());
  const anAddress = () => privateKeyToAccount(generatePrivateKey()).address;
  const aContract = () => contractWallet(anAddress(), owner);

  beforeEach(() => {
    for (const fake of [first, second]) answerAsChain(fake, YES);
  });

  it('is connected to be shown, where two nodes agree on one block', async () => {
    const [session, wallet] = [await aSteppedUp(app, demo), aContract()];

    const { status, body } = await sendConnection(session, wallet);

    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ kind: 'connected', chainId: CHAIN, identityId: null, assurance: null, isPrimary: false },
      ...{ canSignIn: false, proof: { kind: 'siwe', nodes: 2, block: { number: 7 } } },
    });
    expect(await walletsOf(session)).toEqual([body]);
    expect((await sendConnection(session, wallet)).status).toBe(200);
  });

  it('is no identity, also after a step-up', async () => {
    const [session, wallet] = [await aSteppedUp(app, demo), aContract()];
    const byIdentity = await walletProof(session, wallet, 'link');

    expectProblem(await sendLink(session, wallet), 403, 'wallet.sign_in_not_allowed');
    expectProblem(
      await session.post('/v1/me/identities/wallets', byIdentity),
      403,
      'wallet.sign_in_not_allowed',
    );

    expect(await walletsOf(session)).toEqual([]);
  });

  it('opens no account, signs in to none, and neither steps up nor merges, and no node is asked', async () => {
    const [session, wallet] = [await aSteppedUp(app, demo), aContract()];
    expect((await sendConnection(session, wallet)).status).toBe(201);
    const count = async () => app.database.query('SELECT count(*) FROM users');
    const [before, asked] = [await count(), first.requests.length + second.requests.length];

    for (const answer of [
      await signInByWallet(app, demo, wallet),
      await session.post('/v1/me/step-up', await walletProof(session, wallet, 'step-up')),
      await session.post('/v1/me/merges', await walletProof(session, wallet, 'merge')),
    ]) {
      expectProblem(answer, 401, 'wallet.signature_invalid');
      expect(detailOf(answer)).toContain('it does not sign in');
    }

    expect(await count()).toEqual(before);
    expect(first.requests.length + second.requests.length).toBe(asked);
  });

  it('is no login for the key at its address, nor the key one for it (EIP-7702)', async () => {
    const key = anEvmWallet('siwe', CHAIN);
    const holder = await walletSession(app, demo, key);
    const other = await aSteppedUp(app, demo);

    const shown = await sendConnection(other, contractWallet(key.address, owner));

    expect(shown.body).toMatchObject({ kind: 'connected', chainId: CHAIN, canSignIn: false });
    expect((await signInByWallet(app, demo, key)).body).toMatchObject({ userId: holder.userId });
    expect(await walletsOf(holder)).toMatchObject([{ kind: 'linked', chainId: null, canSignIn: true }]);
  });

  it('is refused where its contract refuses, and where the nodes disagree', async () => {
    const session = await aSteppedUp(app, demo);
    answerAsChain(second, REFUSED);
    const disputed = await sendConnection(session, aContract());
    answerAsChain(first, REFUSED);
    const refused = await sendConnection(session, aContract());

    for (const answer of [disputed, refused]) expectProblem(answer, 401, 'wallet.signature_invalid');
    expect(detailOf(disputed)).toContain('do not agree');
    expect(detailOf(refused)).toContain('The contract at the address says');
    expect(await walletsOf(session)).toEqual([]);
  });

  it('is neither connected nor refused while one of two nodes is away', async () => {
    const session = await aSteppedUp(app, demo);
    second.goAway();

    const answer = await sendConnection(session, aContract());

    expectProblem(answer, 503, 'chain.unavailable');
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    // A key needs no node.
    expect((await signInByWallet(app, demo, anEvmWallet('siwe', CHAIN))).status).toBe(200);
  });

  it('needs a chain that is configured, and answers no challenge of another one', async () => {
    const session = await aSteppedUp(app, demo);

    const elsewhere = await sendConnection(session, { ...aContract(), chainId: 'eip155:1' });

    expectProblem(elsewhere, 401, 'wallet.signature_invalid');
    expect(detailOf(elsewhere)).toContain('configured');
  });

  it('has a row that is nothing but connected', async () => {
    const [session, wallet] = [await aSteppedUp(app, demo), aContract()];
    const { walletId } = (await sendConnection(session, wallet)).body as { walletId: string };

    const linked = app.database.query(`UPDATE wallets SET kind = 'embedded' WHERE id = $1`, [walletId]);

    await expect(linked).rejects.toMatchObject({ constraint: 'chk_wallets_kind' });
  });
});

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

  it('is linked with what its endpoints said: its key, and that it takes signatures', async () => {
    const { wallet, keyOf } = unknownWallet(app);
    const key = await keyOf();
    knowTonAccount(first, { get_public_key: key });
    knowTonAccount(second, { get_public_key: key });
    const v5 = aTonWallet('v5r1', 'ton:-239', () => sure.clock.now());
    const [person, surely] = [await aSteppedUp(app, demo), await aSteppedUp(sure, game)];

    expect((await linkWallet(person, wallet)).proof).toMatchObject({ nodes: 1, signatureSwitch: 'allowed' });
    expect((await linkWallet(surely, wallet)).proof).toMatchObject({ nodes: 2, signatureSwitch: 'allowed' });
    for (const fake of [first, second]) knowTonAccount(fake, { is_signature_allowed: ALLOWED });
    expect((await linkWallet(surely, v5)).proof).toMatchObject({ nodes: 0, signatureSwitch: 'allowed' });
    const old = aTonWallet('v4', 'ton:-239', () => sure.clock.now());
    expect((await linkWallet(surely, old)).proof).toMatchObject({ nodes: 0, signatureSwitch: null });
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
