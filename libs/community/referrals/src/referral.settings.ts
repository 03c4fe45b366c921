import { ArrayMaxSize, IsArray, IsIn, ValidateBy } from 'class-validator';

const referralModes = ['off', 'optional', 'required'] as const;
type ReferralMode = (typeof referralModes)[number];

/** The number of levels above a person in answers about a referral tree. */
export const MAX_REFERRAL_LEVELS = 10;

/** Fractions are exact to a millionth. */
const UNIT = 1_000_000;

export class ReferralSettings {
  /** With `required`, a person's first sign-in needs the code of an existing person. */
  @IsIn(referralModes)
  mode: ReferralMode = 'off';

  /** The fraction of a reward for each level above a person, nearest first. The service pays nothing. */
  @IsArray()
  @ArrayMaxSize(MAX_REFERRAL_LEVELS)
  @AreFractions()
  levels: number[] = [];
}

/** The numbers are whole millionths from a millionth to 1. Their sum, at most 1, has no binary rounding. */
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

/** Returns `NaN` for a value that is not a whole number of millionths. */
function millionthsOf(value: unknown): number {
  if (typeof value !== 'number') return Number.NaN;
  const millionths = Math.round(value * UNIT);
  return millionths / UNIT === value ? millionths : Number.NaN;
}
