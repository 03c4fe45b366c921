import type request from 'supertest';
import { aWalletApplication, anEmbeddedWallet } from './embedded-wallets';
import type { WalletBody } from './linked-wallets';
import { signInPerson, type PersonSession } from './person-session';
import { steppedUpFor, withGrant } from './relaunch';
import type { Demo, TestApp } from './test-app';

export const RECOVERY_SECRET = '/v1/wallets/recovery-secret';
export const RECOVERIES = '/v1/wallets/recoveries';

export interface RecoveryBody {
  readonly recoveryId: string;
  readonly isOwn: boolean;
  readonly state: string;
  readonly readyAt: string;
}

/** A person whose account another one of theirs is to replace. */
export interface LostWallet {
  readonly demo: Demo;
  readonly old: { readonly session: PersonSession; readonly wallet: WalletBody };
  readonly secret: string;
  readonly asker: PersonSession;
}

export async function makeRecoverySecret(app: TestApp, demo: Demo, session: PersonSession): Promise<string> {
  const stepped = await steppedUpFor(app, demo, session, 'wallet.make_recovery_secret');
  const { status, body } = await withGrant(stepped.put(RECOVERY_SECRET, {}), stepped.grant);
  if (status !== 200) throw new Error(`the recovery secret answered ${status} ${JSON.stringify(body)}`);
  return (body as { recoverySecret: string }).recoverySecret;
}

export async function aLostWallet(
  app: TestApp,
  given: { readonly old?: LostWallet['old']; readonly demo?: Demo } = {},
): Promise<LostWallet> {
  const demo = given.demo ?? (await aWalletApplication(app));
  const old = given.old ?? (await anEmbeddedWallet(app, demo));
  const secret = await makeRecoverySecret(app, demo, old.session);
  return { demo, old, secret, asker: await signInPerson(app, demo) };
}

/** The call of the asking account, after a step-up. */
export async function recoverWith(
  app: TestApp,
  { demo, secret }: Pick<LostWallet, 'demo' | 'secret'>,
  asker: PersonSession,
): Promise<request.Response> {
  const stepped = await steppedUpFor(app, demo, asker, 'wallet.recover');
  return withGrant(stepped.post(RECOVERIES, { secret }), stepped.grant);
}

export async function recoveriesOf(session: PersonSession): Promise<readonly RecoveryBody[]> {
  const { status, body } = await session.get(RECOVERIES);
  if (status !== 200) throw new Error(`the recoveries answered ${status}`);
  return (body as { items: readonly RecoveryBody[] }).items;
}

export async function anOpenRecovery(
  app: TestApp,
  given: Parameters<typeof aLostWallet>[1] = {},
): Promise<LostWallet & { readonly recoveryId: string }> {
  const lost = await aLostWallet(app, given);
  const { status, body } = await recoverWith(app, lost, lost.asker);
  if (status !== 409) throw new Error(`the recovery answered ${status} ${JSON.stringify(body)}`);
  const [asked] = await recoveriesOf(lost.asker);
  if (!asked) throw new Error('no recovery was opened');
  return { ...lost, recoveryId: asked.recoveryId };
}

export async function acceptRecovery(
  app: TestApp,
  { demo, old, recoveryId }: LostWallet & { readonly recoveryId: string },
): Promise<void> {
  const stepped = await steppedUpFor(app, demo, old.session, 'wallet.accept_recovery');
  const { status } = await withGrant(stepped.post(`${RECOVERIES}/accept`, { recoveryId }), stepped.grant);
  if (status !== 204) throw new Error(`the acceptance answered ${status}`);
}
