import type request from 'supertest';
import { aPerson, type Person } from '../factories';
import { sessionOf, signInPerson, type PersonSession } from './person-session';
import type { Demo, TestApp } from './test-app';
import { signInByWallet, walletProof, type TestWallet } from './wallets';

/** A wallet as the API shows it. */
export interface WalletBody {
  readonly walletId: string;
  readonly identityId: string;
  readonly provider: string;
  readonly address: string;
  readonly isPrimary: boolean;
  readonly proof: object | null;
  readonly linkedAt: string;
  readonly checkedAt: string;
}

/** A person with a session that was stepped up. */
export async function aSteppedUp(
  app: TestApp,
  demo: Demo,
  person: Person = aPerson(),
): Promise<PersonSession> {
  const session = await signInPerson(app, demo, person);
  const { status } = await session.stepUp();
  if (status !== 200) throw new Error(`the step-up answered ${status}`);
  return session;
}

/** Sends a link of a wallet that is to sign in, with a fresh challenge. */
export async function sendLink(session: PersonSession, wallet: TestWallet): Promise<request.Response> {
  return sendConnection(session, wallet, { canSignIn: true });
}

/** Connects a wallet, with a fresh challenge. */
export async function sendConnection(
  session: PersonSession,
  wallet: TestWallet,
  options: object = {},
): Promise<request.Response> {
  return session.post('/v1/wallets/links', { ...(await walletProof(session, wallet, 'link')), ...options });
}

export async function linkWallet(session: PersonSession, wallet: TestWallet): Promise<WalletBody> {
  const { status, body } = await sendLink(session, wallet);
  if (status !== 201) throw new Error(`the link answered ${status} ${JSON.stringify(body)}`);
  return body as WalletBody;
}

/** Links a wallet by a proof that counts as little as that of a wallet of TON by one endpoint. */
export async function linkWeakly(
  app: TestApp,
  session: PersonSession,
  wallet: TestWallet,
): Promise<WalletBody> {
  const { identityId } = await linkWallet(session, wallet);
  await app.database.query(`UPDATE identities SET cap = 'bot-token' WHERE id = $1`, [identityId]);
  const linked = (await walletsOf(session)).find((shown) => shown.identityId === identityId);
  if (!linked) throw new Error('the wallet is not listed');
  return linked;
}

/** A session that a wallet opens. Its step-up is by the same wallet. */
export async function walletSession(app: TestApp, demo: Demo, wallet: TestWallet): Promise<PersonSession> {
  const answer = await signInByWallet(app, demo, wallet);
  if (answer.status !== 200)
    throw new Error(`the sign-in answered ${answer.status} ${JSON.stringify(answer.body)}`);
  const session = sessionOf(app, answer.body as Parameters<typeof sessionOf>[1], aPerson(), () => ({}));
  return {
    ...session,
    stepUp: async () => session.post('/v1/me/step-up', await walletProof(session, wallet, 'step-up')),
  };
}

/** All of the person's wallets, oldest first. */
export async function walletsOf(session: PersonSession): Promise<readonly WalletBody[]> {
  const { status, body } = await session.get('/v1/wallets');
  if (status !== 200) throw new Error(`the list answered ${status} ${JSON.stringify(body)}`);
  return (body as { readonly items: readonly WalletBody[] }).items;
}
