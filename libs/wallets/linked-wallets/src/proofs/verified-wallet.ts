import type { Environment } from '@countersign/applications';
import type { Assurance, ProvenWallet } from '@countersign/users';
import type { WalletProvider } from '../store/wallet.entity';

/** The wallet that signed, as an identity. */
export interface VerifiedWallet {
  readonly provider: WalletProvider;
  readonly environment: Environment;
  readonly subject: string;
  readonly assurance: Assurance;
  readonly wallet: ProvenWallet;
}
