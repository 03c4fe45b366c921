import { times } from '../factories';
import { describeWithAnvil } from '../support/anvil';
import { aWalletApplication } from '../support/embedded-wallets';
import { expectProblem } from '../support/expect-problem';
import { useGas } from '../support/gas';
import {
  aFundedWallet,
  aKey,
  broadcast,
  callSend,
  coin,
  permit,
  send,
  settleWaiting,
} from '../support/sends';

const HOUR_SECONDS = 3_600;
/** More than nodes have to hold for one wallet. */
const WAVE = 70;
const MAX_UNMINED = 64;
/** Of the job. */
const BATCH = 100;
const [WALLETS, DELAYED] = [9, 15];

describeWithAnvil('many people who lack gas', () => {
  const { anvil, nodes, app, game, setMining, withTokens, wait } = useGas();
  const [, second] = nodes;

  it('all get it, also where no payment is final yet, and one run of the job sends for all', async () => {
    const sent: string[] = [];
    for (let index = 0; index < WAVE; index += 1) sent.push((await wait(await withTokens())).sendId);
    await broadcast(app);
    const paid = await app.database.query('SELECT 1 FROM sends WHERE gas_for = ANY($1::uuid[])', [sent]);
    expect(paid).toHaveLength(WAVE);
    app.clock.advance(61);

    await settleWaiting(app);

    const states = await app.database.query('SELECT DISTINCT state FROM sends WHERE id = ANY($1::uuid[])', [
      sent,
    ]);
    expect(states).toEqual([{ state: 'broadcasting' }]);
  });

  it('are served by one run of the job also behind many delayed sends', async () => {
    const slow = await aWalletApplication(
      app,
      { acts: ['send'] },
      { more: { sends: { firstSendDelayHours: 1 } } },
    );
    const senders = await Promise.all(times(WALLETS, () => aFundedWallet(app, slow, anvil)));
    await Promise.all(
      senders.map(async ({ session, wallet }) => {
        for (let index = 0; index < DELAYED; index += 1) await send(session, wallet);
      }),
    );
    app.clock.advance(HOUR_SECONDS);

    await settleWaiting(app);

    const [settled] = await app.database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM sends WHERE application_id = $1 AND state <> 'waiting'`,
      [slow.applicationId],
    );
    // Nodes that differ for a moment delay some.
    expect(settled?.count).toBeGreaterThan(BATCH);
  });

  it('are no reason to give nodes more transactions of one wallet than they hold', async () => {
    const { session, wallet } = await aFundedWallet(app, game, anvil);
    await setMining(false);
    for (let index = 0; index < MAX_UNMINED; index += 1) await send(session, wallet, coin());
    const call = { ...(await permit(session, wallet)), key: aKey() };
    expectProblem(await callSend(session, wallet, call), 409, 'send.too_many_open');
    // One node that lies allows no more.
    second.lie('eth_getTransactionCount', `0x${MAX_UNMINED.toString(16)}`);
    expect((await callSend(session, wallet, call)).status).toBeGreaterThanOrEqual(409);
    second.recover();

    await anvil.mine();

    expect((await callSend(session, wallet, call)).status).toBe(201);
  });
});
