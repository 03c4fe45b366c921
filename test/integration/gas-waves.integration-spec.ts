import type { Scope } from '@countersign/admin';
import { WalletFreezing } from '@countersign/embedded-wallets';
import { GasPayments } from '@countersign/sending';
import { describeWithAnvil } from '../support/anvil';
import { expectProblem } from '../support/expect-problem';
import { useGas, type GasBody, type Holder } from '../support/gas';
import {
  aFundedWallet,
  aKey,
  broadcast,
  callSend,
  coin,
  ETHER,
  permit,
  send,
  type SendBody,
} from '../support/sends';
import { anOperator } from '../support/operator';

describeWithAnvil('people who lack gas', () => {
  const { anvil, nodes, app, funding, game, setBalance, withTokens, tokens, wait } = useGas();
  const [, second] = nodes;
  const freezing = () => app.nest.get(WalletFreezing, { strict: false });

  const payFor = (sendId: string) => app.nest.get(GasPayments, { strict: false }).pay(sendId);
  const paidFor = async (sendIds: readonly string[]) => {
    const found = await app.database.query('SELECT 1 FROM sends WHERE gas_for = ANY($1::uuid[])', [sendIds]);
    return found.length;
  };

  it('do not stop the sends of others while their payments wait for one another', async () => {
    await freezing().freezeByOperator(funding.walletId, 'ticket-1');
    const sent: string[] = [];
    for (let index = 0; index < 5; index += 1) sent.push((await wait(await withTokens())).sendId);
    const other = await aFundedWallet(app, game, anvil);
    await freezing().unfreezeByOperator(funding.walletId, 'ticket-1');
    const held = await app.database.hold(`SELECT FROM users WHERE id = '${funding.userId}' FOR UPDATE`);
    const paid = Promise.all(sent.map(payFor));

    const { state } = await send(other.session, other.wallet, coin());

    expect([state, await paidFor(sent)]).toEqual(['broadcasting', 0]);
    await held.commit();
    await paid;
    for (const sendId of sent) await payFor(sendId);
    expect(await paidFor(sent)).toBe(sent.length);
  });

  it('are named beside a payment only to operators who may read personal fields', async () => {
    const { sendId } = await wait(await withTokens());
    await broadcast(app);
    const readBy = async (...scopes: readonly Scope[]) => {
      const operator = await anOperator(app, scopes);
      const { body } = await operator.get(
        `/v1/admin/sends?walletId=${funding.walletId}&applicationId=${game.applicationId}&limit=1`,
      );
      const [item] = (body as { items: readonly { sendId: string }[] }).items;
      const one = await operator.get(`/v1/admin/sends/${item?.sendId}`);
      expect(one.body).toEqual(item);
      return item;
    };

    expect(await readBy('wallets:read')).toMatchObject({ gasFor: null, gas: null, nonce: null });
    expect(await readBy('wallets:read', 'users:reveal')).toMatchObject({
      ...{ gasFor: sendId, gas: expect.any(String) as string, nonce: expect.any(Number) as number },
    });
  });

  describe('and one node that lies about what a send needs', () => {
    const lieTo = ({ wallet: { address } }: Holder, factor: bigint) =>
      second.lie('eth_estimateGas', async (params: readonly unknown[], truth: () => Promise<unknown>) => {
        const gas = BigInt((await truth()) as string);
        const { from } = params[0] as { from: string };
        return `0x${(from.toLowerCase() === address.toLowerCase() ? gas * factor : gas).toString(16)}`;
      });
    const called = async ({ session, wallet }: Holder) => ({
      ...(await permit(session, wallet, tokens())),
      key: aKey(),
    });
    /** What the funding wallet pays for the same send, as all say. */
    const honest = async () => BigInt((await wait(await withTokens())).gas ?? '0');

    it('has nothing paid for more than twice of what another says', async () => {
      const holder = await withTokens();
      lieTo(holder, 10n);
      const call = await called(holder);
      expectProblem(await callSend(holder.session, holder.wallet, call), 503, 'send.gas_unknown');
      expect(
        await app.database.query('SELECT 1 FROM sends WHERE wallet_id = $1', [holder.wallet.walletId]),
      ).toEqual([]);
    });

    it('has twice as much paid where it lied when the person saw the fee', async () => {
      const gas = await honest();
      const holder = await withTokens();
      lieTo(holder, 10n);
      const call = await called(holder);
      second.recover();
      const { status, body } = await callSend(holder.session, holder.wallet, call);
      expect(status).toBe(201);
      const paid = BigInt((body as GasBody).gas ?? '0');
      expect(paid).toBeGreaterThan(gas);
      expect(paid).toBeLessThanOrEqual(2n * gas + gas / 10n);
    });

    it('delays no send of a wallet that has the coins', async () => {
      const holder = await withTokens();
      await setBalance(holder.wallet.address, ETHER);
      lieTo(holder, 10n);
      const { status, body } = await callSend(holder.session, holder.wallet, await called(holder));
      expect([status, (body as SendBody).state]).toEqual([201, 'broadcasting']);
    });
  });
});
