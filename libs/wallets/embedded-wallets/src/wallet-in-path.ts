import { IdInPath } from '@countersign/http';

/** The id of an embedded wallet. @throws AppError wallet.not_found */
export const WalletInPath = (): ParameterDecorator =>
  IdInPath('walletId', 'wallet.not_found', 'The embedded wallet.');

/** Codes of calls that ask custody for the state of a wallet. */
export const OF_CUSTODY = ['wallet.embedded_off', 'wallet.key_missing', 'wallet.custody_unavailable'];
