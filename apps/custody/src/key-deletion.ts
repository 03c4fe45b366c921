import type { Clock } from '@countersign/clock';
import type { Logger } from '@countersign/observability';
import type { Consents } from './store/consents.repository';
import type { CustodyDatabase } from './store/custody-database.repository';
import { deleteOldSums } from './store/sums.repository';
import type { SealedWallets } from './store/sealed-wallets.repository';

/** Deletes the keys of wallets that were destroyed a week ago, old sums and old consents. */
export async function deleteOld(
  database: CustodyDatabase,
  { wallets, consents }: { readonly wallets: SealedWallets; readonly consents: Consents },
  clock: Clock,
  logger: Logger,
): Promise<void> {
  const count = await database.transaction(async (client) => {
    await deleteOldSums(client, clock.now());
    return wallets.deleteKeys(client, clock.now());
  });
  if (count > 0) logger.info({ count }, 'keys of destroyed wallets deleted');
  while (await database.transaction((client) => consents.deleteOld(client)));
}
