import { ArrayMaxSize, IsArray, IsIn } from 'class-validator';
import { AreFractions } from './are-fractions';

export const referralModes = ['off', 'optional', 'required'] as const;
export type ReferralMode = (typeof referralModes)[number];

/** The levels above a person that a referral tree answers. */
export const MAX_REFERRAL_LEVELS = 10;

/** Referrals: who brought whom to the application. */
export class ReferralSettings {
  /** With `required`, the first sign-in of a person needs the code of another person who is there already. */
  @IsIn(referralModes)
  mode: ReferralMode = 'off';

  /** The fraction of a reward that each level above a person gets, nearest first. The service pays nothing. */
  @IsArray()
  @ArrayMaxSize(MAX_REFERRAL_LEVELS)
  @AreFractions()
  levels: number[] = [];
}
