import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { MAX_PROOF_AGE_SECONDS, MIN_SECONDS } from '@countersign/applications';
import { DAY, SECOND } from '@countersign/clock';

/** The Login Widget and LoginUrl buttons. */
export class LoginWidgetSettings {
  /** Every holder of the bot's token can forge such a login; Telegram itself signs none. */
  @IsBoolean()
  accept = false;

  /** The maximum age of a login, in whole seconds. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(MAX_PROOF_AGE_SECONDS)
  maxAge = DAY / SECOND;
}
