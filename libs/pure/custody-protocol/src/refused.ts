import type { CustodyRefusal } from './calls';

export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly code: CustodyRefusal,
    readonly details: {
      /** The code of `walletActRefusals` for `act_refused`, or the rule that init data broke for `launch_refused`. */
      readonly reason?: string;
      /** Of `above_day` and `above_hour`: when there is room again. Absent where the amount alone is above. */
      readonly retryAfterSeconds?: number;
    } = {},
  ) {
    super(code);
  }
}
