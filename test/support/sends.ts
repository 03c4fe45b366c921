import type request from 'supertest';
import type { Address } from 'viem';
import { Broadcasts, SendFollowers } from '@countersign/embedded-wallets';
import type { Anvil } from './anvil';
import { anvilChain, chainsDocument } from './chains';
import type { TestCustody } from './custody';
import { anEmbeddedWallet, askForAct, environmentOf, perform, type ActBody } from './embedded-wallets';
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

/** An act that sends, and the most that it costs. */
export async function permit(
  session: PersonSession,
  wallet: Pick<WalletBody, 'walletId'>,
  request: object = coin(),
  { chainId = CHAIN, ...more }: { readonly chainId?: string; readonly key?: string } = {},
): Promise<{ readonly actId: string; readonly maxFee: string }> {
  const { status, body } = await askForAct(session, wallet, { kind: 'send', chainId, request, ...more });
  if (status !== 201) throw new Error(`the act answered ${status} ${JSON.stringify(body)}`);
  const { actId, details } = body as ActBody;
  return { actId, maxFee: details?.maxFee ?? '' };
}

/** With the send as its body, or the problem. */
export async function callSend(
  session: PersonSession,
  wallet: Pick<WalletBody, 'walletId'>,
  { actId }: { readonly actId: string },
): Promise<request.Response> {
  const answer = await perform(session, wallet, actId);
  const { send = null } = answer.body as { readonly send?: SendBody | null };
  return send ? Object.assign(answer, { body: send }) : answer;
}

let keys = 0;
export const aKey = (): string => `key-${(keys += 1)}`;

export async function send(
  session: PersonSession,
  wallet: Pick<WalletBody, 'walletId'>,
  request: object = coin(),
  more: { readonly chainId?: string; readonly key?: string } = {},
): Promise<SendBody> {
  const { status, body } = await callSend(session, wallet, await permit(session, wallet, request, more));
  if (status !== 200) throw new Error(`the send answered ${status} ${JSON.stringify(body)}`);
  return body as SendBody;
}

/** Speeds a send up, or cancels it. */
export async function replaceSend(
  session: PersonSession,
  wallet: Pick<WalletBody, 'walletId'>,
  sendId: string,
  kind: 'speed-up' | 'cancel',
): Promise<request.Response> {
  const asked = await session.post(`/v1/wallets/${wallet.walletId}/sends/${sendId}/${kind}`);
  return asked.status === 201 ? callSend(session, wallet, asked.body as ActBody) : asked;
}

/** @returns what became of a send, by the replica that gets the call; or why there is none */
export async function attemptSend(
  { http }: Pick<TestApp, 'http'>,
  session: PersonSession,
  wallet: Pick<WalletBody, 'walletId'>,
  request: object,
): Promise<string> {
  const asked = await askForAct(session, wallet, { kind: 'send', chainId: CHAIN, request });
  if (asked.status !== 201) return (asked.body as { code: string }).code;
  const { status, body } = await http
    .post(`/v1/wallets/${wallet.walletId}/acts/${(asked.body as ActBody).actId}/perform`)
    .set('authorization', `Bearer ${session.accessToken}`);
  return status === 200 ? 'sent' : (body as { code: string }).code;
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
  return app.nest.get(Broadcasts, { strict: false }).idle();
}

/** One look of a replica at all sends. */
export async function look(app: TestApp): Promise<void> {
  await app.nest.get(SendFollowers, { strict: false }).look();
}

/** What the tables of sends, the audit and the log say, in lower case. */
export async function dumpOfSends(app: TestApp): Promise<string> {
  const tables = ['sends', 'send_versions', 'wallet_nonces', 'audit_records', 'wallet_acts'];
  const rows = await Promise.all(tables.map((table) => app.database.query(`SELECT * FROM ${table}`)));
  const text = `${JSON.stringify(rows)}${app.logLines.join('')}`.toLowerCase();
  expect(text).toContain('"kind":"send"');
  return text;
}
