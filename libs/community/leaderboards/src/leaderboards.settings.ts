import { IsInt, Max, Min } from 'class-validator';

/** From when on scores on leaderboards are noted for operators. Nothing is refused. */
export class BoardSettings {
  /** Scores of one person on one board within a minute. */
  @IsInt()
  @Min(1)
  @Max(1_000)
  maxScoresPerMinute = 60;

  /** Accounts with scores in one season whose sessions have one device key. */
  @IsInt()
  @Min(1)
  @Max(1_000)
  maxAccountsPerDeviceKey = 3;
}
