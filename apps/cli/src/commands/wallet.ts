import { chooseIfGiven, ifGiven, uuid, uuidArgument } from '../call';
import { command, group, oneOf, readUpTo } from '../declaration';
import { limit } from '../options';
import { switches, walletProviders } from '../words';

export const wallet = group('wallet', 'wallets that people linked to their accounts', {
  list: command('list wallets, newest first, without addresses and names', {
    '--user <userId>': 'only those of this account',
    '--platform <provider>': oneOf(walletProviders, 'only those of this platform'),
    '--owners-changed <on|off>': oneOf(
      switches,
      'on: only wallets that obey others than when they were proven',
    ),
    ...limit,
  }).list({
    read: async (call, app, { wallets }) => {
      const ownersChanged = chooseIfGiven(call, 'owners-changed', switches);
      const filter = {
        userId: ifGiven(call, 'user', uuid),
        provider: chooseIfGiven(call, 'platform', walletProviders),
        ownersChanged: ownersChanged === undefined ? undefined : ownersChanged === 'on',
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
});
