import { extensionPoint } from '@countersign/extensions';
import type { OwnWallet } from '@countersign/linked-wallets';
import type { EmbeddedWalletSettings } from '../embedded-wallets.settings';
import type { ReadAct, WantedAct } from './read-act';

/** Reads what a call wants an embedded wallet to send, and asks nodes what it costs. */
export interface SendReader {
  /** @throws AppError for what cannot be sent */
  read(
    own: Pick<OwnWallet, 'wallet' | 'address'>,
    wanted: Pick<WantedAct, 'chainId' | 'request'>,
    settings: EmbeddedWalletSettings,
  ): Promise<ReadAct>;
}

/** Registers the one provider that reads sends. */
export const ReadsSends = extensionPoint<SendReader>();
