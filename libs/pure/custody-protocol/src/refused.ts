import type { CustodyRefusal } from './calls';

/** A call that is not answered. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly code: CustodyRefusal,
    readonly details: {
      /** Of `act_refused`: the rule of `walletActRefusals`. */
      readonly reason?: string;
      /** Of `above_day` and `above_hour`: when there is room again. Absent where the amount alone is above. */
      readonly retryAfterSeconds?: number;
    } = {},
  ) {
    super(code);
  }
}
