import { Injectable } from '@nestjs/common';
import { agreedSeqno, Chains, EvmSending, TonSending, type Chain } from '@countersign/chains';
import { Database } from '@countersign/database';
import { EmbeddedWalletsRepository, ForeignUse } from '@countersign/embedded-wallets';
import { Recurring } from '@countersign/jobs';
import { WalletAddresses } from '@countersign/linked-wallets';
import { SendsRepository } from '../store/sends.repository';

/** How many wallets a run looks at: two requests for each and chain. */
const BATCH = 100;

/** Looks whether exported wallets sent what this service did not, on chains whose nodes may learn their addresses. */
@Injectable()
@Recurring({ name: 'exported-wallets', cron: '*/5 * * * *', everyMinutes: 5 })
export class ExportedWallets {
  constructor(
    private readonly database: Database,
    private readonly chains: Chains,
    private readonly evm: EvmSending,
    private readonly ton: TonSending,
    private readonly embedded: EmbeddedWalletsRepository,
    private readonly addresses: WalletAddresses,
    private readonly sends: SendsRepository,
    private readonly foreignUse: ForeignUse,
  ) {}

  /** Chains whose nodes are away or disagree wait for a later run. @returns how many wallets are used elsewhere */
  async run(): Promise<number> {
    const exported = await this.database.read((manager) => this.embedded.someExported(manager, BATCH));
    let found = 0;
    for (const { walletId, provider, environment } of exported) {
      const chains = this.chains
        .list()
        .filter(
          (chain) =>
            chain.environment === environment &&
            (chain.kind === 'ton') === (provider === 'ton') &&
            (chain.mayNameAddresses || chain.sending !== null),
        );
      if (await this.isUsedOn(chains, walletId)) {
        await this.database.transaction((tx) => this.foreignUse.note(tx, walletId));
        found += 1;
      }
    }
    return found;
  }

  private async isUsedOn(chains: readonly Chain[], walletId: string): Promise<boolean> {
    const address = await this.database.read((manager) => this.addresses.read(manager, walletId));
    if (address === null) return false;
    for (const chain of chains) {
      // Asked first: a send that is made meanwhile is counted as ours.
      const count = await this.countOf(chain, address);
      if (count === null) continue;
      const own = await this.database.read((manager) => this.sends.nextOf(manager, walletId, chain.id));
      if (count > own) return true;
    }
    return false;
  }

  /** How many transactions two nodes say that the wallet sent; null where they do not. */
  private async countOf(chain: Chain, address: string): Promise<number | null> {
    if (chain.kind === 'ton') return agreedSeqno(await this.ton.wallet(chain, address, 'follow'));
    const counts = await this.evm.nonces(chain, address);
    return counts.find((count, at) => counts.indexOf(count) !== at) ?? null;
  }
}
