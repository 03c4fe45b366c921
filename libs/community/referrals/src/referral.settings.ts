import { ArrayMaxSize, IsArray, IsIn, ValidateBy } from 'class-validator';

const referralModes = ['off', 'optional', 'required'] as const;
type ReferralMode = (typeof referralModes)[number];

/** The levels above a person that a referral tree answers. */
export const MAX_REFERRAL_LEVELS = 10;

/** Fractions are exact to a millionth. */
const UNIT = 1_000_000;

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

/** Numbers from a millionth to 1, whole millionths, with a sum of at most 1: added without binary rounding. */
function AreFractions(): PropertyDecorator {
  return ValidateBy({
    name: 'isFractions',
    validator: {
      validate: (value: unknown) => {
        if (!Array.isArray(value)) return false;
        const millionths = (value as readonly unknown[]).map(millionthsOf);
        return (
          millionths.every((part) => part >= 1) && millionths.reduce((sum, part) => sum + part, 0) <= UNIT
        );
      },
      defaultMessage: () =>
        'must be numbers from 0.000001 to 1 with at most 6 decimal places, and their sum at most 1',
    },
  });
}

/** `NaN` for what is no whole number of them. */
function millionthsOf(value: unknown): number {
  if (typeof value !== 'number') return Number.NaN;
  const millionths = Math.round(value * UNIT);
  return millionths / UNIT === value ? millionths : Number.NaN;
}
