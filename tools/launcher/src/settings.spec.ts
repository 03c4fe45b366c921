import { Settings } from './settings';

const needed = { COUNTERSIGN_DATA_DIR: '/data' };

describe('Settings', () => {
  it.each([
    [{ DATABASE_URL: 'postgresql://x/y' }, { hasDatabase: true, hasKeys: false }],
    [{ DATABASE_URL: '' }, { hasDatabase: false }],
    [{ DATABASE_URL_FILE: '/run/secrets/url' }, { hasDatabase: true }],
    [{ KEYS_FILE: '/keys' }, { hasKeys: true }],
    [{ KEYS: '{}' }, { hasKeys: true }],
  ])('sees what somebody brought: %j', (environment, expected) => {
    expect(Settings.of({ ...needed, ...environment })).toMatchObject(expected);
  });

  it.each([
    [{}, 'http://127.0.0.1:3000'],
    [{ HOST: '0.0.0.0', PORT: '80' }, 'http://127.0.0.1:80'],
    [{ HOST: '::' }, 'http://[::1]:3000'],
    [{ HOST: 'fe80::1' }, 'http://[fe80::1]:3000'],
    [{ HOST: 'box.local' }, 'http://box.local:3000'],
  ])('knows where a browser finds the API: %j', (environment, address) => {
    expect(Settings.of({ ...needed, ...environment }).address).toBe(address);
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT must be a port number from 1 to 65535.'],
    [{ PORT: '65536' }, 'PORT must be a port number from 1 to 65535.'],
    [{ GATEWAY_PORT: '0' }, 'GATEWAY_PORT must be a port number from 1 to 65535.'],
    [{ PORT: '3001' }, 'PORT and GATEWAY_PORT are the same: set one of them to another port.'],
    [{ COUNTERSIGN_DATA_DIR: '' }, 'COUNTERSIGN_DATA_DIR is not set: start with "npm start".'],
  ])('names the variable that is wrong: %j', (environment, message) => {
    expect(() => Settings.of({ ...needed, ...environment })).toThrow(message);
  });
});
