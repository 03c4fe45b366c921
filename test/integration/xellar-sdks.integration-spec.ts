import { signInPerson } from '../support/person-session';
import {
  parseTransaction,
  recoverMessageAddress,
  recoverTransactionAddress,
  recoverTypedDataAddress,
  type Hex,
} from 'viem';
import { aPerson, type Person } from '../factories';
import { describeWithAnvil, useAnvil, type Deployed } from '../support/anvil';
import { anvilChain, chainsDocument } from '../support/chains';
import { OPEN_RULES } from '../support/custody';
import { EIP712_DOMAIN, environmentOf, useCustody } from '../support/embedded-wallets';
import { useTwoNodes } from '../support/fake-node';
import { loginOf } from '../support/proofs';
import { broadcast, ETHER, FRIEND } from '../support/sends';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';
import { aXellarApplication, flatDataOf } from '../support/xellar-client';
import { errorOf, SdkPerson, XellarSdks, type SdkName } from '../support/xellar-sdks';

const PAGE = 'https://game.example';
const NETWORK = 'juchain';
const CHAIN_ID = 210_000;
const CONTRACT = `0x${'33'.repeat(20)}` as const;
const METHOD = '0xd09de08a';
const CAPS = { maxFeePerGas: '100000000000', maxFee: '10000000000000000', depth: 0 };
const SDKS: readonly SdkName[] = ['@xellar/sdk 4.8.0', '@xellar/sdk 4.2.14', 'xellar-ew-sdk 3.6.5'];
const [NEWEST = '@xellar/sdk 4.8.0'] = SDKS;
const MAIL = {
  domain: { name: 'Mail', version: '1', chainId: CHAIN_ID, verifyingContract: CONTRACT },
  types: {
    EIP712Domain: EIP712_DOMAIN,
    Mail: [{ name: 'contents', type: 'string' }],
  },
  primaryType: 'Mail',
  message: { contents: 'Hello' },
} as const;

describeWithAnvil('the clients of Xellar, as npm has them', () => {
  const anvil = useAnvil({ chainId: CHAIN_ID });
  const [first, second] = useTwoNodes(anvil);
  const custody = useCustody();
  const app = useTestApp(() => {
    const chain = anvilChain([first.url, second.url], {
      ...{ chainId: `eip155:${CHAIN_ID}`, name: NETWORK, sending: CAPS },
    });
    return { environment: { ...environmentOf(custody).environment, CHAINS: chainsDocument(chain) } };
  });
  let token: Deployed;

  beforeAll(async () => {
    token = await anvil.deploy('TestErc20', ['Money', 'MNY', 6]);
  });

  const demo = useFixture(() =>
    aXellarApplication(
      app,
      {
        embeddedWallets: { enabled: false, acts: [] },
      },
      { origins: [PAGE], bot: { signaturePolicy: 'optional' } },
    ),
  );
  const sdks = useFixture(() => new XellarSdks(`http://127.0.0.1:${app.port}`, PAGE), {
    close: (open) => open.close(),
  });
  const withSdk = (name: SdkName) => new SdkPerson(sdks.make(name, demo), name);
  const launchOf = (person: Person) => ({ dataString: app.initDataOf(demo, person) });
  const widgetOf = (person: Person) => ({
    data: Object.fromEntries(
      Object.entries(loginOf(app, demo, person)).map(([name, value]) => [name, String(value)]),
    ),
  });

  /** Logged in with a new wallet. */
  async function anOwner(name: SdkName) {
    const person = withSdk(name);
    const created = await person.create(await person.login(launchOf(aPerson())));
    return { person, created, address: created.address[0]?.address as Hex };
  }

  describe.each(SDKS)('%s', (name) => {
    it('logs in by both forms, creates a wallet and finds it again', async () => {
      const telegram = aPerson();
      const person = withSdk(name);
      const login = await person.login(launchOf(telegram));
      expect(login).toEqual({ accessToken: expect.any(String) as string, isWalletCreated: false });
      const { address } = await person.create(login);
      expect(address).toEqual([{ network: 'evm', address: expect.stringMatching(/^0x/) as string }]);

      const again = {
        walletToken: expect.any(String) as string,
        refreshToken: expect.any(String) as string,
        isWalletCreated: true,
        addresses: address,
      };
      expect(await person.login({ ...launchOf(telegram), expireDate: '2099-01-02' })).toEqual(again);
      // Every holder of the bot's token can make these: they have a wallet of their own.
      const weaker = await person.login(widgetOf(telegram));
      expect(weaker).toEqual({ accessToken: expect.any(String) as string, isWalletCreated: false });
      const weak = await person.create(weaker);
      expect(weak.address).not.toEqual(address);
      const flat = { dataString: flatDataOf(app, demo, telegram) };
      expect(await person.login(flat)).toEqual({ ...again, addresses: weak.address });
    });

    it('reads balances', async () => {
      const { person, address } = await anOwner(name);
      await anvil.request('anvil_setBalance', [address, `0x${(ETHER / 50n).toString(16)}`]);
      await anvil.write(token, 'mint', [address, 90_000_000n]);

      expect(await person.coins(NETWORK)).toMatchObject({ balance: '0.02', symbol: 'ETH', address });
      expect(await person.token(NETWORK, token.address)).toMatchObject({
        ...{ balance: '90.0', symbol: 'MNY', address },
      });
      expect(await person.tokens(NETWORK, [token.address])).toMatchObject({
        address,
        tokens: [{ balance: '90.0', symbol: 'MNY', decimals: 6 }],
      });
      const estimate = { network: NETWORK, type: 'send-coin', to: FRIEND, amount: '0.001' };
      expect(await person.call('estimateGas', estimate)).toMatchObject({
        gasLimit: expect.stringMatching(/^\d+$/) as string,
        maxFeePerGas: expect.stringMatching(/^\d+$/) as string,
      });
    });

    it('signs messages, typed data and transactions', async () => {
      const { person, address } = await anOwner(name);

      const message = await person.call('signMessage', { network: NETWORK, message: 'Hello' });
      const signature = message['signature'] as Hex;
      expect(await recoverMessageAddress({ message: 'Hello', signature })).toBe(address);

      const typed = await person.call('signTypedData', { network: NETWORK, data: JSON.stringify(MAIL) });
      const { EIP712Domain: _, ...types } = MAIL.types;
      expect(await recoverTypedDataAddress({ ...MAIL, types, signature: typed['signature'] as Hex })).toBe(
        address,
      );

      await anvil.request('anvil_setBalance', [address, `0x${ETHER.toString(16)}`]);
      const plain = { from: address, to: FRIEND, value: '1000' };
      const transfer = await person.call('signTransaction', { network: NETWORK, transaction: plain });
      expect(parseTransaction(transfer['signature'] as Hex)).toMatchObject({ value: 1000n });

      const transaction = { from: address, to: CONTRACT, data: METHOD };
      const signed = await person.call('signTransaction', { network: NETWORK, transaction });
      const serializedTransaction = signed['signature'] as `0x02${string}`;
      expect(await recoverTransactionAddress({ serializedTransaction })).toBe(address);
      const { status } = await anvil.receipt(
        await anvil.request('eth_sendRawTransaction', [serializedTransaction]),
      );
      expect(status).toBe('success');
    });

    it('sends coins and tokens, within the amounts of custody', async () => {
      const { person, address: from } = await anOwner(name);
      await anvil.request('anvil_setBalance', [from, `0x${ETHER.toString(16)}`]);
      await anvil.write(token, 'mint', [from, 9_000_000n]);
      const receiptOf = async (method: 'sendCoin' | 'sendToken', config: object) => {
        const { txReceipt } = await person.call(method, { network: NETWORK, to: FRIEND, ...config });
        await broadcast(app);
        const { hash } = txReceipt as { hash: Hex };
        expect(txReceipt).toMatchObject({ _type: 'TransactionReceipt', from, chainId: String(CHAIN_ID) });
        return anvil.receipt(hash);
      };

      expect((await receiptOf('sendCoin', { amount: '0.01' })).status).toBe('success');
      expect((await receiptOf('sendToken', { amount: '2.5', tokenAddress: token.address })).status).toBe(
        'success',
      );
      expect(await anvil.read(token, 'balanceOf', [from])).toBe(6_500_000n);

      const amounts = { walletPerDay: String(ETHER / 50n), allPerHour: String(ETHER) };
      await custody.reload({ assets: [{ chain: `eip155:${CHAIN_ID}`, token: null, ...amounts }] });
      const more = errorOf(person.call('sendCoin', { network: NETWORK, to: FRIEND, amount: '0.02' }));
      expectError(await more, '403', 'wallet.above_day_limit');
      await custody.reload(OPEN_RULES);
    });

    it('refreshes, and each token is good once', async () => {
      const { person, created } = await anOwner(name);
      const { walletToken } = await person.refresh();
      expect(walletToken).not.toBe(created.walletToken);
      await person.refresh();
      app.clock.advance(11);

      const reused = await errorOf(person.sdk.wallet.refreshToken(created.refreshToken));
      expectError(reused, '401', 'session.refresh_reused');
      const ended = await errorOf(person.refresh());
      expectError(ended, '401', 'session.ended');
    });

    it('gets its own class of error, with the status, the message and the whole body', async () => {
      const person = withSdk(name);
      const login = (body: object) => errorOf(person.login(body));
      expectError(await login({}), '400', 'xellar.proof_required');
      expectError(
        await login({ ...launchOf(aPerson()), botUsername: 'another' }),
        '404',
        'xellar.bot_not_found',
      );
      const forged = launchOf(aPerson()).dataString.replace(/hash=../, (hash) =>
        hash === 'hash=00' ? 'hash=01' : 'hash=00',
      );
      expectError(await login({ dataString: forged }), '401', 'init_data.hash_mismatch');
      expectError(
        await errorOf(person.create({ accessToken: 'x', isWalletCreated: false })),
        '401',
        'xellar.token_invalid',
      );

      const owner = await anOwner(name);
      const call = (method: 'signMessage' | 'signTypedData', config: object) =>
        errorOf(owner.person.call(method, config));
      const solana = await call('signMessage', { network: 'solana', message: 'Hello' });
      expectError(solana, '400', 'xellar.network_not_supported');
      expect(solana.message).toContain('solana');
      const foreign = JSON.stringify({ ...MAIL, domain: { ...MAIL.domain, chainId: 1 } });
      expectError(
        await call('signTypedData', { network: NETWORK, data: foreign }),
        '400',
        'wallet.chain_mismatch',
      );
      expectError(await errorOf(owner.person.coins('ethereum')), '404', 'wallet.chain_not_followed');
      second.goAway();
      expectError(await errorOf(owner.person.coins(NETWORK)), '503', 'chain.unavailable');
    });
  });

  it('finds addresses: 4.8.0 by a call without a header, 4.2.14 in the token', async () => {
    const newest = await anOwner('@xellar/sdk 4.8.0');
    const { walletToken } = newest.created;
    expect(await newest.person.sdk.wallet.getAddresses?.(walletToken)).toEqual(newest.created.address);
    const used = newest.person.sdk.wallet.getAddresses?.(walletToken) as Promise<unknown>;
    const error = await errorOf(used);
    expectError(error, '401', 'xellar.token_used');
    expect(error).toBeInstanceOf(sdks.errorClass);

    const older = await anOwner('@xellar/sdk 4.2.14');
    const { getAddresses } = older.person.sdk.wallet;
    expect(await getAddresses?.(older.created.walletToken)).toEqual(older.created.address);
  });

  it.each(['@xellar/sdk 4.8.0', '@xellar/sdk 4.2.14'] as const)('cancels with %s', async (name) => {
    const { person, address: from } = await anOwner(name);
    await anvil.request('anvil_setBalance', [from, `0x${ETHER.toString(16)}`]);
    await anvil.mine();
    await anvil.request('evm_setAutomine', [false]);
    const { txReceipt } = await person.call('sendCoin', { network: NETWORK, to: FRIEND, amount: '0.0001' });
    await broadcast(app);

    const { nonce } = txReceipt as { nonce: number };
    const { hash } = await person.call('cancelTransaction', { network: NETWORK, nonce });

    await broadcast(app);
    await anvil.mine();
    await anvil.request('evm_setAutomine', [true]);
    expect(await anvil.receipt(hash as Hex)).toMatchObject({ status: 'success', to: from.toLowerCase() });
    const again = await errorOf(person.call('cancelTransaction', { network: NETWORK, nonce: 9 }));
    expectError(again, '404', 'send.not_found');
  });

  it('signs no transaction with a nonce or a fee that one node alone says', async () => {
    const { person, address } = await anOwner(NEWEST);
    const sign = (more: object = {}) =>
      errorOf(
        person.call('signTransaction', {
          ...{ network: NETWORK, transaction: { from: address, to: CONTRACT, data: METHOD, ...more } },
        }),
      );
    second.lie('eth_getTransactionCount', '0x5');
    expectError(await sign(), '503', 'send.nonce_unknown');
    second.goAway();
    expectError(await sign({ nonce: '0' }), '503', 'send.gas_unknown');
    expectError(await sign({ gasLimit: '60000', gasPrice: '2000000000' }), '503', 'send.nonce_unknown');
  });

  it('is refused where the application is another one, or its page is not allowed', async () => {
    const other = await aXellarApplication(app);
    const wrong = { ...other, clientSecret: demo.clientSecret };
    const byBoth = new SdkPerson(sdks.make('@xellar/sdk 4.2.14', wrong), '@xellar/sdk 4.2.14');
    expectError(await errorOf(byBoth.login(launchOf(aPerson()))), '401', 'xellar.application_unknown');
    const byPage = new SdkPerson(sdks.make(NEWEST, other), NEWEST);
    expectError(await errorOf(byPage.login(launchOf(aPerson()))), '403', 'request.origin_not_allowed');
  });

  it('gives no native session, and a native one gives nothing here', async () => {
    const { created } = await anOwner(NEWEST);
    const { status } = await app.http.get('/v1/me').set('authorization', `Bearer ${created.walletToken}`);
    expect(status).toBe(401);
    const native = await signInPerson(app, demo, aPerson());
    const { person } = await anOwner(NEWEST);
    const call = person.sdk.wallet.signMessage({
      ...{ network: NETWORK, message: 'Hello', walletToken: native.accessToken },
    });
    expectError(await errorOf(call), '401', 'xellar.token_invalid');
  });
});

function expectError(error: Awaited<ReturnType<typeof errorOf>>, status: string, code: string): void {
  expect(error).toBeInstanceOf(Error);
  expect({ class: error.constructor.name, code: error.code, details: error.details }).toMatchObject({
    class: expect.any(String) as string,
    code: status,
    details: { status: Number(status), code, message: error.message },
  });
}
