import { IsBoolean, IsInt, Max, Min } from 'class-validator';
import { HOUR, MINUTE, SECOND } from '@countersign/clock';

/** So that a slow phone can still use one. */
const MIN_SECONDS = 10;

/** The API of Xellar's clients. */
export class XellarSettings {
  /** Whether its clients may use the application. */
  @IsBoolean()
  enabled = false;

  /** For so many seconds a wallet token is good, for one call. */
  @IsInt()
  @Min(MIN_SECONDS)
  @Max(HOUR / SECOND)
  walletTokenSeconds = MINUTE / SECOND;
}
