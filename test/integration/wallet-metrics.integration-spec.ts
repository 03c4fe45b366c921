import { ErasureCompletion } from '@countersign/account';
import { DAY } from '@countersign/clock';
import { WalletDestruction, WalletFreezing } from '@countersign/embedded-wallets';
import { Metrics } from '@countersign/observability';
import { anEmbeddedWallet, aWalletApplication, environmentOf, useCustody } from '../support/embedded-wallets';
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
