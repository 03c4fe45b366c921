/** Which wallets an operator asks for. */
export interface WalletFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
  /** Wallets that were found to obey others than when they were proven. */
  readonly ownersChanged?: boolean | undefined;
}
