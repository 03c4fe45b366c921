import { Address } from '@ton/core';
import { aSteppedUp, linkWallet } from '../linked-wallets';
import type { PersonSession } from '../person-session';
import type { Demo, TestApp } from '../test-app';
import { aTonWallet } from '../wallets';
import type { TonSigner } from './ton-network';

export const TON = 'ton:-239';

/** Somebody with a linked TON wallet, whose key the test has. */
export interface TonOwner extends TonSigner {
  readonly session: PersonSession;
  readonly walletId: string;
  readonly address: Address;
}

export async function aTonOwner(app: TestApp, demo: Demo, version: 'v4' | 'v5r1' = 'v4'): Promise<TonOwner> {
  const wallet = aTonWallet(version, TON, () => app.clock.now());
  const session = await aSteppedUp(app, demo);
  const { walletId } = await linkWallet(session, wallet);
  return { ...wallet, session, walletId, address: Address.parse(wallet.address) };
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

export interface TonBalance {
  readonly standard: string;
  readonly contract: string | null;
  readonly symbol: string | null;
  readonly amount: string | null;
  readonly finalAmount: string | null;
  readonly amountReason: string | null;
  readonly verification: string;
  readonly isListed: boolean;
  readonly isHidden: boolean;
}

export interface TonReading {
  readonly state: string;
  readonly history: string;
  readonly isComplete: boolean;
  readonly asOfBlock: { readonly number: number } | null;
  readonly staleSince: string | null;
}

export async function tonBalancesOf(
  { session, walletId }: TonOwner,
  query = '',
): Promise<TonReading & { readonly balances: readonly TonBalance[]; readonly notAsked: number }> {
  const { status, body } = await session.get(`/v1/wallets/${walletId}/balances${query}`);
  if (status !== 200) throw new Error(`balances answered ${status} ${JSON.stringify(body)}`);
  const [chain] = (body as { chains: (TonReading & { balances: TonBalance[]; notAsked: number })[] }).chains;
  if (!chain) throw new Error('no chain is read for the wallet');
  return chain;
}
