import { Injectable } from '@nestjs/common';
import type { Principal } from '@countersign/sessions';
import {
  type CollectibleResponse,
  type TransactionResponse,
  type TransferResponse,
  WalletReaders,
} from '@countersign/wallet-reading';
import { ListQuery } from '../protocol/list-query';
import { readWallet } from '../sign-in/metapro-sign-in.service';
import {
  type MetaproNft,
  type MetaproNftEvent,
  type MetaproNftEvents,
  type MetaproNfts,
  type Network,
  networks,
  type TokenStandard,
  tokenStandards,
} from './nft.dto';

const ZERO = `0x${'0'.repeat(40)}`;

interface OnChain {
  /** The id of an EVM chain in CAIP-2. */
  readonly chainId: string;
}

/** @param wallet in lower case */
export function toNft(found: CollectibleResponse & OnChain, wallet: string): MetaproNft[] {
  return tokenOf(found, found.quantity).map(({ standard, ...token }) => {
    const { address } = token;
    const own = { address, contractAddress: address, standard, symbol: found.symbol, isFinal: found.isFinal };
    return { ...own, ...onChain(found), token: { ...token, owner: wallet } };
  });
}

/** Returns an event for each token transfer of a transaction that succeeded. @param wallet in lower case */
function toEvents(found: TransactionResponse & OnChain, wallet: string): MetaproNftEvent[] {
  const { hash: transactionHash, block, part, isFinal } = found;
  if (found.status !== 'succeeded') return [];
  return found.transfers.flatMap((transfer, index) =>
    tokenOf(transfer, transfer.amount).map(({ standard: _, ...token }) => {
      const other = transfer.counterparty?.toLowerCase() ?? null;
      const from = transfer.direction === 'in' ? other : wallet;
      return {
        ...{ _id: [found.chainId, transactionHash, part, index].join('/'), ...token, ...onChain(found) },
        ...{ from, to: transfer.direction === 'out' ? other : wallet },
        ...{ blockNumber: block.number, createdAt: block.at, transactionHash, isFinal },
        event: from === ZERO ? 'Minted' : 'TransferSingle',
      };
    }),
  );
}

function tokenOf({ standard, contract, tokenId }: CollectibleResponse | TransferResponse, quantity: string) {
  const known = tokenStandards.find((each): each is TokenStandard => each === standard);
  if (!known || contract === null || tokenId === null) return [];
  const [_tokenId, _quantity] = [numberOrText(tokenId), numberOrText(quantity)];
  return [{ standard: known, address: contract.toLowerCase(), _tokenId, _quantity }];
}

function onChain({ chainId: id }: OnChain): { readonly network: Network | null; readonly chainId: number } {
  const chainId = Number(id.split(':')[1]);
  return { network: (networks as Readonly<Record<number, Network>>)[chainId] ?? null, chainId };
}

function numberOrText(digits: string): number | string {
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;
}

const CONTRACT = /^0x[0-9a-f]{40}$/i;
const DIGITS = /^\d{1,78}$/;
const HASH = /^0x[0-9a-f]{64}$/i;
const EVENT = /^(?:Minted|MintedBatch|TransferSingle|TransferBatch|OwnershipTransferred)$/;
const DIRECTION = /^(?:asc|desc)$/;
const NETWORK = new RegExp(`^(?:${Object.values(networks).join('|')})$`);
const STANDARD = new RegExp(`^(?:${tokenStandards.join('|')})$`);
/** The service sorts only by `_tokenId` and `_quantity`. It accepts the other keys and ignores them. */
const SORT_KEY =
  /^(?:(?:token\.)?_tokenId|_quantity|createdAt|token\.(?:creationBlock|favorites|tokenName))$/;

/** Lists the collectibles and transactions of the caller's own wallets, with the rules of native sessions. */
@Injectable()
export class OwnWalletLists {
  constructor(private readonly readers: WalletReaders) {}

  async nfts(caller: Principal, address: string, query: unknown): Promise<MetaproNfts> {
    const read = new ListQuery(query);
    const { skip, limit } = read.slice();
    const asked = {
      standard: read.list('standard', STANDARD),
      address: read.list('contractAddress', CONTRACT).map((text) => text.toLowerCase()),
      network: [...read.list('networks', NETWORK), ...read.list('network', NETWORK)],
      name: tokensIn(read, 'tokens'),
    };
    const unwanted = tokensIn(read, 'skipTokens');
    const [key = '', direction] = read.entries('sort', SORT_KEY, DIRECTION)[0] ?? [];
    const wallet = readWallet(address);
    const chains = chainsNamed(asked.network);
    const { items, incompleteChains } = await this.readers.firstPages(caller, wallet, 'collectibles', chains);
    const found = items
      .flatMap((item) => toNft(item, wallet))
      .filter((nft) => {
        const named = { ...nft, name: nameOf(nft.address, nft.token._tokenId) };
        return isAsked(named, asked) && !unwanted.includes(named.name);
      });
    const field = (['_tokenId', '_quantity'] as const).find((name) => key.endsWith(name));
    if (field) found.sort((one, other) => compare(one.token[field], other.token[field]));
    if (field && direction === 'desc') found.reverse();
    return { count: found.length, results: found.slice(skip, skip + limit), incompleteChains };
  }

  /** Newest first. */
  async events(caller: Principal, address: string, query: unknown): Promise<MetaproNftEvents> {
    const read = new ListQuery(query);
    const { skip, limit } = read.slice();
    const asked = {
      blockNumber: read.list('blockNumber', DIGITS),
      transactionHash: read.list('transactionHash', HASH).map((text) => text.toLowerCase()),
      event: read.list('event', EVENT),
      network: read.list('network', NETWORK),
      _quantity: read.list('_quantity', DIGITS),
      _tokenId: read.list('_tokenId', DIGITS),
    };
    const isOldestFirst = read.text('createdAt', DIRECTION) === 'asc';
    const wallet = readWallet(address);
    const chains = chainsNamed(asked.network);
    const { items, incompleteChains } = await this.readers.firstPages(caller, wallet, 'transactions', chains);
    const found = items
      .flatMap((item) => toEvents(item, wallet))
      .filter((event) => isAsked(event, asked))
      .sort((one, other) => Date.parse(other.createdAt) - Date.parse(one.createdAt));
    if (isOldestFirst) found.reverse();
    return { count: found.length, results: found.slice(skip, skip + limit), incompleteChains };
  }
}

function chainsNamed(names: readonly string[]): readonly string[] {
  const known = Object.entries(networks);
  return known.filter(([, name]) => names.includes(name)).map(([reference]) => `eip155:${reference}`);
}

/** A filter without values matches every item. */
function isAsked<Field extends string>(
  item: Readonly<Record<NoInfer<Field>, unknown>>,
  asked: Readonly<Record<Field, readonly string[]>>,
): boolean {
  const names = Object.keys(asked) as Field[];
  return names.every((name) => asked[name].length === 0 || asked[name].includes(String(item[name])));
}

function tokensIn(read: ListQuery, name: string): readonly string[] {
  return read.entries(name, CONTRACT, DIGITS).map(([contract, id]) => nameOf(contract, id));
}

function nameOf(contract: string, tokenId: number | string): string {
  return `${contract.toLowerCase()}/${BigInt(tokenId)}`;
}

function compare(one: number | string, other: number | string): number {
  const difference = BigInt(one) - BigInt(other);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}
