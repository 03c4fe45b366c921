import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { WalletDestruction, WalletFreezing } from '@countersign/embedded-wallets';
import { Metrics } from '@countersign/observability';
import {
  anEmbeddedWallet,
  aWalletApplication,
  environmentOf,
  perform,
  actFor,
  useCustody,
} from '../support/embedded-wallets';
import { useFixture } from '../support/use-fixture';
import { useTestApp } from '../support/use-test-app';

const custody = useCustody();
const app = useTestApp(() => environmentOf(custody));
const game = useFixture(() => aWalletApplication(app));

/** Of the metrics of embedded wallets and custody, without times. */
async function measured(): Promise<readonly string[]> {
  const text = await app.nest.get(Metrics).expose();
  return text
    .split('\n')
    .filter((line) => /^countersign_(?:wallet_(?:acts|brake|destr)|custody_)/.test(line));
}

describe('metrics of embedded wallets', () => {
  it('count acts by how they end, without a word of people, wallets and texts', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    const actId = await actFor(session, wallet);
    await custody.kill();
    await perform(session, wallet, actId);
    await custody.run();
    await perform(session, wallet, actId);
    await perform(session, wallet, actId);

    const lines = await measured();
    expect(lines).toEqual(
      expect.arrayContaining([
        'countersign_wallet_acts_total{act="sign-message",outcome="asked"} 1',
        'countersign_wallet_acts_total{act="sign-message",outcome="unanswered"} 1',
        'countersign_wallet_acts_total{act="sign-message",outcome="done"} 1',
        'countersign_wallet_acts_total{act="sign-message",outcome="wallet.act_performed"} 1',
        'countersign_custody_call_duration_seconds_count{call="sign",outcome="away"} 1',
        'countersign_custody_call_duration_seconds_count{call="sign",outcome="answered"} 1',
        'countersign_custody_pending_calls 0',
      ]),
    );
    const all = lines.join('\n');
    for (const secret of [wallet.walletId, wallet.address, session.userId, 'Hello', actId])
      expect(all).not.toContain(secret);
  });

  it('say that the brake is on, and for how long keys wait for their destruction', async () => {
    const { session, wallet } = await anEmbeddedWallet(app, game);
    expect(await measured()).toEqual(
      expect.arrayContaining([
        'countersign_wallet_brake_on 0',
        'countersign_wallet_destruction_lag_seconds 0',
      ]),
    );

    await session.delete(`/v1/me?confirm=${session.userId}&forfeit=${wallet.walletId}`);
    const erasedAt = new Date(app.clock.now().getTime() + 8 * DAY);
    await app.nest.get(ErasureCompletion).complete(session.userId, erasedAt);
    app.clock.advance(90);
    await app.nest.get(WalletFreezing).applyBrake('incident-7');
    expect(await measured()).toEqual(
      expect.arrayContaining([
        'countersign_wallet_brake_on 1',
        'countersign_wallet_destruction_lag_seconds 90',
      ]),
    );

    await app.nest.get(WalletDestruction).run();
    expect(await measured()).toContain('countersign_wallet_destruction_lag_seconds 0');
    expect(custody.command('release')).toMatch(/^0: /);
  });
});
