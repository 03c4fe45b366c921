import { readSettings } from '../store/read-settings';

describe('a limit', () => {
  it.each(['signIn', 'calls'])('%s is no list', (name) => {
    for (const limit of [[], [{ limit: 1, window: 1 }]])
      expect(() => readSettings({ rateLimits: { [name]: limit } })).toThrow();
  });
  it('as a whole is no list', () => {
    expect(() => readSettings({ rateLimits: [] })).toThrow();
  });
  it('is not absent where there has to be one', () => {
    for (const name of ['signIn', 'calls'])
      expect(() => readSettings({ rateLimits: { [name]: null } })).toThrow();
  });
});
