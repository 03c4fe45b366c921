import type request from 'supertest';
import type { Address } from 'viem';
import { Broadcasts, SendFollowers } from '@countersign/sending';
import type { Anvil } from './anvil';
import { anvilChain, chainsDocument } from './chains';
import type { TestCustody } from './custody';
import { askForToken, anEmbeddedWallet, environmentOf, type TokenBody } from './embedded-wallets';
import type { WalletBody } from './linked-wallets';
import type { PersonSession } from './person-session';
import type { Demo, TestApp } from './test-app';

export const CHAIN = 'eip155:31337';
export const ETHER = 10n ** 18n;
export const FRIEND = `0x${'77'.repeat(20)}` as const;
/** A chain that is asked about wallets only. */
const WITHOUT_SENDS = { chainId: 'eip155:1', rpcUrls: ['http://127.0.0.1:1/'], mayNameAddresses: false };
export const CAPS = { maxFeePerGas: '100000000000', maxFee: '10000000000000000', depth: 0 };

export interface SendBody {
  readonly sendId: string;
  readonly state: string;
  readonly nonce: number;
  readonly versions: readonly { readonly hash: `0x${string}`; readonly kind: string }[];
  readonly block: { readonly number: number; readonly hash: string; readonly isSuccessful: boolean } | null;
  readonly outcome: string | null;
  readonly replacedBy: string | null;
  readonly details: { readonly maxFee: string; readonly summary: readonly string[] };
}

/** An installation that sends on the chain of an anvil. */
export function sendingOn(custody: Pick<TestCustody, 'socket'>, urls: readonly string[], more: object = {}) {
  const chain = anvilChain(urls, { sending: CAPS, requestsPerSecond: 1_000, ...more });
  return {
    environment: { ...environmentOf(custody).environment, CHAINS: chainsDocument(chain, WITHOUT_SENDS) },
  };
}

/** A person whose embedded wallet has coins. */
export async function aFundedWallet(app: TestApp, demo: Demo, anvil: Anvil, coins = 10n * ETHER) {
  const { session, wallet } = await anEmbeddedWallet(app, demo);
  await anvil.request('anvil_setBalance', [wallet.address, `0x${coins.toString(16)}`]);
  return { session, wallet, address: wallet.address as Address };
}

export const coin = (amount: bigint | number = 1, to: string = FRIEND) => ({
  ...{ kind: 'coin', to, amount: String(amount) },
});

/** A token for a send, and what the call that uses it says. */
export async function permit(
  session: PersonSession,
  wallet: WalletBody,
  request: object = coin(),
  chainId = CHAIN,
): Promise<{
  readonly walletToken: string;
  readonly chainId: string;
  readonly maxFee: string;
  readonly request: object;
}> {
  const { status, body } = await askForToken(session, wallet, { act: 'send', chainId, request });
  if (status !== 201) throw new Error(`the token answered ${status} ${JSON.stringify(body)}`);
  const { walletToken, details } = body as TokenBody & { details: { maxFee: string } };
  return { walletToken, chainId, maxFee: details.maxFee, request };
}

export function callSend(session: PersonSession, { walletId }: WalletBody, call: object): request.Test {
  return session.post(`/v1/wallets/${walletId}/sends`, call);
}

let keys = 0;
export const aKey = (): string => `key-${(keys += 1)}`;

export async function send(
  session: PersonSession,
  wallet: WalletBody,
  request: object = coin(),
  { key = aKey(), chainId = CHAIN } = {},
): Promise<SendBody> {
  const call = { ...(await permit(session, wallet, request, chainId)), key };
  const { status, body } = await callSend(session, wallet, call);
  if (status !== 201) throw new Error(`the send answered ${status} ${JSON.stringify(body)}`);
  return body as SendBody;
}

/** Speeds a send up, or cancels it, with a token of its own. */
export async function replaceSend(
  session: PersonSession,
  wallet: WalletBody,
  sendId: string,
  kind: 'speed-up' | 'cancel',
): Promise<request.Response> {
  const { walletToken, chainId, maxFee } = await permit(session, wallet, { kind, sendId });
  return session.post(`/v1/wallets/${wallet.walletId}/sends/${sendId}/${kind}`, {
    ...{ walletToken, chainId, maxFee },
  });
}

/** @returns what became of a send of the next token, by the replica that gets the call; or why there is no token */
export async function attemptSend(
  { http }: Pick<TestApp, 'http'>,
  session: PersonSession,
  wallet: WalletBody,
  request: object,
): Promise<string> {
  const asked = await askForToken(session, wallet, { act: 'send', chainId: CHAIN, request });
  if (asked.status !== 201) return (asked.body as { code: string }).code;
  const { walletToken, details } = asked.body as TokenBody & { details: { maxFee: string } };
  const call = { walletToken, chainId: CHAIN, maxFee: details.maxFee, request, key: aKey() };
  const { status, body } = await http
    .post(`/v1/wallets/${wallet.walletId}/sends`)
    .set('authorization', `Bearer ${session.accessToken}`)
    .send(call);
  return status === 201 ? 'sent' : (body as { code: string }).code;
}

export const countOf = (outcomes: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...new Set(outcomes)].toSorted().map((each) => [each, outcomes.filter((one) => one === each).length]),
  );

export async function sendOf(
  session: PersonSession,
  { walletId }: WalletBody,
  { sendId }: Pick<SendBody, 'sendId'>,
): Promise<SendBody> {
  return (await session.get(`/v1/wallets/${walletId}/sends/${sendId}`)).body as SendBody;
}

/** All bytes of sends that were made so far have been given to the nodes. */
export function broadcast(app: TestApp): Promise<void> {
  return app.nest.get(Broadcasts, { strict: false }).settled();
}

/** One look of a replica at all sends. */
export async function look(app: TestApp): Promise<void> {
  for (const chain of app.nest.get(SendFollowers, { strict: false }).all) await chain.round();
}

/** What the tables of sends, the audit and the log say, in lower case. */
export async function dumpOfSends(app: TestApp): Promise<string> {
  const tables = ['sends', 'send_versions', 'send_answers', 'wallet_nonces', 'audit_records', 'wallet_acts'];
  const rows = await Promise.all(tables.map((table) => app.database.query(`SELECT * FROM ${table}`)));
  const text = `${JSON.stringify(rows)}${app.logLines.join('')}`.toLowerCase();
  expect(text).toContain('"act":"send"');
  return text;
}
