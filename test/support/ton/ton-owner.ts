import { Address } from '@ton/core';
import { aSteppedUp, linkWallet } from '../linked-wallets';
import type { PersonSession } from '../person-session';
import type { Demo, TestApp } from '../test-app';
import { aTonWallet, type TestWallet } from '../wallets';
import { useFixture } from '../use-fixture';
import type { TonNetwork, TonSigner } from './ton-network';

export const TON = 'ton:-239';

/** Somebody with a linked TON wallet, whose key the test has. */
export interface TonOwner extends TonSigner {
  readonly wallet: TestWallet;
  readonly session: PersonSession;
  readonly walletId: string;
  readonly address: Address;
}

export async function aTonOwner(app: TestApp, demo: Demo, version: 'v4' | 'v5r1' = 'v4'): Promise<TonOwner> {
  const wallet = aTonWallet(version, TON, () => app.clock.now());
  const session = await aSteppedUp(app, demo);
  const { walletId } = await linkWallet(session, wallet);
  return { ...wallet, wallet, session, walletId, address: Address.parse(wallet.address) };
}

/** As the API shows an address. */
export function shownTon(address: Address): string {
  return address.toString({ bounceable: false });
}

/** `CHAINS` of TON. */
export function tonChains(
  apis: readonly { readonly nodeUrl: string; readonly indexerUrl: string }[],
  more: object = {},
): string {
  const chain = {
    chainId: TON,
    rpcUrls: apis.map(({ nodeUrl }) => nodeUrl),
    indexers: apis.map(({ indexerUrl }) => ({ url: indexerUrl })),
    mayNameAddresses: true,
    requestsPerSecond: 10_000,
    timeLimitMs: 1_000,
    ...more,
  };
  return JSON.stringify({ chains: [chain] });
}

/** Two jettons that call themselves USDT. @returns also the first one, as `CHAINS` has it */
export function useDollars(network: TonNetwork) {
  const dollar = useFixture(() => network.jetton('USDT'));
  const forged = useFixture(() => network.jetton('USDT'));
  const tokens = () => [{ address: dollar.address.toRawString(), symbol: 'USDT', decimals: 6 }];
  return { dollar, forged, tokens };
}

type LinkedTon = Pick<TonOwner, 'session' | 'walletId'>;

export interface TonBalance {
  readonly amount: string | null;
}

export interface TonReading {
  readonly isComplete: boolean;
  readonly asOfBlock: { readonly number: number } | null;
}

export async function tonBalancesOf({
  session,
  walletId,
}: LinkedTon): Promise<TonReading & { readonly balances: readonly TonBalance[] }> {
  const { status, body } = await session.get(`/v1/wallets/${walletId}/balances`);
  if (status !== 200) throw new Error(`balances answered ${status} ${JSON.stringify(body)}`);
  const [chain] = (body as { chains: (TonReading & { balances: TonBalance[] })[] }).chains;
  if (!chain) throw new Error('no chain is read for the wallet');
  return chain;
}

interface TonTransfer {
  readonly standard: string;
  readonly contract: string | null;
  readonly kind: string;
  readonly direction: string;
  readonly counterparty: string | null;
  readonly amount: string;
}

export interface TonEntry {
  readonly hash: string;
  readonly isFinal: boolean;
  readonly fee: string | null;
  readonly block: { readonly number: number; readonly hash: string | null; readonly at: string };
  readonly transfers: readonly TonTransfer[];
}

export interface TonPage {
  readonly chain: TonReading;
  readonly items: readonly TonEntry[];
  readonly nextCursor: string | null;
}

export async function tonPageOf({ session, walletId }: LinkedTon, query = ''): Promise<TonPage> {
  const path = `/v1/wallets/${walletId}/transactions?chainId=${TON}${query}`;
  const { status, body } = await session.get(path);
  if (status !== 200) throw new Error(`transactions answered ${status} ${JSON.stringify(body)}`);
  return body as TonPage;
}

/** All pages, newest first. */
export async function tonHistoryOf(owner: LinkedTon, limit = 100): Promise<readonly TonEntry[]> {
  const items: TonEntry[] = [];
  for (let cursor = ''; ;) {
    const page = await tonPageOf(owner, `&limit=${limit}${cursor}`);
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

/** What the entries say that the wallet has of an asset. @param contract `null` for the coin */
export function sumOf(entries: readonly TonEntry[], contract: string | null): bigint {
  const signs: Readonly<Record<string, bigint>> = { in: 1n, out: -1n, self: 0n };
  const transfers = entries.flatMap((entry) => entry.transfers);
  const moved = transfers
    .filter((transfer) => transfer.contract === contract)
    .reduce((sum, { direction, amount }) => sum + (signs[direction] ?? 0n) * BigInt(amount), 0n);
  const paid = entries.reduce((sum, { fee }) => sum + BigInt(fee ?? '0'), 0n);
  return contract === null ? moved - paid : moved;
}
