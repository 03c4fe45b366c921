import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsInt,
  IsString,
  Matches,
  Max,
  Min,
} from 'class-validator';
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

  /** Query parameters of the application's own redirect URL: Telegram did not sign them. */
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(32)
  @IsString({ each: true })
  @Matches(/^(?!(?:id|first_name|last_name|username|photo_url|auth_date|hash)$)[^&=#?]{1,64}$/, {
    each: true,
    message: 'must be names of query parameters, and none that Telegram signs',
  })
  ownParameters: string[] = [];
}
