import type { CollectibleResponse, TransactionResponse, TransferResponse } from '@countersign/wallet-reading';
import {
  networks,
  tokenStandards,
  type MetaproNft,
  type MetaproNftEvent,
  type Network,
  type TokenStandard,
} from './nft.dto';

const ZERO = `0x${'0'.repeat(40)}`;

interface OnChain {
  /** CAIP-2 of an EVM chain. */
  readonly chainId: string;
}

/** What is known of what the clients read. @param wallet in lower case */
export function toNft(found: CollectibleResponse & OnChain, wallet: string): MetaproNft[] {
  return tokenOf(found, found.quantity).map(({ standard, ...token }) => {
    const { address } = token;
    const own = { address, contractAddress: address, standard, symbol: found.symbol, isFinal: found.isFinal };
    return { ...own, ...onChain(found), token: { ...token, owner: wallet } };
  });
}

/** Each transfer of a token in a transaction that succeeded. @param wallet in lower case */
export function toEvents(found: TransactionResponse & OnChain, wallet: string): MetaproNftEvent[] {
  const { hash: transactionHash, block, part, isFinal } = found;
  if (found.status !== 'succeeded') return [];
  return found.transfers.flatMap((transfer, index) =>
    tokenOf(transfer, transfer.amount).map(({ standard: _, ...token }) => {
      const ends = endsOf(transfer, wallet);
      return {
        ...{
          _id: [found.chainId, transactionHash, part, index].join('/'),
          ...token,
          ...ends,
          ...onChain(found),
        },
        ...{ blockNumber: block.number, createdAt: block.at, transactionHash, isFinal },
        event: ends.from === ZERO ? 'Minted' : 'TransferSingle',
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

function endsOf({ direction, counterparty }: TransferResponse, wallet: string) {
  const other = counterparty?.toLowerCase() ?? null;
  if (direction === 'self') return { from: wallet, to: wallet };
  return direction === 'in' ? { from: other, to: wallet } : { from: wallet, to: other };
}

function onChain({ chainId: id }: OnChain): { readonly network: Network | null; readonly chainId: number } {
  const chainId = Number(id.split(':')[1]);
  return { network: (networks as Readonly<Record<number, Network>>)[chainId] ?? null, chainId };
}

function numberOrText(digits: string): number | string {
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : digits;
}
