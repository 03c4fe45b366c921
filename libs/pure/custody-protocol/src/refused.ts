import type { CustodyRefusal } from './calls';

export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly code: CustodyRefusal,
    readonly details: {
      /** The code of `walletActRefusals` for `act_refused`, or the rule that init data broke for `launch_refused`. */
      readonly reason?: string;
      /** For `above_day` and `above_hour`: the time until the act fits. Absent if the amount alone is too high. */
      readonly retryAfterSeconds?: number;
    } = {},
  ) {
    super(code);
  }
}
