import { openTelegramLink } from '../acts.js';
import type { Caller, Schemas } from '../api.js';
import { CountersignError } from '../problem.js';
import { untilSettled } from '../what-codes-mean.js';

/** What an embedded wallet is asked to do, or its person, who may have to accept it at the consent bot. */
export type WalletAct = Schemas['ActResponse'];

/** Opens a link of the consent bot. */
export type OpenLink = (url: string) => void;

/**
 * Opens the consent bot where the act asks for it, and waits until the person has accepted there: within ten minutes.
 * @param openLink `Telegram.WebApp.openTelegramLink` by default; elsewhere show the link, as a QR code too
 * @throws CountersignError `local.declined` where the person did not accept
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
 * Asks the person at the consent bot for the words of a wallet, which only the link of the answer shows, after `exportDelayHours` of the
 * rules, for the end of its freeze, or whether another wallet is to be its way out.
 * @param request of a way out: `address`, and `tonAddress` for what is on TON
 * @throws CountersignError such as `wallet.consent_unavailable`, and as `untilAccepted`
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
