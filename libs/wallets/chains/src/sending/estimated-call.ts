/** The call of a transaction. Addresses and data in lower case. */
export interface EstimatedCall {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly data: string;
}
