import { createCountersign, type Countersign } from '@countersign/client';
import {
  createEmbeddedWallet,
  formatAmount,
  type ActDetails,
  type SendChainId,
} from '@countersign/client/wallets';

/** The address of Countersign, the chains of the example, and the address that gives test coins. */
const { COUNTERSIGN_URL = 'http://127.0.0.1:3110', EXAMPLE_CHAINS = '[]', TEST_COINS = '' } = process.env;

export interface Asset {
  /** The contract; `null` for the coin of the chain. */
  readonly address: string | null;
  readonly symbol: string;
  readonly decimals: number;
}

export interface Chain {
  readonly id: SendChainId;
  readonly kind: 'evm' | 'ton';
  readonly name: string;
  readonly currency: Asset;
  readonly tokens: readonly Asset[];
}

export interface Person {
  readonly name: string;
  readonly client: Countersign;
}

interface Installation {
  readonly applicationId: string;
  readonly people: readonly { readonly id: number; readonly first_name: string }[];
}

const { applicationId, people } = await asked<Installation>(`${COUNTERSIGN_URL}/playground/people`);

export const chains = JSON.parse(EXAMPLE_CHAINS) as readonly Chain[];

/** A made-up person with an open Mini App. In a product, the client finds Telegram's init data by itself. */
export async function person(firstName: string): Promise<Person> {
  const id = people.find(({ first_name }) => first_name === firstName)?.id;
  const { initData } = await asked<{ initData: string }>(`${COUNTERSIGN_URL}/playground/init-data`, { id });
  const client = createCountersign({
    api: COUNTERSIGN_URL,
    applicationId,
    deviceName: 'Example',
    initData: () => initData,
    stores: [],
  });
  await client.signIn();
  return { name: firstName, client };
}

/** Returns the person's embedded wallet for a chain, and creates it if there is none. */
export function walletOf(
  { client }: Person,
  { kind }: Chain,
): Promise<{ walletId: string; address: string }> {
  return createEmbeddedWallet(client, kind);
}

/** Coins and a token that cost nothing. */
export async function giveTestCoins({ id }: Chain, address: string): Promise<void> {
  await asked(TEST_COINS, { chainId: id, address });
}

/** In a product, a page shows this to the person and waits for the answer. */
export async function agree({ summary }: ActDetails): Promise<boolean> {
  for (const sentence of summary) say(`    ${sentence}`);
  return true;
}

export function inWords(amount: string | null, { symbol, decimals }: Asset): string {
  return `${amount === null ? '?' : formatAmount(amount, decimals)} ${symbol}`;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function asked<T>(url: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, body && { method: 'POST', headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}
