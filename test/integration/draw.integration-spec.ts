import fc from 'fast-check';
import { draw, type OfParameter } from '../support/draw';

interface Tried extends OfParameter {
  readonly value: number;
}

/** Each value with each parameter. */
function tried(parameters: number, values: number): readonly Tried[] {
  const numbers = (count: number): number[] => [...Array(count).keys()];
  return numbers(parameters).flatMap((parameter) =>
    numbers(values).map((value) => ({ parameter: `parameter ${parameter}`, value })),
  );
}

const parameterCount = fc.integer({ min: 1, max: 8 });
const valueCount = fc.integer({ min: 1, max: 40 });
const share = fc.double({ min: 0.01, max: 1, noNaN: true });

describe('a draw', () => {
  it('has a share of what is tried with each parameter, at least one, in the same order', () => {
    fc.assert(
      fc.property(parameterCount, valueCount, share, fc.string(), (parameters, values, part, seed) => {
        const all = tried(parameters, values);
        const drawn = draw(all, part, seed);
        for (const { parameter } of all)
          expect(drawn.filter((one) => one.parameter === parameter)).toHaveLength(Math.ceil(values * part));
        expect(drawn).toEqual(all.filter((one) => drawn.includes(one)));
      }),
      { numRuns: 50 },
    );
  });

  it('is everything when the share is 1', () => {
    const all = tried(3, 28);
    expect(draw(all, 1, 'any')).toEqual(all);
  });

  it('is the same for the same seed, and another for another', () => {
    const all = tried(3, 28);
    expect(draw(all, 1 / 8, '1')).toEqual(draw(all, 1 / 8, '1'));
    expect(draw(all, 1 / 8, '1')).not.toEqual(draw(all, 1 / 8, '2'));
  });

  it('has other values for each parameter: together all of them', () => {
    const values = new Set(draw(tried(60, 28), 1 / 8, 'any').map(({ value }) => value));
    expect(values.size).toBe(28);
  });

  it('misses nothing over the seeds', () => {
    const all = tried(3, 28);
    const drawn = new Set(Array.from({ length: 200 }, (_, seed) => draw(all, 1 / 8, `${seed}`)).flat());
    expect(drawn.size).toBe(all.length);
  });
});
