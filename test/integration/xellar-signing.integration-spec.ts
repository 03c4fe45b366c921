import { aPerson, times } from '../factories';
import { chainsDocument } from '../support/chains';
import { OPEN_RULES } from '../support/custody';
import { EIP712_DOMAIN, aPermit, environmentOf, useCustody } from '../support/embedded-wallets';
import { signInPerson } from '../support/person-session';
import { CAPS } from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useReplica, useTestApp } from '../support/use-test-app';
import { aXellarApplication, expectXellarError, XellarClient, claimsOf } from '../support/xellar-client';

const CONTRACT = `0x${'33'.repeat(20)}` as const;
const OTHER = `0x${'44'.repeat(20)}` as const;
const METHOD = '0xd09de08a';

const custody = useCustody();
/** No test asks the nodes. */
const ETHEREUM = {
  ...{ chainId: 'eip155:1', mayNameAddresses: false, sending: CAPS },
  rpcUrls: ['http://127.0.0.1:1/', 'http://127.0.0.1:2/'],
};
const app = useTestApp(() => ({
  environment: { ...environmentOf(custody).environment, CHAINS: chainsDocument(ETHEREUM) },
}));
const replica = useReplica(app);
const demo = useFixture(() =>
  aXellarApplication(app, {
    embeddedWallets: {
      acts: ['sign-message', 'sign-typed-data', 'sign-transaction'],
    },
  }),
);
const plain = useFixture(() => aXellarApplication(app));
const client = () => new XellarClient(app, demo);

const HELLO = { message: 'Hello', network: 'ethereum' };
const MAIL = {
  domain: { name: 'Mail', version: '1', chainId: 1, verifyingContract: CONTRACT },
  types: { Mail: [{ name: 'contents', type: 'string' }] },
  primaryType: 'Mail',
  message: { contents: 'Hello' },
} as const;
const TYPES = { EIP712Domain: EIP712_DOMAIN, ...MAIL.types };
const CALL = {
  ...{ to: CONTRACT, data: METHOD, nonce: 0, gasLimit: '60000' },
  ...{ maxFeePerGas: '2000000000', maxPriorityFeePerGas: '1000000000' },
};

/** Signs with one refreshed token after the other, and answers all. */
async function withTokens(xellar: XellarClient, calls: readonly (readonly [path: string, body: object])[]) {
  const made = await xellar.withWallet();
  const address = made.address[0]?.address ?? '';
  let { walletToken, refreshToken } = made;
  const answers = [];
  for (const [path, body] of calls) {
    answers.push(await xellar.post(`wallet/${path}`, body, walletToken));
    ({ walletToken, refreshToken } = await xellar.refreshed(refreshToken));
  }
  return { address, answers };
}

describe('signing for Xellar’s clients', () => {
  describe('within the rules of custody', () => {
    const coinRule = (walletPerDay: bigint) => ({
      ...{ chain: 'eip155:1', token: null },
      ...{ walletPerDay: String(walletPerDay), allPerHour: String(10n ** 30n) },
    });
    /** What each of the calls costs beside its value. */
    const FEE = BigInt(CALL.gasLimit) * BigInt(CALL.maxFeePerGas);
    afterEach(() => custody.reload(OPEN_RULES));

    it('signs once, however parallel the calls of two replicas', async () => {
      const { walletToken } = await client().withWallet();
      const elsewhere = new XellarClient(replica, demo);
      const answers = await Promise.all(
        times(100, (index) =>
          (index % 2 ? client() : elsewhere).post('wallet/sign-message', HELLO, walletToken),
        ),
      );

      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const [{ count } = { count: -1 }] = await app.database.query<{ count: number }>(
        'SELECT count(*)::int AS count FROM wallet_acts WHERE session_id = $1',
        [claimsOf(walletToken)['sid']],
      );
      expect(count).toBe(1);
    });

    it('lets nothing of a token be taken that they do not name', async () => {
      await custody.reload({ assets: [coinRule(FEE)] });
      const made = await client().withWallet();
      const own = aPermit(made.address[0]?.address ?? '') as { request: { typedData: object } };
      const data = JSON.stringify(own.request.typedData);

      expectXellarError(
        await client().post('wallet/sign-typed-data', { network: 'ethereum', data }, made.walletToken),
        403,
        'wallet.asset_not_allowed',
      );
      // It was used up before custody was asked.
      expectXellarError(
        await client().post('wallet/sign-message', HELLO, made.walletToken),
        401,
        'xellar.token_used',
      );
    });

    it('signs what cannot be decoded where they say so, and no single call of it, which needs consent', async () => {
      const stranger = { ...CALL, nonce: 1, to: OTHER, data: '0x12345678' };
      const mail = { ...MAIL, types: TYPES };
      const calls = [
        ['sign-transaction', { network: 'ethereum', transaction: { ...CALL, nonce: 0 } }],
        ['sign-typed-data', { network: 'ethereum', data: JSON.stringify(mail) }],
        ['sign-transaction', { network: 'ethereum', transaction: stranger }],
        // Its value counts.
        ['sign-transaction', { network: 'ethereum', transaction: { ...stranger, value: '1' } }],
      ] as const;
      const outcomes = async (rules: object) => {
        await custody.reload({ assets: [coinRule(2n * FEE)], ...rules });
        const { answers } = await withTokens(client(), calls);
        return answers.map(({ status, body }) =>
          status === 200 ? 'signed' : (body as { code: string }).code.replace('wallet.', ''),
        );
      };

      const named = [`eip155:1/${CONTRACT}/${METHOD}`, `eip155:1/${CONTRACT}/Mail`];
      expect(await outcomes({ calls: named })).toEqual([
        ...['consent_needed', 'consent_needed', 'act_undecoded', 'act_undecoded'],
      ]);
      expect(await outcomes({ undecoded: 'sign' })).toEqual([
        'signed',
        'signed',
        'signed',
        'above_day_limit',
      ]);
    });
  });

  it('keeps the rules of embedded wallets', async () => {
    const person = aPerson();
    const xellar = new XellarClient(app, plain);
    const { walletToken } = await xellar.withWallet(person);
    const sign = (path: string, body: object) => xellar.post(`wallet/${path}`, body, walletToken);
    const siwe = 'evil.example wants you to sign in with your Ethereum account:\n0x';

    for (const message of ['A'.repeat(32), `${siwe}1`, 'a\u202eb'])
      expect((await sign('sign-message', { ...HELLO, message })).status).toBeGreaterThanOrEqual(400);
    expectXellarError(
      await sign('sign-message', { message: 'Hello', network: 'ethereum-sepolia' }),
      400,
      'wallet.chain_mismatch',
    );

    const native = await signInPerson(app, plain, person);
    const [wallet] = ((await native.get('/v1/wallets')).body as { items: { walletId: string }[] }).items;
    await native.post(`/v1/wallets/${wallet?.walletId ?? ''}/freeze`);
    expectXellarError(await sign('sign-message', HELLO), 409, 'wallet.frozen');
  });

  it('refuses networks and bodies that it does not know', async () => {
    const { walletToken } = await client().withWallet();
    const sign = (path: string, body: object) => client().post(`wallet/${path}`, body, walletToken);
    for (const network of ['solana', 'solana-devnet', 'bitcoin', 'tron', '__proto__', 'constructor']) {
      const answer = await sign('sign-message', { message: 'Hello', network });
      expectXellarError(answer, 400, 'xellar.network_not_supported');
      expect((answer.body as { message: string }).message).toContain(network);
      expect((answer.body as { message: string }).message).toContain('ethereum-sepolia');
    }
    expectXellarError(await sign('sign-message', { message: 'Hello' }), 400, 'xellar.network_required');
    expectXellarError(
      await sign('sign-message', { ...HELLO, chainId: '137' }),
      400,
      'xellar.network_required',
    );
    expectXellarError(
      await sign('sign-typed-data', { network: 'ethereum', data: '{' }),
      400,
      'request.malformed_json',
    );
    // What is absent is filled in on chains that send.
    const { nonce: _, ...withoutNonce } = CALL;
    expectXellarError(
      await sign('sign-transaction', { network: 'polygon-pos', transaction: withoutNonce }),
      409,
      'send.chain_off',
    );
    expect((await sign('sign-anything', {})).status).toBe(404);
  });
});
