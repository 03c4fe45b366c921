import { userInfo } from 'node:os';
import { callerOf } from './connect';
import type { Call } from './call';

jest.mock('node:os', () => ({ ...jest.requireActual<object>('node:os'), userInfo: jest.fn() }));

const callAs = (name?: string): Call => ({ optional: () => name }) as unknown as Call;
const withSystemUser = (username: string): void =>
  void jest.mocked(userInfo).mockReturnValue({ username } as ReturnType<typeof userInfo>);

describe('who calls at the command line', () => {
  it('is named by --as', () => {
    withSystemUser('root');

    expect(callerOf(callAs('anna.b@example.com'), {})).toBe('anna.b@example.com');
  });

  it.each(['', 'two words', 'a:b', 'ü', 'x'.repeat(65), 'a\nb'])('is not named by %j', (name) => {
    expect(() => callerOf(callAs(name), {})).toThrow('--as must be a name');
  });

  it.each([
    ['anna', 'anna'],
    ['DOMAIN\\anna b', 'DOMAIN-anna-b'],
    ['x'.repeat(80), 'x'.repeat(64)],
    ['', 'unknown'],
  ])('is the system user without it: %s', (username, expected) => {
    withSystemUser(username);

    expect(callerOf(callAs(), { USER: 'another' })).toBe(expected);
  });

  it('is USER, or unknown, where the user id has no name', () => {
    jest.mocked(userInfo).mockImplementation(() => {
      throw new Error('ENOENT');
    });

    expect(callerOf(callAs(), { USER: 'deploy' })).toBe('deploy');
    expect(callerOf(callAs(), {})).toBe('unknown');
  });
});
