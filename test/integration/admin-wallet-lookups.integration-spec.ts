import { statementsOf } from '../support/statement-count';
import { showTonAddress } from '@countersign/wallet-proofs';
import { settleAttachments } from '../support/accounts';
import { auditOf } from '../support/audit';
import { expectProblem } from '../support/expect-problem';
import { aSteppedUp, walletSession } from '../support/linked-wallets';
import { anOperator, type Operator } from '../support/operator';
import { useApplication, useTestApp } from '../support/use-test-app';
import {
  anEvmWallet,
  askToSignIn,
  aTonWallet,
  bodyOf,
  SITE,
  walletProof,
  type TestWallet,
} from '../support/wallets';

const LOOKUP = '/v1/admin/users/lookup';
const settings = { wallets: { createsAccounts: true } };

const ask = async (operator: Operator, body: object): Promise<object> => {
  const answer = await operator.post(LOOKUP, body);
  expect({ status: answer.status, body: answer.body as unknown }).toMatchObject({ status: 200 });
  return answer.body as object;
};

describe('looking up an account by the address of a wallet', () => {
  const app = useTestApp();
  const demo = useApplication(app, { origins: [SITE], settings });

  it('finds it, however the address is written', async () => {
    const operator = await anOperator(app, ['users:lookup']);
    const evm = anEvmWallet();
    const { userId } = await walletSession(app, demo, evm);
    const ton = aTonWallet('v4', 'ton:-239', () => app.clock.now());
    const ofTon = await walletSession(app, demo, ton);
    const friendly = bodyOf(await askToSignIn(app, demo, ton)).address;
    expect(friendly).toMatch(/^UQ/);

    for (const walletAddress of [evm.address, evm.address.toLowerCase()])
      expect(await ask(operator, { walletAddress })).toEqual({ userIds: [userId] });
    for (const walletAddress of [ton.address, ton.address.toUpperCase(), friendly])
      expect(await ask(operator, { walletAddress })).toEqual({ userIds: [ofTon.userId] });
    expect(await ask(operator, { walletAddress: anEvmWallet().address })).toEqual({ userIds: [] });
  });

  it('finds it in both environments, or in the one that is named', async () => {
    const operator = await anOperator(app);
    const wallet = aTonWallet('v5r1', 'ton:-3', () => app.clock.now());
    const { userId } = await walletSession(app, demo, wallet);
    const friendly = bodyOf(await askToSignIn(app, demo, wallet)).address;
    const walletAddress = wallet.address;

    expect(await ask(operator, { walletAddress })).toEqual({ userIds: [userId] });
    expect(await ask(operator, { walletAddress: friendly })).toEqual({ userIds: [userId] });
    expect(await ask(operator, { walletAddress, environment: 'test' })).toEqual({ userIds: [userId] });
    expect(await ask(operator, { walletAddress, environment: 'production' })).toEqual({ userIds: [] });
  });

  it('finds each account that has it, one in each network', async () => {
    const operator = await anOperator(app);
    const main = aTonWallet('v4', 'ton:-239', () => app.clock.now());
    const test: TestWallet = {
      ...main,
      chainId: 'ton:-3',
      answer: async (challenge) => {
        const answer = (await main.answer(challenge)) as { challengeId: string; tonProof: object };
        return { ...answer, tonProof: { ...answer.tonProof, network: '-3' } };
      },
    };
    const [first, second] = [await walletSession(app, demo, main), await walletSession(app, demo, test)];

    const found = await ask(operator, { walletAddress: main.address });

    expect(found).toEqual({ userIds: [first.userId, second.userId] });
  });

  it('finds the account that has it now: after a merge, and not after unlinking', async () => {
    const operator = await anOperator(app);
    const wallet = anEvmWallet();
    const walletAddress = wallet.address;
    await walletSession(app, demo, wallet);
    const survivor = await aSteppedUp(app, demo);
    const merged = await survivor.post('/v1/me/merges', await walletProof(survivor, wallet, 'merge'));
    expect(merged.status).toBe(200);
    expect(await ask(operator, { walletAddress })).toEqual({ userIds: [survivor.userId] });

    await settleAttachments(app);
    const { items } = (await survivor.get('/v1/wallets')).body as { items: { walletId: string }[] };
    expect((await survivor.delete(`/v1/wallets/${items[0]?.walletId}`)).status).toBe(204);

    expect(await ask(operator, { walletAddress })).toEqual({ userIds: [] });
  });

  it('answers a miss like a hit, by the same statements', async () => {
    const operator = await anOperator(app);
    const wallet = anEvmWallet();
    await walletSession(app, demo, wallet);
    await ask(operator, { walletAddress: wallet.address });

    const ofHit = await statementsOf(app, async () => {
      await ask(operator, { walletAddress: wallet.address });
    });
    const ofMiss = await statementsOf(app, async () => {
      expect(await ask(operator, { walletAddress: anEvmWallet().address })).toEqual({ userIds: [] });
    });

    expect(ofMiss).toEqual(ofHit);
  });

  it.each<[string, object]>([
    ['a wrong checksum', { walletAddress: `0x${'aB'.repeat(20)}` }],
    ['two values', { walletAddress: anEvmWallet().address, telegramId: '5' }],
    [
      'an address of test networks in production',
      { walletAddress: showTonAddress(`0:${'ab'.repeat(32)}`, { isTest: true }), environment: 'production' },
    ],
  ])('refuses %s, without a record', async (_, body) => {
    const operator = await anOperator(app);
    const before = (await auditOf(app, { action: 'user.looked_up' })).length;
    expectProblem(await operator.post(LOOKUP, body), 400, 'request.invalid');
    expect(await auditOf(app, { action: 'user.looked_up' })).toHaveLength(before);
  });
});
