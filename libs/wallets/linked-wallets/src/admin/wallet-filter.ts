/** Which wallets an operator asks for. */
export interface WalletFilter {
  readonly userId?: string | undefined;
  readonly provider?: string | undefined;
}
