// @own-modules
import 'reflect-metadata';
import { IsBoolean, IsIn } from 'class-validator';
import * as fc from 'fast-check';
import { AppError } from '@countersign/text';
import { linesOf, presetsInUse, signaturePolicyOf } from '../presets/presets';
import { SettingsGroup, settingsInUse } from '../settings/settings-groups';
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
  it('name no page in redirectUrls that has a parameter which a sign-in adds', () => {
    const settingsWith = (url: string) => ({ redirectUrls: ['https://game.example/in', url] });
    for (const query of ['code=old', 'state=old', 'error=old', 'error_description=old', 'lang=en&code'])
      expect(failureOf(settingsWith(`https://game.example/?${query}`))).toEqual({
        code: 'request.invalid',
        fields: [expect.objectContaining({ path: 'redirectUrls', code: 'redirect_url' })],
      });
    expect(readSettings(settingsWith('https://game.example/?lang=en'))).toMatchObject(
      settingsWith('https://game.example/?lang=en'),
    );
  });
});

/** The group of a feature above. */
class ToySettings {
  @IsBoolean()
  required = false;

  @IsIn(['refuse', 'accept'])
  undated = 'refuse';
}

describe('the settings of an application in the database', () => {
  beforeAll(() => {
    settingsInUse.use([new SettingsGroup('toys', ToySettings)]);
  });

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
    const calls = { limit: 1, window: 60 };
    const stored = { later: { name: 1 }, rateLimits: { calls, later: true }, toys: { later: [] } };

    expect(() => readSettings(stored)).toThrow(AppError);
    expect(readStoredSettings(stored)).toEqual(readSettings({ rateLimits: { calls } }));
  });

  it('may have presets of a feature that is not in use: new bots then need the signature of Telegram', () => {
    presetsInUse.use([{ name: 'toys', lines: ['Toys'], signaturePolicy: 'optional' }]);
    const presetsOf = (...presets: readonly string[]) => readStoredSettings({ presets }).presets;

    expect(() => readSettings({ presets: ['toys', 'later'] })).toThrow(AppError);
    expect(presetsOf('toys', 'later')).toEqual(['toys', 'later']);
    expect(linesOf(presetsOf('toys', 'later'))).toEqual(['Toys']);
    expect(signaturePolicyOf(presetsOf('toys'))).toBe('optional');
    expect(signaturePolicyOf(presetsOf('toys', 'later'))).toBe('required');
  });

  it.each([
    ['accountAssurance', { accountAssurance: 'passkey' }],
    ['toys.undated', { toys: { undated: 'once' } }],
    ['toys.required', { toys: { required: 'for-merging' } }],
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
