import { encodeAbiParameters, encodeFunctionData, type Address, type Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { aPerson, type SignInBody } from '../factories';
import { anvilAccount, describeWithAnvil, useAnvil } from '../support/anvil';
import { anvilChain, chainsDocument } from '../support/chains';
import { ANVIL_CHAIN, contractWallet } from '../support/contract-wallets';
import { expectProblem } from '../support/expect-problem';
import { useFakeNode, type FakeNode } from '../support/fake-node';
import { aSteppedUp, letSignIn, linkWallet, walletsOf } from '../support/linked-wallets';
import { signInPerson } from '../support/person-session';
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
const MAGIC_6492 = '6492'.repeat(16);
const settings = {
  metapro: { enabled: true },
  wallets: { createsAccounts: true, contractsCreateAccounts: true },
};

async function identitiesOf(app: TestApp, { accessToken }: SignInBody): Promise<unknown> {
  const answer = await app.http.get('/v1/me/identities').set('authorization', `Bearer ${accessToken}`);
  return (answer.body as { items: unknown }).items;
}

function detailOf({ body }: { readonly body: unknown }): string {
  return (body as { detail: string }).detail;
}

describeWithAnvil('a contract wallet', () => {
  const anvil = useAnvil();
  const first = useFakeNode(() => anvil.url);
  const second = useFakeNode(() => anvil.url);
  const app = useTestApp(() => ({
    environment: { CHAINS: chainsDocument(anvilChain([first.url], { timeLimitMs: 2_000 })) },
  }));
  const demo = useApplication(app, { origins: [SITE], settings });
  const owner = anvilAccount(1);
  const stranger = anvilAccount(2);

  it('signs in as an identity of its chain, as sure as its one node', async () => {
    const { address } = await anvil.deploy('OwnedWallet', [owner.address]);
    const wallet = contractWallet(address, owner);

    const answer = await signInByWallet(app, demo, wallet);

    expect(answer.body).toMatchObject({ isNewUser: true, assurance: 'bot-token' });
    expect(await identitiesOf(app, answer.body as SignInBody)).toMatchObject([
      { provider: 'ethereum', environment: 'production', subject: wallet.subject },
    ]);
    expect((await signInByWallet(app, demo, wallet)).body).toMatchObject({ isNewUser: false });
    const refused = await signInByWallet(app, demo, contractWallet(address, stranger));
    expectProblem(refused, 401, 'wallet.signature_invalid');
    expect(detailOf(refused)).toContain('The contract at the address says');
  });

  it('is linked, and opens nothing once its owner has changed', async () => {
    const deployed = await anvil.deploy('OwnedWallet', [owner.address]);
    const wallet = contractWallet(deployed.address, owner);
    const session = await signInPerson(app, demo, aPerson());
    await session.stepUp();
    const linked = await session.post(
      '/v1/me/identities/wallets',
      await walletProof(session, wallet, 'link'),
    );
    expect(linked.status).toBe(201);
    const [found] = await walletsOf(session);
    await letSignIn(session, { walletId: found?.walletId ?? '' });
    expect((await signInByWallet(app, demo, wallet)).body).toMatchObject({ userId: session.userId });

    await anvil.write(deployed, 'setOwner', [stranger.address], { from: owner });

    expectProblem(await signInByWallet(app, demo, wallet), 401, 'wallet.signature_invalid');
  });

  it('signs in before it is deployed, by the wrapper of ERC-6492, and with or without one afterwards', async () => {
    const factory = await anvil.deploy('WalletFactory');
    const salt = `0x${'00'.repeat(31)}07`;
    const address = await anvil.read<Address>(factory, 'addressOf', [owner.address, salt]);
    const data = encodeFunctionData({
      abi: factory.abi,
      functionName: 'deploy',
      args: [owner.address, salt],
    });
    const wrap = (signature: Hex): Hex => {
      const parameters = [{ type: 'address' }, { type: 'bytes' }, { type: 'bytes' }] as const;
      return `${encodeAbiParameters(parameters, [factory.address, data, signature])}${MAGIC_6492}`;
    };
    const wallet = contractWallet(address, owner, { wrap });
    expectProblem(
      await signInByWallet(app, demo, contractWallet(address, owner)),
      401,
      'wallet.signature_invalid',
    );
    const { userId } = (await signInByWallet(app, demo, wallet)).body as SignInBody;
    expect(await anvil.client.getCode({ address })).toBeUndefined();

    await anvil.write(factory, 'deploy', [owner.address, salt]);

    for (const later of [wallet, contractWallet(address, owner)])
      expect((await signInByWallet(app, demo, later)).body).toMatchObject({ userId });
    const forged = await signInByWallet(app, demo, contractWallet(address, stranger, { wrap }));
    expectProblem(forged, 401, 'wallet.signature_invalid');
    expect(detailOf(forged)).toContain('The contract at the address says');
  });

  it('is another identity than the key at the same address, whatever its node says', async () => {
    const key = anEvmWallet('siwe', ANVIL_CHAIN);
    const holder = (await signInByWallet(app, demo, key)).body as SignInBody;
    expect(first.methods()).toEqual([]);
    first.lie('eth_getCode', '0x6080');
    first.lie('eth_call', YES);

    const forged = await signInByWallet(app, demo, contractWallet(key.address, stranger));

    expect(forged.body).toMatchObject({ isNewUser: true, assurance: 'bot-token' });
    expect((forged.body as SignInBody).userId).not.toBe(holder.userId);
    const again = await signInByWallet(app, demo, key);
    expect(again.body).toMatchObject({ userId: holder.userId, assurance: 'platform' });
  });

  it('does not count instead of a key that delegates to it (EIP-7702)', async () => {
    const secret = generatePrivateKey();
    const account = privateKeyToAccount(secret);
    const yes = await anvil.deploy('AwkwardWallet', [0]);
    await anvil.pay(account.address, 10n ** 18n);
    const authorization = await anvil.client.signAuthorization({
      account,
      contractAddress: yes.address,
    });
    await anvil.receipt(
      await anvil.client.sendTransaction({
        account: anvilAccount(0),
        to: account.address,
        authorizationList: [authorization],
      }),
    );

    const byKey = await signInByWallet(app, demo, anEvmWallet('siwe', ANVIL_CHAIN, secret));
    const byDelegate = await signInByWallet(app, demo, contractWallet(account.address, stranger));

    expect(byKey.body).toMatchObject({ isNewUser: true, assurance: 'platform' });
    expect(byDelegate.body).toMatchObject({ isNewUser: true, assurance: 'bot-token' });
  });

  it('is neither signed in nor refused while its node is away', async () => {
    const { address } = await anvil.deploy('OwnedWallet', [owner.address]);
    first.goAway();

    const answer = await signInByWallet(app, demo, contractWallet(address, owner));

    expectProblem(answer, 503, 'chain.unavailable');
    expect(answer.headers['retry-after']).toMatch(/^\d+$/);
    // A key needs no node.
    expect((await signInByWallet(app, demo, anEvmWallet('siwe', ANVIL_CHAIN))).status).toBe(200);
  });

  it('needs a chain that is configured', async () => {
    const { address } = await anvil.deploy('OwnedWallet', [owner.address]);
    const elsewhere = { ...contractWallet(address, owner), chainId: 'eip155:1' };

    const answer = await signInByWallet(app, demo, elsewhere);

    expectProblem(answer, 401, 'wallet.signature_invalid');
    expect(detailOf(answer)).toContain('configured');
  });

  describe('whose chain has two nodes', () => {
    const sure = useTestApp(() => ({
      environment: { CHAINS: chainsDocument(anvilChain([first.url, second.url], { timeLimitMs: 2_000 })) },
    }));
    const game = useApplication(sure, { origins: [SITE], settings });

    it('counts as much as a key where both agree and the message names the site', async () => {
      const { address } = await anvil.deploy('OwnedWallet', [owner.address]);

      expect((await signInByWallet(sure, game, contractWallet(address, owner))).body).toMatchObject({
        assurance: 'platform',
      });
      const metapro = contractWallet(address, owner, { kind: 'metapro' });
      expect((await signInByWallet(sure, game, metapro)).body).toMatchObject({ assurance: 'vendor' });
    });

    it('is refused where one of them lies, and asked for again where one is away', async () => {
      const { address } = await anvil.deploy('OwnedWallet', [owner.address]);
      second.lie('eth_call', YES);
      const refused = await signInByWallet(sure, game, contractWallet(address, stranger));
      expectProblem(refused, 401, 'wallet.signature_invalid');
      expect(detailOf(refused)).toContain('do not agree');

      second.recover();
      second.goAway();
      expectProblem(
        await signInByWallet(sure, game, contractWallet(address, owner)),
        503,
        'chain.unavailable',
      );
    });
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

  it('is refused where the contract tells another key, or none', async () => {
    const { wallet } = unknownWallet(app);
    knowTonAccount(first, { get_public_key: '0x1234' });
    expectProblem(await signInByWallet(app, demo, wallet), 401, 'wallet.public_key_mismatch');

    knowTonAccount(first, {});
    expectProblem(await signInByWallet(app, demo, wallet), 401, 'wallet.signature_invalid');
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
