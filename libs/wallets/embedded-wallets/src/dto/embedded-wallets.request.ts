import { OneOf } from '@countersign/http';
import { embeddedChains, type EmbeddedChain } from '../own/embedded-wallets.service';

export class CreateEmbeddedWalletRequest {
  @OneOf(embeddedChains, 'One key signs on all chains of Ethereum’s kind.', 'evm', { input: 'required' })
  chain: EmbeddedChain;
}
