import { verifications, type Verification } from '@countersign/chains';
import { Flag, ListOf, Nested, NextCursor, OneOf, Text } from '@countersign/http';
import { AssetResponse } from './asset.response';
import { ABOUT_REASONS, amountReasons, type AmountReason } from './balances.response';
import { ADDRESS, ChainReadingResponse, HASH } from './chain.response';
import { BlockOfEntryResponse, directions, type Direction } from './transactions.response';

/** Of a collectible at most. */
export const MAX_EVENTS = 20;

export class CollectibleEventResponse {
  @Nested(BlockOfEntryResponse, 'Its block.')
  block: BlockOfEntryResponse;

  @Text('Its transaction.', HASH, { nullable: true })
  transactionHash: string | null;

  @OneOf(directions, 'Seen from the wallet.', 'in')
  direction: Direction;

  @Text('The other address. The zero address mints and burns.', ADDRESS, { nullable: true })
  counterparty: string | null;

  @Text('How many, in decimal digits.', '1')
  quantity: string;
}

export class CollectibleResponse extends AssetResponse {
  @Text(
    'Of TON: the collection that names the item as its own. `null` where there is none, and elsewhere: `contract` is it.',
    null,
    { nullable: true },
  )
  collection: string | null;

  @Text(
    'How many the wallet has, in decimal digits: as the contract says at `finalBlock`, and what changed in later blocks. Where that is not known (`quantityReason`): how many came since the wallet is followed and did not go, which rests on logs, and a contract may log what never was.',
    '1',
  )
  quantity: string;

  @OneOf(amountReasons, `Why what the contract says is not in \`quantity\`. ${ABOUT_REASONS}`, 'differ', {
    nullable: true,
  })
  quantityReason: AmountReason | null;

  @OneOf(
    verifications,
    '`agreed`: two nodes say the same of the contract. `none`: only one node is configured, or none was asked.',
    'agreed',
  )
  verification: Verification;

  @Flag(
    'Whether `quantity` is what the wallet has. `true` where the contract says so. `false` where seen transfers are not stored. `null` where it is not known.',
    true,
    { nullable: true },
  )
  isQuantityExact: boolean | null;

  @Flag('Whether a reorganisation can no longer change it. Never true where `verification` is `none`.', true)
  isFinal: boolean;

  @Flag(
    'Whether all of its transfers look like spam, or its contract says that the wallet has none of it.',
    false,
  )
  isHidden: boolean;

  @ListOf(CollectibleEventResponse, `The last ${String(MAX_EVENTS)} transfers, newest first.`)
  events: CollectibleEventResponse[];
}

export class CollectiblesPage {
  @Nested(ChainReadingResponse, 'How far the chain is read.')
  chain: ChainReadingResponse;

  @ListOf(
    CollectibleResponse,
    'Of a scan in the order of their first transfers; those that changed in blocks that are not final come first on the first page, and do not count for its limit. Of an indexer of an EVM chain, with the last transfer first. Of TON, by address.',
  )
  items: CollectibleResponse[];

  @NextCursor()
  nextCursor: string | null;
}
