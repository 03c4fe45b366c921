import { defineEventFields, defineEventTypes } from '@countersign/events';
import type { Declared, NamesOf } from '@countersign/text';

const eventFields = defineEventFields({
  chainId: { format: 'text', meaning: 'The chain, as CAIP-2 names it' },
  transactionHash: { format: 'text', meaning: 'The hash of the transaction, in lower-case hex' },
  transferIndex: {
    format: 'text',
    meaning: 'The number of the transfer among those of the wallet in the transaction, from 0',
  },
  standard: { format: 'text', meaning: 'What moved: `native`, `erc20`, `erc721` or `erc1155`' },
  contract: { format: 'text', meaning: 'The contract of the token; not of the coin' },
  tokenId: { format: 'text', meaning: 'The id of a collectible, in decimal digits' },
  direction: { format: 'text', meaning: '`in`, `out`, or `self` from the wallet to itself' },
  counterparty: { format: 'text', meaning: 'The address of the other side, where there is one' },
  amount: { format: 'text', meaning: 'In the smallest unit of the asset, in decimal digits' },
  blockNumber: { format: 'text', meaning: 'The number of the final block, in decimal digits' },
  blockTime: { format: 'text', meaning: 'The instant of the block: RFC 3339, in UTC' },
});

const eventTypes = defineEventTypes({
  'wallet.transferred': {
    version: 1,
    meaning:
      'A transfer to or from a wallet is in a final block, as two nodes say. Of chains with an indexer, and applications with `wallets.transfers`. `chainId`, `transactionHash` and `transferIndex` name the transfer',
    orderedBy: 'userId',
    fields: ['userId', 'walletId'],
    // A transaction names addresses, which the database has in no clear text.
    sealed: [
      ...(['chainId', 'transactionHash', 'transferIndex', 'standard', 'contract', 'tokenId'] as const),
      ...(['direction', 'counterparty', 'amount', 'blockNumber', 'blockTime'] as const),
    ],
    optional: ['contract', 'tokenId', 'counterparty'],
  },
});

declare module '@countersign/events' {
  interface EventFields extends NamesOf<typeof eventFields> {}
  interface EventTypes extends Declared<typeof eventTypes> {}
}
