import type { Caller, Schemas } from '../api.js';

type Recovery = Schemas['WalletRecoveryResponse'];

/**
 * The recovery secret of all embedded wallets, for the person to write down. It is shown once, and replaces an earlier one.
 * @param act of `resumeAct` for `wallet.make_recovery_secret`
 */
export async function makeRecoverySecret(act: Caller): Promise<string> {
  return (await act.call('PUT', '/v1/wallets/recovery-secret')).recoverySecret;
}

/** A recovery by the secret is refused from then on. @param act as `makeRecoverySecret` */
export async function removeRecoverySecret(act: Caller): Promise<void> {
  await act.call('DELETE', '/v1/wallets/recovery-secret');
}

/**
 * Asks for the embedded wallets of the account whose secret it is, or gets them once the wait is over.
 * @param act of `resumeAct` for `wallet.recover`
 * @throws CountersignError `wallet.recovery_pending` until then, with the seconds in `retryAfter`
 */
export function recoverWallets(act: Caller, secret: string): Promise<Recovery> {
  return act.call('POST', '/v1/wallets/recoveries', { body: { secret } });
}

/** Those that this account asked for, and an open one against its own wallets (`isOwn` false). */
export async function walletRecoveries({ call }: Caller): Promise<readonly Recovery[]> {
  return (await call('GET', '/v1/wallets/recoveries')).items;
}

/** Ends a recovery of one's own wallets at once. The secret is used up. */
export async function refuseRecovery({ call }: Caller, recoveryId: string): Promise<void> {
  await call('POST', '/v1/wallets/recoveries/refuse', { body: { recoveryId } });
}

/** Lets the other account have the wallets at once. @param act of `resumeAct` for `wallet.accept_recovery` */
export async function acceptRecovery(act: Caller, recoveryId: string): Promise<void> {
  await act.call('POST', '/v1/wallets/recoveries/accept', { body: { recoveryId } });
}
