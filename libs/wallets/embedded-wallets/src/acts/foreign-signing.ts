import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { ActMetrics } from './act-metrics';
import { WalletAccess } from './act-rules';
import type { ActRequest, SigningKind } from './acts';
import { WalletActs, type ForeignToken } from './wallet-acts.service';
import { signingOf, WalletSigning, type SignedAct } from './wallet-signing';

/** Signs by tokens of other APIs. A call without an answer of custody is sent again with another token. */
@Injectable()
export class ForeignSigning {
  constructor(
    private readonly database: Database,
    private readonly access: WalletAccess,
    private readonly acts: WalletActs,
    private readonly signing: WalletSigning,
    private readonly metrics: ActMetrics,
  ) {}

  /** @throws AppError as `WalletSigning.read` and `WalletActs.storeForeign` */
  async sign(
    token: ForeignToken,
    caller: Principal,
    walletId: string,
    wanted: ActRequest & { readonly kind: SigningKind },
  ): Promise<SignedAct & { readonly payload: Buffer }> {
    const { kind } = wanted;
    return this.metrics.counted(kind, 'done', async () => {
      const own = await this.access.getEmbedded(caller, walletId);
      const read = await this.signing.read(caller, own, wanted, { by: 'compat' });
      const allowed = await this.database.transaction((tx) =>
        this.acts.storeForeign(tx, caller, { walletId, kind, token }, read, null),
      );
      const signed = await this.signing.signAllowed(own, allowed, read);
      return { ...signed, payload: signingOf(read).payload };
    });
  }
}
