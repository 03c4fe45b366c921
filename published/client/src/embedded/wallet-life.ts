import type { Caller, Schemas } from '../api.js';

/** Since when a wallet does nothing, and whether its words were shown. */
export type EmbeddedState = Schemas['EmbeddedStateResponse'];

export function embeddedState({ call }: Caller, walletId: string): Promise<EmbeddedState> {
  return call('GET', '/v1/wallets/{walletId}/embedded', { path: { walletId } });
}

/** Stops a wallet at once, in all applications. */
export async function freezeWallet({ call }: Caller, walletId: string): Promise<void> {
  await call('POST', '/v1/wallets/{walletId}/freeze', { path: { walletId } });
}
