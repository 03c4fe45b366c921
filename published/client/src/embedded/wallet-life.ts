import type { Caller, Schemas } from '../api.js';

/** Since when a wallet does nothing, whether its words were shown, and which applications may use it. */
export type EmbeddedState = Schemas['EmbeddedStateResponse'];

export function embeddedState({ call }: Caller, walletId: string): Promise<EmbeddedState> {
  return call('GET', '/v1/wallets/{walletId}/embedded', { path: { walletId } });
}

/** Stops a wallet at once, in all applications. */
export async function freezeWallet({ call }: Caller, walletId: string): Promise<void> {
  await call('POST', '/v1/wallets/{walletId}/freeze', { path: { walletId } });
}

/** The application uses the wallet no more. `createEmbeddedWallet` there asks for a step-up for `wallet.grant`. */
export async function takeBackGrant(
  { call }: Caller,
  walletId: string,
  applicationId: string,
): Promise<void> {
  const path = { walletId, applicationId };
  await call('DELETE', '/v1/wallets/{walletId}/grants/{applicationId}', { path });
}
