import type { Environment, WalletProvider } from '@countersign/applications';
import type { Assurance, ProvenWallet } from '@countersign/users';

/** The wallet that signed, as an identity. */
export interface VerifiedWallet {
  readonly provider: WalletProvider;
  readonly environment: Environment;
  readonly subject: string;
  readonly assurance: Assurance;
  readonly wallet: ProvenWallet;
}
