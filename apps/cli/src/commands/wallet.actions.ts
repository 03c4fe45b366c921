import { readUpTo } from '@countersign/admin';
import { AdminWalletResponse, WalletDirectory, WalletOperations } from '@countersign/linked-wallets';
import { chooseIfGiven, ifGiven, uuid, uuidArgument, type Connected } from '../command';
import { limitOf } from '../limit-option';
import { listing, table } from '../list-output';
import { switches, walletProviders } from '../words';

export const list: Connected = async (call, app) => {
  const ownersChanged = chooseIfGiven(call, 'owners-changed', switches);
  const filter = {
    userId: ifGiven(call, 'user', uuid),
    provider: chooseIfGiven(call, 'platform', walletProviders),
    ownersChanged: ownersChanged === undefined ? undefined : ownersChanged === 'on',
  };
  const found = await readUpTo(
    limitOf(call),
    (keyset) => app.get(WalletDirectory).list(filter, keyset),
    ({ id }) => id,
  );
  const items = found.map((wallet) => AdminWalletResponse.of(wallet));
  const rows = items.map(({ walletId, userId, provider, environment, chainId, isPrimary, linkedAt }) => [
    walletId,
    userId,
    provider,
    environment,
    chainId ?? '-',
    isPrimary ? 'primary' : '-',
    linkedAt,
  ]);
  const headings = ['wallet', 'user', 'platform', 'environment', 'contract on', 'primary', 'linked'];
  return { json: items, text: rows.length === 0 ? 'None' : table(headings, rows) };
};

export const show: Connected = async (call, app) => {
  const wallet = AdminWalletResponse.of(await app.get(WalletDirectory).get(uuidArgument(call, 'walletId')));
  return { json: wallet, text: listing(wallet) };
};

export const unlink: Connected = async (call, app) => {
  const walletId = uuidArgument(call, 'walletId');
  const { endedSessions } = await app.get(WalletOperations).unlink(walletId);
  const text = `Wallet ${walletId} is unlinked; ${endedSessions} session(s) ended`;
  return { json: { walletId, endedSessions }, text };
};
