import 'reflect-metadata';
import * as fc from 'fast-check';
import { AppError } from '@countersign/errors';
import { readSettings, readStoredSettings, UnknownSettingError } from './read-settings';

function failureOf(stored: object): unknown {
  try {
    readSettings(stored);
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, fields: error.options.fields };
    throw error;
  }
  throw new Error('they were accepted');
}

describe('the settings of an application', () => {
  it.each([
    ['rapidpace.frontUrl', (url: string) => ({ rapidpace: { frontUrl: url } })],
    ['redirectUrls', (url: string) => ({ redirectUrls: ['https://game.example/in', url] })],
  ])('name no page in %s that has a parameter which a sign-in adds', (path, settingsWith) => {
    for (const query of ['code=old', 'state=old', 'error=old', 'error_description=old', 'lang=en&code'])
      expect(failureOf(settingsWith(`https://game.example/?${query}`))).toEqual({
        code: 'request.invalid',
        fields: [expect.objectContaining({ path, code: 'redirect_url' })],
      });
    expect(readSettings(settingsWith('https://game.example/?lang=en'))).toMatchObject(
      settingsWith('https://game.example/?lang=en'),
    );
  });
});

describe('the levels of referrals', () => {
  const levels = (...fractions: readonly unknown[]) => ({ referrals: { levels: fractions } });

  it.each([
    ['none', []],
    ['one that takes all', [1]],
    ['three tenths and seven', [0.1, 0.2, 0.7]],
    ['ten tenths', Array<number>(10).fill(0.1)],
    ['a millionth', [0.000001]],
  ])('may be %s', (_, fractions) => {
    expect(readSettings(levels(...fractions)).referrals.levels).toEqual(fractions);
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

describe('the settings of an application in the database', () => {
  function unknownOf(stored: object): unknown {
    try {
      readStoredSettings(stored);
    } catch (error) {
      const { cause } = (error as AppError).options;
      expect(error).toMatchObject({ code: 'service.unavailable' });
      return cause instanceof UnknownSettingError ? cause.code : cause;
    }
    return null;
  }

  it('may have names that only a later version knows', () => {
    const stored = { later: { name: 1 }, session: { accessIdle: 60, later: true }, rapidpace: { later: [] } };

    expect(() => readSettings(stored)).toThrow(AppError);
    expect(readStoredSettings(stored)).toEqual(readSettings({ session: { accessIdle: 60 } }));
  });

  it.each([
    ['accountAssurance', { accountAssurance: 'passkey' }],
    ['rapidpace.undatedLinks', { rapidpace: { undatedLinks: 'once' } }],
    ['deviceKey.required', { deviceKey: { required: 'for-merging' } }],
    ['initDataMaxAge', { initDataMaxAge: 1e9 }],
    ['rateLimits.signIn', { rateLimits: { signIn: 'adaptive' } }],
  ])('are refused where %s has a value of a later version', (path, stored) => {
    expect(unknownOf(stored)).toContain(path);
  });

  it('are never read as something else than what stands there', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string()));
    const names = ['accountAssurance', 'initDataMaxAge', 'dataNeeds', 'scopes'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...names), value, (name, drawn) => {
        if (unknownOf({ [name]: drawn }) === null)
          expect(readStoredSettings({ [name]: drawn })[name]).toEqual(drawn);
      }),
    );
  });
});
