import { openTelegramLink } from '../acts.js';
import type { Caller, Schemas } from '../api.js';
import { CountersignError } from '../problem.js';
import { untilSettled } from '../what-codes-mean.js';

/** A request to an embedded wallet or its person. The person may have to accept it at the consent bot. */
export type WalletAct = Schemas['ActResponse'];

export type OpenLink = (url: string) => void;

/**
 * Opens the consent bot if the act requires it, and waits up to ten minutes until the person accepts there.
 * @param openLink the default is `Telegram.WebApp.openTelegramLink`; elsewhere show the link, also as a QR code
 * @throws CountersignError `local.declined` if the person did not accept
 */
export async function untilAccepted(
  { call }: Caller,
  walletId: string,
  { actId, consent }: Pick<WalletAct, 'actId' | 'consent'>,
  openLink: OpenLink = openTelegramLink,
): Promise<void> {
  if (!consent) return;
  openLink(consent.link);
  const path = { walletId, actId };
  const { state } = await untilSettled(
    () => call('GET', '/v1/wallets/{walletId}/acts/{actId}', { path }),
    (answer) => answer.state === 'open',
  );
  if (state === 'expired') throw new CountersignError('local.declined');
}

/**
 * Asks the person at the consent bot to export the words of a wallet, to end its freeze, or to name a way out. Only the
 * link in the answer shows the words, and only after the delay of the rules (`exportDelayHours`).
 * @param request for a way out: `address`, and `tonAddress` for assets on TON
 * @throws CountersignError such as `wallet.consent_unavailable`, and the errors of `untilAccepted`
 */
export async function askForConsent(
  caller: Caller,
  walletId: string,
  kind: 'export' | 'unfreeze' | 'way-out',
  openLink?: OpenLink,
  request?: { readonly address: string; readonly tonAddress?: string },
): Promise<WalletAct> {
  const path = { walletId };
  const asked = await caller.call('POST', '/v1/wallets/{walletId}/acts', {
    path,
    body: { kind, ...(request && { request }) },
  });
  await untilAccepted(caller, walletId, asked, openLink);
  return asked;
}
