// @own-modules
import 'reflect-metadata';
import { ApplicationSettings, settingsInUse } from '@countersign/applications';
import { AppError } from '@countersign/text';
import { readInput } from '@countersign/http';
import { referralSettings } from './referrals.feature';

const read = (stored: object): ApplicationSettings => readInput(ApplicationSettings, stored);

function failureOf(stored: object): unknown {
  try {
    read(stored);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code };
    throw error;
  }
  throw new Error('they were accepted');
}

describe('the levels of referrals', () => {
  beforeAll(() => {
    settingsInUse.use([referralSettings]);
  });

  const levels = (...fractions: readonly unknown[]) => ({ referrals: { levels: fractions } });

  it.each([
    ['none', []],
    ['one that takes all', [1]],
    ['three tenths and seven', [0.1, 0.2, 0.7]],
    ['ten tenths', Array<number>(10).fill(0.1)],
    ['a millionth', [0.000001]],
  ])('may be %s', (_, fractions) => {
    expect(referralSettings.of(read(levels(...fractions))).levels).toEqual(fractions);
  });

  it.each([
    ['more than ten', Array<number>(11).fill(0.01)],
    ['more than a whole', [0.5, 0.500001]],
    ['nothing for a level', [0]],
    ['a loss', [-0.1]],
    ['more than a millionth can say', [0.0000001]],
    ['no number', [Number.NaN]],
    ['a text', ['0.1']],
    ['nothing', [null]],
    ['a list in the list', [[0.1]]],
  ])('are not %s', (_, fractions) => {
    expect(failureOf(levels(...fractions))).toMatchObject({ code: 'request.invalid' });
  });

  it('are no object', () => {
    expect(failureOf({ referrals: { levels: { 0: 0.1 } } })).toMatchObject({ code: 'request.invalid' });
  });

  it('are not read in an unknown mode', () => {
    expect(failureOf({ referrals: { mode: 'Required' } })).toMatchObject({ code: 'request.invalid' });
  });
});
