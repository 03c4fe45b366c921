import { ValidateBy } from 'class-validator';

/** Fractions are exact to a millionth. */
const UNIT = 1_000_000;

/** Numbers from a millionth to 1, whole millionths, with a sum of at most 1: added without binary rounding. */
export function AreFractions(): PropertyDecorator {
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
