/** Which wallets an operator asks for. */
export interface WalletFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
  /** Contract wallets whose owners have changed since their last proof. */
  readonly ownersChanged?: boolean | undefined;
}
