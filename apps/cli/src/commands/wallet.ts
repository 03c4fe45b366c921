import { chooseIfGiven, ifGiven, reasonOf, uuid, uuidArgument } from '../call';
import { command, group, oneOf, readUpTo, type Connected, type Takes } from '../declaration';
import { limit, reason } from '../options';
import { walletProviders } from '../words';

const embedded: Takes = { '<walletId>': 'the embedded wallet' };

export const wallet = group('wallet', 'linked and embedded wallets of people', {
  list: command('list wallets, newest first, without addresses and names', {
    '--user <userId>': 'only those of this account',
    '--platform <provider>': oneOf(walletProviders, 'only those of this platform'),
    ...limit,
  }).list({
    read: async (call, app, { wallets }) => {
      const filter = {
        userId: ifGiven(call, 'user', uuid),
        provider: chooseIfGiven(call, 'platform', walletProviders),
      };
      const directory = app.get(wallets.WalletDirectory);
      const found = await readUpTo(call, (keyset) => directory.list(filter, keyset), 'id');
      return found.map((one) => wallets.AdminWalletResponse.of(one));
    },
    columns: {
      wallet: 'walletId',
      user: 'userId',
      platform: 'provider',
      environment: 'environment',
      'contract on': 'chainId',
      primary: ({ isPrimary }) => (isPrimary ? 'primary' : '-'),
      linked: 'linkedAt',
    },
    none: 'None',
  }),
  show: command('show a wallet, without its address and its name', { '<walletId>': 'the wallet' }).show(
    async (call, app, { wallets }) =>
      wallets.AdminWalletResponse.of(
        await app.get(wallets.WalletDirectory).get(uuidArgument(call, 'walletId')),
      ),
  ),
  unlink: command('unlink a wallet with its identity; its sessions end', {
    '<walletId>': 'the wallet, as list names it',
  }).act(async (call, app, { wallets }) => {
    const walletId = uuidArgument(call, 'walletId');
    const { endedSessions } = await app.get(wallets.WalletOperations).unlink(walletId);
    const text = `Wallet ${walletId} is unlinked; ${endedSessions} session(s) ended`;
    return { json: { walletId, endedSessions }, text };
  }),
  state: command('show the state of an embedded wallet', embedded).show((call, app, business) =>
    stateOf(call, app, business),
  ),
  freeze: command('stop an embedded wallet at once', { ...embedded, ...reason }).show(
    async (call, app, business) => {
      const walletId = uuidArgument(call, 'walletId');
      await app.get(business.embeddedWallets.WalletFreezing).freezeByOperator(walletId, reasonOf(call));
      return stateOf(call, app, business);
    },
  ),
  unfreeze: command('let an embedded wallet act again', { ...embedded, ...reason }).show(
    async (call, app, business) => {
      const walletId = uuidArgument(call, 'walletId');
      await app.get(business.embeddedWallets.WalletFreezing).unfreezeByOperator(walletId, reasonOf(call));
      return stateOf(call, app, business);
    },
  ),
  stop: command('stop all embedded wallets at once', reason).show(async (call, app, { embeddedWallets }) => {
    await app.get(embeddedWallets.WalletFreezing).applyBrake(reasonOf(call));
    return app.get(embeddedWallets.CustodyOperations).read();
  }),
  release: command('let all embedded wallets act again', reason).show(
    async (call, app, { embeddedWallets }) => {
      await app.get(embeddedWallets.WalletFreezing).releaseBrake(reasonOf(call));
      return app.get(embeddedWallets.CustodyOperations).read();
    },
  ),
});

async function stateOf(...[call, app, { embeddedWallets }]: Parameters<Connected<object>>) {
  const walletId = uuidArgument(call, 'walletId');
  const state = await app.get(embeddedWallets.CustodyOperations).stateOf(walletId);
  return embeddedWallets.AdminEmbeddedStateResponse.of(state);
}
