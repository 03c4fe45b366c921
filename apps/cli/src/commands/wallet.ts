import { reasonOf } from '../call';
import { command, group } from '../declaration';
import { reason } from '../options';

export const wallet = group('wallet', 'linked and embedded wallets of people', {
  // At custody: after a restore it is given before the API starts.
  stop: command(
    'stop all embedded wallets at once, by the brake of custody; needs no running API',
    reason,
  ).act(async (call, app) => {
    const { WalletFreezing } = await import('../lazy/features.js');
    const freezing = app.get(WalletFreezing);
    await freezing.applyBrake(reasonOf(call));
    const brake = await freezing.brake();
    return {
      json: { stoppedAt: brake?.since, stoppedFor: brake?.reason },
      text: 'No embedded wallet acts until "countersign-custody release"',
    };
  }),
});
