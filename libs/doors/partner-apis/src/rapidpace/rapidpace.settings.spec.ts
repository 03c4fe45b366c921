// @own-modules
import 'reflect-metadata';
import { ApplicationSettings, settingsInUse } from '@countersign/applications';
import { readInput } from '@countersign/http';
import { rapidpaceSettings } from './rapidpace.feature';

const read = (rapidpace: object) => rapidpaceSettings.of(readInput(ApplicationSettings, { rapidpace }));

const isRefused = (path: string, code: string): Error =>
  expect.objectContaining({
    code: 'request.invalid',
    options: expect.objectContaining({ fields: [expect.objectContaining({ path, code })] }) as unknown,
  }) as Error;

describe('the settings of Rapidpace', () => {
  beforeAll(() => {
    settingsInUse.use([rapidpaceSettings]);
  });

  it('name no page that has a parameter which a sign-in adds', () => {
    for (const query of ['code=old', 'state=old', 'error=old', 'error_description=old', 'lang=en&code'])
      expect(() => read({ frontUrl: `https://game.example/?${query}` })).toThrow(
        isRefused('rapidpace.frontUrl', 'redirect_url'),
      );
    expect(read({ frontUrl: 'https://game.example/?lang=en' }).frontUrl).toBe(
      'https://game.example/?lang=en',
    );
  });

  it('have no value of a later version in undatedLinks', () => {
    expect(read({ undatedLinks: 'accept' }).undatedLinks).toBe('accept');
    expect(() => read({ undatedLinks: 'once' })).toThrow(isRefused('rapidpace.undatedLinks', 'in'));
  });

  it('lead a refused player back by https only, in a language that the page has', () => {
    for (const backUrl of [
      'javascript:alert(1)',
      'http://localhost/',
      'tg://resolve?domain=bot',
      '//evil.example',
      't.me/bot',
    ])
      expect(() => read({ backUrl })).toThrow(Error);
    expect(read({ backUrl: 'https://t.me/my_game_bot' }).backUrl).toBe('https://t.me/my_game_bot');
    expect(() => read({ language: 'xx' })).toThrow(isRefused('rapidpace.language', 'in'));
    expect(() => read({ language: 'toString' })).toThrow(Error);
    expect(read({}).language).toBe('en');
  });
});
