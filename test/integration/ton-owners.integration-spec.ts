import { toNano } from '@ton/core';
import { settleAttachments } from '../support/accounts';
import { expectProblem } from '../support/expect-problem';
import { aSteppedUp } from '../support/linked-wallets';
import { rowsThatHold } from '../support/rows-that-hold';
import { useTonApi } from '../support/ton/ton-api';
import { TonNetwork, type Token } from '../support/ton/ton-network';
import { aTonOwner, shownTon, TON, tonBalancesOf, tonChains, tonHistoryOf } from '../support/ton/ton-owner';
import { useFixture } from '../support/use-fixture';
import { useApplication, useTestApp } from '../support/use-test-app';
import { SITE, walletProof } from '../support/wallets';

describe('what is asked about a TON wallet', () => {
  const network = useFixture(() => TonNetwork.create());
  const first = useTonApi(network);
  const second = useTonApi(network);
  let dollar: Token;
  const app = useTestApp(async () => {
    dollar = await network.jetton('USDT');
    const tokens = [{ address: dollar.address.toRawString(), symbol: 'USDT', decimals: 6 }];
    return { environment: { CHAINS: tonChains([first, second], { tokens }) } };
  });
  const demo = useApplication(app, { origins: [SITE] });

  /** Somebody who has looked at what the wallet has. */
  async function anOwner() {
    const owner = await aTonOwner(app, demo);
    await network.pay(owner.address, toNano('1'), { body: 'order 5150' });
    await network.mint(dollar, owner.address, 2_500_000n);
    const seen = [await tonBalancesOf(owner), await tonHistoryOf(owner)] as const;
    expect(seen[1]).toHaveLength(2);
    return { owner, seen };
  }

  it('is nowhere in the database, in no event, and in no record of the audit trail', async () => {
    const { owner, seen } = await anOwner();
    const [, history] = seen;
    const counterparties = history.flatMap(({ transfers }) =>
      transfers.flatMap((one) => one.counterparty ?? []),
    );
    const hashes = history.map(({ hash }) => hash);
    const { address } = owner;

    const texts = ['order 5150', ...hashes, ...counterparties, address.toRawString(), shownTon(address)];
    expect(await rowsThatHold(app.database, texts)).toEqual([]);
  });

  it('is not exported: the wallet is, and nothing that a chain shows anyone', async () => {
    const { owner } = await anOwner();
    expect((await owner.session.stepUp()).status).toBe(200);

    const { body, status } = await owner.session.get('/v1/me/export');

    expect(status).toBe(200);
    const { sections } = body as { sections: Record<string, { items: readonly object[] }> };
    expect(sections['wallets']?.items).toMatchObject([{ walletId: owner.walletId, provider: 'ton' }]);
  });

  it('follows the wallet to the account that it is merged into', async () => {
    const { owner, seen } = await anOwner();
    const survivor = await aSteppedUp(app, demo);
    expectProblem(await survivor.get(`/v1/wallets/${owner.walletId}/balances`), 404, 'wallet.not_found');

    const proof = await walletProof(survivor, owner.wallet, 'merge');
    expect((await survivor.post('/v1/me/merges', proof)).status).toBe(200);
    await app.catchUp();

    const moved = { session: survivor, walletId: owner.walletId };
    expect([await tonBalancesOf(moved), await tonHistoryOf(moved)]).toEqual(seen);
    expect((await owner.session.get(`/v1/wallets/${owner.walletId}/balances`)).status).toBe(401);
  });

  it.each([
    ['is unlinked', 404, async ({ session, walletId }: Owner) => session.delete(`/v1/wallets/${walletId}`)],
    ['is erased', 401, async ({ session }: Owner) => session.delete(`/v1/me?confirm=${session.userId}`)],
  ])('is answered no longer, and asked for no longer, once it %s', async (_, status, end) => {
    const { owner } = await anOwner();
    await settleAttachments(app);
    expect((await end(owner)).status).toBeLessThan(300);
    await app.catchUp();
    for (const api of [first, second]) api.asked.length = 0;

    for (const path of ['balances', `transactions?chainId=${TON}`, `collectibles?chainId=${TON}`])
      expect((await owner.session.get(`/v1/wallets/${owner.walletId}/${path}`)).status).toBe(status);

    expect([...first.asked, ...second.asked]).toEqual([]);
  });
});

type Owner = Awaited<ReturnType<typeof aTonOwner>>;
