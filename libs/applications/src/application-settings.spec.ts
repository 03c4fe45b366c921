import 'reflect-metadata';
import { AppError } from '@countersign/errors';
import { readSettings } from './application-settings';

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
