import { Nested } from '@countersign/http';
import { WalletResponse } from '@countersign/linked-wallets';
import { ActResponse } from './act.response';

export class EmbeddedWalletResponse extends WalletResponse {
  @Nested(
    ActResponse,
    'Binds the wallet to its person: what custody asks consent for is refused to a wallet that is not bound. The link is good for ten minutes; within a day after the wallet was made the same POST answers a new one. `null`: it is bound, or nobody can consent.',
    { nullable: true },
  )
  binding: ActResponse | null;
}
