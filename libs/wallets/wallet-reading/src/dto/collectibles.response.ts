import { verifications, type Verification } from '@countersign/chains';
import { Flag, Nested, OneOf, PageOf, Text } from '@countersign/http';
import { AssetResponse } from './asset.response';
import { ABOUT_REASONS, amountReasons, type AmountReason } from './balances.response';
import { ChainReadingResponse } from './chain.response';

export class CollectibleResponse extends AssetResponse {
  @Text(
    'Of TON: the collection that names the item as its own. `null` where there is none, and elsewhere: `contract` is it.',
    null,
    { nullable: true },
  )
  collection: string | null;

  @Text(
    'How many the wallet has, in decimal digits: as the contract says at `asOfBlock`, and what changed in later blocks. Where that is not known (`quantityReason`): how many came and did not go as the indexer lists it, which rests on logs, and a contract may log what never was.',
    '1',
  )
  quantity: string;

  @OneOf(amountReasons, `Why what the contract says is not in \`quantity\`. ${ABOUT_REASONS}`, 'differ', {
    nullable: true,
  })
  quantityReason: AmountReason | null;

  @OneOf(
    verifications,
    '`agreed`: two nodes say the same of the contract. `single`: one node or the indexer says it.',
    'agreed',
  )
  verification: Verification;

  @Flag(
    'Whether a reorganisation can no longer change it. Never true where `verification` is not `agreed`.',
    true,
  )
  isFinal: boolean;

  @Flag('Whether all of its transfers look like spam, or its collection does not name it as its own.', false)
  isHidden: boolean;
}

export class CollectiblesPage extends PageOf(
  CollectibleResponse,
  'Of an EVM chain with the last transfer first; of TON by address.',
) {
  @Nested(ChainReadingResponse, 'What was asked of the chain.')
  chain: ChainReadingResponse;
}
