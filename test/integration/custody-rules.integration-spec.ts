import { randomUUID } from 'node:crypto';
import { chmodSync, chownSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from '@countersign/crypto';
import { encodeFunctionData, erc20Abi } from 'viem';
import { jettonWalletOf } from '@countersign/transfers';
import type { WalletAct } from '@countersign/wallet-acts';
import { aPerson, times } from '../factories';
import { opened } from '../support/consents';
import { anAct, coins, outcomeOf, TestCustody, tonTransfer } from '../support/custody';
import { aPermit } from '../support/embedded-wallets';
import { useFixture } from '../support/use-fixture';
import { until } from '../support/until';

const CHAIN = 'eip155:1';
const TO = `0x${'22'.repeat(20)}`;
const FEE = 21_000n;
const coinRule = { chain: CHAIN, token: null, walletPerDay: String(100n + 2n * FEE), allPerHour: '1000000' };
const custody = useFixture(() => TestCustody.start(undefined, { assets: [coinRule] }), {
  close: (one) => one.close(),
});

interface Outcome {
  readonly code: string;
  readonly details?: object;
}

const aWallet = async () => custody.openNonces(await custody.aWallet());
const message = (text: string): WalletAct => ({ kind: 'message', message: text, encoding: 'text' });

async function sign(walletId: string, act: WalletAct, callId = randomUUID()): Promise<string | Outcome> {
  return resultOf(custody.client.sign({ callId, walletId }, await custody.signingOf(walletId, act)));
}

function resultOf(call: Promise<unknown>): Promise<string | Outcome> {
  return call.then(
    () => 'signed',
    (error: unknown) => {
      const { code, details } = error as Outcome;
      return { code, ...details };
    },
  );
}

const permitOf = (owner: string): WalletAct => {
  const { request } = aPermit(owner) as { readonly request: { readonly typedData: object } };
  return { kind: 'typed-data', typedData: request.typedData };
};

describe('the rules of custody', () => {
  it('let a wallet sign away what they name for a day, with its fees, and no more', async () => {
    const walletId = await aWallet();

    expect(await sign(walletId, coins(100n, 0))).toBe('signed');
    expect(await sign(walletId, coins(0n, 1))).toBe('signed');
    expect(await sign(walletId, coins(0n, 2))).toEqual({
      code: 'above_day',
      retryAfterSeconds: expect.any(Number) as number,
    });
    expect(await sign(walletId, coins(101n + 2n * FEE, 2))).toEqual({ code: 'above_day' });
    expect(await sign(await aWallet(), coins(100n))).toBe('signed');
  });

  it('count exactly, however parallel the calls, and a repeated call once', async () => {
    const walletId = await aWallet();
    const callId = randomUUID();
    for (let call = 0; call < 3; call += 1)
      expect(await sign(walletId, coins(1n, 15), callId)).toBe('signed');

    const outcomes = await Promise.all(times(10, (index) => sign(walletId, coins(FEE - 20n, index))));

    // One more with its fee fits beside the first, which has taken 1 and a fee of the 100 and two.
    expect(outcomes.filter((outcome) => outcome === 'signed')).toHaveLength(0);
    const small = await Promise.all(times(10, (index) => sign(walletId, coins(1n, index))));
    expect(small.filter((outcome) => outcome === 'signed')).toHaveLength(1);
  });

  it('count transactions of one nonce as the dearest of them: the chain takes one', async () => {
    const walletId = await aWallet();

    for (const maxFeePerGas of ['1', '2', '2'])
      expect(await sign(walletId, coins(100n, 7, { maxFeePerGas }))).toBe('signed');
    expect(await sign(walletId, coins(0n, 7))).toBe('signed');
    expect(await sign(walletId, coins(0n, 8))).toMatchObject({ code: 'above_day' });
  });

  it('stop all wallets together within an hour, however parallel their calls', async () => {
    const allPerHour = String(3n * FEE);
    await custody.reload({ assets: [{ ...coinRule, chain: 'eip155:8453', allPerHour }] });
    const onBase = async () => {
      const walletId = await aWallet();
      const signing = await custody.signingOf(walletId, coins(0n), 'eip155:8453');
      return outcomeOf(custody.client.sign(anAct(walletId), signing));
    };

    const outcomes = await Promise.all(times(8, onBase));
    expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(3);
    expect(outcomes.filter((outcome) => outcome === 'above_hour')).toHaveLength(5);
    await custody.reload({ assets: [coinRule] });
  });

  it('bound what the chain could take, whatever is signed: nonces again, fees, tokens, all in parallel', async () => {
    const token = `0x${'33'.repeat(20)}`;
    const amounts = { walletPerDay: 200_000n, allPerHour: 500_000n };
    const rule = {
      ...coinRule,
      walletPerDay: String(amounts.walletPerDay),
      allPerHour: String(amounts.allPerHour),
    };
    await custody.reload({ assets: [rule, { ...rule, token }] });
    await custody.asSuperuser((client) => client.query('TRUNCATE custody.sums, custody.outstanding'));
    const wallets = await Promise.all(times(5, aWallet));
    const taken = new Map<string, bigint>();

    // Of each nonce and asset the chain takes the dearest that was signed.
    const attempt = async (index: number): Promise<void> => {
      const walletId = wallets[index % 5] as string;
      const [nonce, amount, price] = [
        (index * 7) % 4,
        BigInt((index * 7919) % 90_000),
        BigInt(1 + (index % 3)),
      ];
      const isToken = index % 2 === 0;
      const data = encodeFunctionData({
        abi: erc20Abi,
        functionName: 'transfer',
        args: [`0x${'22'.repeat(20)}`, amount],
      });
      const more = { maxFeePerGas: String(price), ...(isToken ? { to: token, data } : {}) };
      if ((await sign(walletId, coins(isToken ? 0n : amount, nonce, more))) !== 'signed') return;
      const note = (asset: string, much: bigint): void => {
        const key = `${asset}/${walletId}/${nonce}`;
        if (much > (taken.get(key) ?? 0n)) taken.set(key, much);
      };
      note('coin', price * FEE + (isToken ? 0n : amount));
      if (isToken) note('token', amount);
    };
    // Connections are 64 at most.
    for (const round of times(4, (index) => 30 * index))
      await Promise.all(times(30, (index) => attempt(round + index)));

    const sumOf = (of: string): bigint =>
      [...taken].reduce((total, [key, much]) => (key.startsWith(of) ? total + much : total), 0n);
    for (const asset of ['coin', 'token']) {
      expect(sumOf(asset)).toBeGreaterThan(amounts.allPerHour / 2n);
      expect(sumOf(asset)).toBeLessThanOrEqual(amounts.allPerHour);
      for (const walletId of wallets)
        expect(sumOf(`${asset}/${walletId}`)).toBeLessThanOrEqual(amounts.walletPerDay);
    }
    await custody.asSuperuser((client) => client.query('TRUNCATE custody.sums, custody.outstanding'));
    await custody.reload({ assets: [coinRule] });
  });

  it('refuse what they do not name: an asset, a contract that is made, what is not decoded, a sign-in', async () => {
    const walletId = await aWallet();
    const { evmAddress } = await custody.client.describe(walletId);
    const refused = (reason: string) => ({ code: 'act_refused', reason: `wallet.${reason}` });

    expect(await sign(walletId, permitOf(evmAddress))).toEqual({ code: 'asset_not_allowed' });
    expect(await sign(walletId, coins(0n, 0, { to: TO, data: '0x12345678' }))).toEqual(
      refused('act_undecoded'),
    );
    expect(await sign(walletId, coins(0n, 0, { to: null, data: '0x60' }))).toEqual(refused('act_undecoded'));
    expect(await sign(walletId, message(`\x19Ethereum`))).toEqual(refused('message_unreadable'));
    const signIn = `bank.example wants you to sign in with your Ethereum account:\n${evmAddress}\n\n\nURI: https://bank.example\nVersion: 1\nChain ID: 1\nNonce: 12345678\nIssued At: 2026-11-29T00:00:00Z`;
    expect(await sign(walletId, message(signIn))).toEqual(refused('foreign_sign_in'));
    await custody.reload({ assets: [coinRule], domains: ['bank.example'], undecoded: 'sign' });
    expect(await sign(walletId, message(signIn))).toBe('signed');
    expect(await sign(walletId, coins(0n, 0, { to: TO, data: '0x12345678' }))).toBe('signed');
    await custody.reload({ assets: [coinRule] });
  });

  it('are for the wallet of the address alone', async () => {
    const [walletId, other] = [await aWallet(), await aWallet()];
    const signing = await custody.signingOf(walletId, coins(1n));

    await expect(custody.client.sign(anAct(other), signing)).rejects.toMatchObject({
      code: 'act_refused',
      details: { reason: 'wallet.signer_mismatch' },
    });
  });

  it('sign nothing more of an asset once its amount is 0, of no nonce', async () => {
    const walletId = await aWallet();
    expect(await sign(walletId, coins(5n, 3))).toBe('signed');
    await custody.reload({ assets: [{ ...coinRule, walletPerDay: '0' }] });

    expect(await sign(walletId, coins(5n, 3))).toEqual({ code: 'above_day' });
    await custody.reload({ assets: [coinRule] });
  });

  it('sign away jettons of their own wallets alone, whose addresses custody computes', async () => {
    const walletId = await aWallet();
    const { address } = await custody.signingOf(walletId, coins(0n), 'ton:-239');
    const jetton = { kind: 'tep74', codeHash: 'cd'.repeat(32), codeDepth: 6 } as const;
    const much = { walletPerDay: String(10n ** 12n), allPerHour: String(10n ** 12n) };
    const [master, unlisted] = [`0:${'aa'.repeat(32)}`, `0:${'bb'.repeat(32)}`];
    const coin = { chain: 'ton:-239', token: null, ...much };
    const tea = { chain: 'ton:-239', token: master, jetton, walletPerDay: '9', allPerHour: '15' };
    await custody.reload({ assets: [coin, tea] });
    const walletOf = (one: string, owner = address) =>
      jettonWalletOf({ ...jetton, merkleRoot: 0n }, owner, one);
    const send = (jettonWallet: string, seqno: number, kind: 'jetton' | 'collectible' = 'jetton') => {
      const more = { attached: 1n, forward: 1n, responseTo: address, queryId: 7n };
      const ofJetton = {
        kind: 'jetton',
        jettonWallet,
        to: address,
        amount: 5n,
        comment: null,
        ...more,
      } as const;
      const ofItem = { kind: 'collectible', item: jettonWallet, to: address, ...more } as const;
      const act = tonTransfer([kind === 'jetton' ? ofJetton : ofItem], seqno);
      return resultOf(custody.client.sign(anAct(walletId), { chain: 'ton:-239', address, at: 1, act }));
    };

    expect(await send(walletOf(master), 1)).toBe('signed');
    expect(await send(walletOf(master), 2)).toMatchObject({ code: 'above_day' });
    for (const other of [walletOf(unlisted), walletOf(master, unlisted), unlisted])
      expect(await send(other, 2)).toEqual({ code: 'asset_not_allowed' });
    expect(await send(master, 2)).toEqual({ code: 'act_refused', reason: 'wallet.act_undecoded' });
    expect(await send(walletOf(master), 2, 'collectible')).toEqual({ code: 'asset_not_allowed' });
    // The coins that go along count as coins, with the fee: one of each send.
    for (const [walletPerDay, code] of [
      ['100000001', 'above_day'],
      ['100000002', undefined],
    ] as const) {
      await custody.reload({
        assets: [
          { ...coin, walletPerDay },
          { ...tea, ...much },
        ],
      });
      const outcome = await send(walletOf(master), 2);
      expect(typeof outcome === 'string' ? undefined : outcome.code).toBe(code);
    }
    await custody.reload({ assets: [coinRule] });
  });

  it('count a fee for each message of TON, also of one that moves nothing', async () => {
    const walletId = await aWallet();
    const none = {
      kind: 'coin',
      to: `0:${'aa'.repeat(32)}`,
      amount: 0n,
      bounce: false,
      comment: null,
    } as const;

    const signing = await custody.signingOf(walletId, tonTransfer([none], 0), 'ton:-239');
    expect(await outcomeOf(custody.client.sign(anAct(walletId), signing))).toBe('asset_not_allowed');
  });

  it('bound how many words are shown, and how many wallets are destroyed, in an hour', async () => {
    await custody.reload({
      assets: [coinRule],
      exportsPerHour: 2,
      exportDelayHours: 0,
      destructionsPerHour: 1,
    });
    const [first, second, third] = [await aWallet(), await aWallet(), await aWallet()];

    expect(await outcomeOf(custody.page.wordsOf(first))).toBe('done');
    expect(await outcomeOf(custody.page.wordsOf(second))).toBe('done');
    expect(await outcomeOf(custody.page.wordsOf(third))).toBe('above_hour');
    expect(await outcomeOf(custody.client.destroy(anAct(first)))).toBe('done');
    // It was destroyed already.
    expect(await outcomeOf(custody.client.destroy(anAct(first)))).toBe('done');
    expect(await outcomeOf(custody.client.destroy(anAct(second)))).toBe('above_hour');
    expect(await outcomeOf(custody.client.describe(second))).toBe('done');
    await custody.reload({ assets: [coinRule] });
  });

  it('stay as they were where the file is wrong, and are in the journal by their digest', async () => {
    const walletId = await aWallet();
    custody.writeRules({ assets: 'all' });
    custody.signal('SIGHUP');
    await until(() => custody.output.includes('rules not taken: the earlier ones stay'));
    expect(custody.output).toContain('assets is no list');

    expect(await sign(walletId, coins(1n))).toBe('signed');
    const before = await digests();
    await custody.reload({ assets: [coinRule], exportsPerHour: 3 });
    await custody.reload({ assets: [coinRule], exportsPerHour: 3 });
    expect((await digests()).length).toBe(before.length + 1);
    await custody.reload({ assets: [coinRule] });
  });

  it.each<readonly [string, () => void]>([
    ['whose file others can write', () => chmodSync(custody.rulesFile, 0o666)],
    ['whose folder its group can write', () => chmodSync(dirname(custody.rulesFile), 0o770)],
    ['of another user', () => chownSync(custody.rulesFile, 54_321, 54_321)],
    ['in a folder of another user', () => chownSync(dirname(custody.rulesFile), 54_321, 54_321)],
  ])('are not taken from a file %s', async (_, open) => {
    custody.writeRules({ assets: [coinRule], exportsPerHour: 7 });
    open();
    const said = () => custody.output.split('another user than custody’s and root can write').length;
    const before = said();
    custody.signal('SIGHUP');
    await until(() => said() > before);

    expect(await digests()).not.toContainEqual({ digest: sha256(readFileSync(custody.rulesFile)) });
    for (const path of [custody.rulesFile, dirname(custody.rulesFile)]) chownSync(path, 0, 0);
    chmodSync(custody.rulesFile, 0o644);
    chmodSync(dirname(custody.rulesFile), 0o700);
    await custody.reload({ assets: [coinRule] });
  });

  it.each([
    ['zkSync Lite', 'Access zkSync account.\n\nOnly sign this message for a trusted client!'],
    [
      'Loopring',
      'Sign this message to access Loopring Exchange: 0x0BABA1Ad5bE3a5C0a66E7ac838a129Bf948f1eA4 with key nonce: 0',
    ],
    ['Immutable X', 'Only sign this request if you’ve initiated an action with Immutable X.'],
    ['Immutable X, to link', 'Only sign this key linking request from Immutable X'],
    ['StarkEx', 'Create your STARK Key.'],
    ['dYdX', '{ "name": "dYdX", "action": "DYDX-ONBOARDING", "onlySignOn": "https://trade.dydx.exchange" }'],
    ['OpenSea', 'Welcome to OpenSea!\n\nClick to sign in and accept the OpenSea Terms of Service.'],
  ])('need consent to a text that is a key or login elsewhere: %s', async (_, text) => {
    const person = aPerson();
    const [walletId, nobodys] = [await custody.page.aWalletOf(person), await aWallet()];
    const ask = async (of: string) =>
      custody.client.ask(anAct(of), await custody.signingOf(of, message(text)));

    expect(await sign(walletId, message(text))).toEqual({ code: 'consent_needed' });
    expect(await resultOf(ask(nobodys))).toEqual({ code: 'consent_unavailable' });
    const { consent } = opened(await ask(walletId));
    await custody.page.accept(await ask(walletId), person);
    expect(await custody.page.call({ call: 'show', consent }, custody.page.launch(person))).toMatchObject({
      act: { moves: [{ title: expect.stringContaining('another service') as string }], text },
    });
  });

  it('are said in words by the command, and stop the start where they are wrong', async () => {
    custody.writeRules({ assets: [coinRule] });
    expect(custody.command('check', custody.rulesFile)).toContain(
      `The coin of ${CHAIN}: without consent ${coinRule.walletPerDay} of a wallet in 24 hours, 1000000 of all in an hour, ${coinRule.walletPerDay} of a wallet and 1000000 of all that can still move;`,
    );
    custody.writeRules({ undecoded: 'yes' });
    expect(custody.command('check', custody.rulesFile)).toMatch(/^1: .*undecoded is neither refuse nor sign/);
    expect(custody.command('check', `${custody.rulesFile}.none`)).toMatch(/^1: .*cannot be read \(ENOENT\)/);
    await custody.kill();
    expect(await custody.refusal('ulimit -c 0')).toContain('undecoded is neither refuse nor sign');
    // What signs everything is for `npm start` alone.
    custody.writeRules({ undecoded: 'sign' });
    expect(custody.command('check', custody.rulesFile)).toMatch(/^1: .*needs --development/);
    custody.isDevelopment = false;
    expect(await custody.refusal('ulimit -c 0')).toContain('needs --development');
    custody.isDevelopment = true;
    custody.writeRules({ assets: [coinRule] });
    await custody.run();
  });

  const digests = () =>
    custody.asSuperuser(async (client) => {
      const { rows } = await client.query(`SELECT digest FROM custody.journal WHERE call = 'rules'`);
      return rows as unknown[];
    });
});
