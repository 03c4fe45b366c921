import { invalidField } from '@countersign/http';
import { walletError } from '@countersign/linked-wallets';
import { readEvmAddress, type EvmAddress } from '@countersign/wallet-proofs';
import { metaproError } from '../metapro.errors';

/** Header values, of which a repeated one arrives as a list or joined. */
type HeaderText = string | string[] | undefined;

/** @throws AppError wallet.address_invalid */
export function readWallet(text: HeaderText): EvmAddress {
  // Of any case: a client that does not lower it means no other address.
  const read = typeof text === 'string' ? readEvmAddress(text.toLowerCase()) : null;
  if (!read?.ok) throw walletError('wallet.address_invalid');
  return read.value;
}

/** The header and the body name one address. @throws AppError wallet.address_invalid, metapro.wallet_differs */
export function readSameWallet(header: HeaderText, body: string): EvmAddress {
  const wallet = readWallet(body);
  if (readWallet(header) !== wallet) throw metaproError('metapro.wallet_differs');
  return wallet;
}

/** @throws AppError request.invalid */
export function readHash(header: HeaderText): string {
  if (typeof header === 'string' && /^[\w-]{16,128}$/.test(header)) return header;
  const detail = 'must be the hash that the wallet signed';
  throw invalidField('x-account-login-hash', 'required', detail);
}
