import { numberToHex, type Address, type RpcBlock, type RpcTransactionReceipt } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Anvil } from './anvil';
import { signInPerson, type PersonSession } from './person-session';
import type { Demo, TestApp } from './test-app';
import { anEvmWallet, walletProof } from './wallets';

export const ANVIL_CHAIN = 'eip155:31337';

const TOPICS = [
  '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
  '0xc3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62',
  '0x4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb',
];

/** `CHAINS` of one chain: that of an anvil. */
export function chainsOf(urls: readonly string[], other: object = {}): string {
  const chain = {
    chainId: ANVIL_CHAIN,
    rpcUrls: urls,
    mayNameAddresses: false,
    name: 'anvil',
    environment: 'production',
    currency: { symbol: 'ETH', decimals: 18 },
    confirmations: 64,
    blockTimeMs: 1_000,
    requestsPerSecond: 10_000,
    ...other,
  };
  return JSON.stringify({ chains: [chain] });
}

/** Somebody with a linked wallet, whose key the test has. */
export interface WalletOwner {
  readonly session: PersonSession;
  readonly walletId: string;
  readonly account: ReturnType<typeof privateKeyToAccount>;
  /** In lower case, as topics have it. */
  readonly address: Address;
}

export async function aWalletOwner(app: TestApp, demo: Demo): Promise<WalletOwner> {
  const wallet = anEvmWallet('siwe');
  const session = await signInPerson(app, demo);
  await session.stepUp();
  const proof = await walletProof(session, wallet, 'link');
  const linked = await session.post('/v1/me/identities/wallets', proof);
  if (linked.status !== 201) throw new Error(`linking answered ${linked.status}`);
  const { items } = (await session.get('/v1/wallets')).body as { items: { walletId: string }[] };
  const account = privateKeyToAccount(wallet.key);
  await app.catchUp();
  return {
    session,
    account,
    walletId: items[0]?.walletId ?? '',
    address: account.address.toLowerCase() as Address,
  };
}

export interface HistoryItem {
  readonly hash: string;
  readonly status: string;
  readonly block: { readonly number: number; readonly hash: string };
  readonly isFinal: boolean;
  readonly fee: string | null;
  readonly transfers: readonly {
    readonly amount: string;
    readonly claimed: { readonly decimals: number | null } | null;
  }[];
}

/** All pages, newest first. */
export async function historyOf(
  { session, walletId }: WalletOwner,
  query = 'includeHidden=true&limit=7',
): Promise<readonly HistoryItem[]> {
  const items: HistoryItem[] = [];
  for (let cursor = ''; ;) {
    const path = `/v1/wallets/${walletId}/transactions?chainId=${ANVIL_CHAIN}&${query}${cursor}`;
    const answer = await session.get(path);
    if (answer.status !== 200)
      throw new Error(`the history answered ${answer.status} ${JSON.stringify(answer.body)}`);
    const page = answer.body as { items: HistoryItem[]; nextCursor: string | null };
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

export interface BalancesOfAnvil {
  readonly asOfBlock: { readonly number: number; readonly hash: string } | null;
  readonly balances: readonly object[];
}

export async function balancesOf({ session, walletId }: WalletOwner): Promise<BalancesOfAnvil> {
  const answer = await session.get(`/v1/wallets/${walletId}/balances`);
  if (answer.status !== 200)
    throw new Error(`balances answered ${answer.status} ${JSON.stringify(answer.body)}`);
  const [chain] = (answer.body as { chains: BalancesOfAnvil[] }).chains;
  if (!chain) throw new Error('no chain is followed for the wallet');
  return chain;
}

export async function collectiblesOf({ session, walletId }: WalletOwner): Promise<readonly object[]> {
  const items: object[] = [];
  for (let cursor = ''; ;) {
    const path = `/v1/wallets/${walletId}/collectibles?chainId=${ANVIL_CHAIN}&includeHidden=true&limit=3${cursor}`;
    const answer = await session.get(path);
    const page = answer.body as { items: object[]; nextCursor: string | null };
    items.push(...page.items);
    if (page.nextCursor === null) return items;
    cursor = `&cursor=${page.nextCursor}`;
  }
}

/** Which transactions of the chain touch an address, with their blocks, oldest first: asked of the node itself. */
export async function touchedOnChain(
  anvil: Anvil,
  address: Address,
  since: number,
): Promise<readonly string[]> {
  const topic = `0x${address.slice(2).padStart(64, '0')}` as const;
  const head = Number(await anvil.client.getBlockNumber({ cacheTime: 0 }));
  const numbers = Array.from({ length: Math.max(0, head - since + 1) }, (_, index) =>
    numberToHex(since + index),
  );
  const blocks = await anvil.batch<RpcBlock<'latest', true>>(
    'eth_getBlockByNumber',
    numbers.map((number) => [number, true]),
  );
  const full = blocks.filter(({ transactions }) => transactions.length > 0);
  const receipts = await anvil.batch<readonly RpcTransactionReceipt[]>(
    'eth_getBlockReceipts',
    full.map(({ hash }) => [hash]),
  );
  const touched: string[] = [];
  for (const [index, block] of full.entries()) {
    const ofBlock = new Map(receipts[index]?.map((receipt) => [receipt.transactionHash, receipt]));
    for (const { hash, from, to, value } of block.transactions) {
      const receipt = ofBlock.get(hash);
      if (!receipt) throw new Error(`anvil has no receipt of ${hash}`);
      const isPaid = to?.toLowerCase() === address && BigInt(value) > 0n && receipt.status === '0x1';
      const isLogged = receipt.logs.some(
        ({ topics }) => TOPICS.includes(topics[0] ?? '') && topics.slice(1).includes(topic),
      );
      if (from.toLowerCase() === address || isPaid || isLogged) touched.push(`${block.hash} ${hash}`);
    }
  }
  return touched;
}
