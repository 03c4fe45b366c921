/** Which wallets an operator asks for. */
export interface WalletFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
  /** Wallets of TON that were proven by another key, without a confirmation. */
  readonly ownersChanged?: boolean | undefined;
}
