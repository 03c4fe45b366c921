import { IdInPath, Instant, Nested, OneOf } from '@countersign/http';
import { WalletResponse } from '@countersign/linked-wallets';
import { embeddedChains, type EmbeddedChain } from '../own/embedded-wallets.service';
import { ActResponse } from './act.response';

/** The id of an embedded wallet. @throws AppError wallet.not_found */
export const WalletInPath = (): ParameterDecorator =>
  IdInPath('walletId', 'wallet.not_found', 'The embedded wallet.');

/** Codes of calls that ask custody for the state of a wallet. */
export const OF_CUSTODY = ['wallet.embedded_off', 'wallet.key_missing', 'wallet.custody_unavailable'];

export class CreateEmbeddedWalletRequest {
  @OneOf(embeddedChains, 'One key signs on all chains of Ethereum’s kind.', 'evm', { input: 'required' })
  chain: EmbeddedChain;
}

export class EmbeddedWalletResponse extends WalletResponse {
  @Nested(
    ActResponse,
    'Binds the wallet to its person: what custody asks consent for is refused to a wallet that is not bound. The link is good for ten minutes; within a day after the wallet was made the same POST answers a new one. `null`: it is bound, or nobody can consent.',
    { nullable: true },
  )
  binding: ActResponse | null;
}

export class EmbeddedStateResponse {
  @Instant(
    'When the words were first shown: from then on the wallet may act without the service. `null` if never.',
    null,
    {
      nullable: true,
    },
  )
  exportedAt: string | null;

  @Instant(
    'When a chain was first seen to have a transaction of it that the service did not send. `null`: none was seen.',
    null,
    { nullable: true },
  )
  usedElsewhereAt: string | null;

  @Instant('Since when custody signs nothing for it. `null`: it acts.', null, { nullable: true })
  frozenAt: string | null;
}
