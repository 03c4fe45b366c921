import { readCheckHeaders } from './check-headers';

describe('the headers of a check', () => {
  it('are found whatever the case of their names', () => {
    const raw = [
      'Host',
      'api',
      'AUTHORIZATION',
      'Bearer a',
      'dPoP',
      'proof',
      'X-Request-Id',
      'r1',
      'Accept',
      '*/*',
    ];

    expect(readCheckHeaders(raw)).toEqual({
      authorization: 'Bearer a',
      dpop: 'proof',
      requestId: 'r1',
      areCredentialsRepeated: false,
    });
  });

  it('are absent where nothing has their name, however alike it is', () => {
    const raw = [
      'X-Authorizatio',
      'a',
      'Content-Type',
      'b',
      'Date',
      'c',
      'If-None-Match',
      'd',
      'dpo',
      'e',
      '',
      'f',
    ];

    expect(readCheckHeaders(raw)).toEqual({
      authorization: undefined,
      dpop: undefined,
      requestId: undefined,
      areCredentialsRepeated: false,
    });
    expect(readCheckHeaders([])).toMatchObject({ authorization: undefined });
  });

  it.each([
    ['Authorization', ['Authorization', 'Bearer a', 'authorization', 'Bearer b']],
    ['Authorization, one of them empty', ['Authorization', '', 'authorization', 'Bearer b']],
    ['DPoP', ['DPoP', 'one', 'Host', 'api', 'dpop', 'one']],
  ])('tell that there are two of %s', (_name, raw) => {
    expect(readCheckHeaders(raw).areCredentialsRepeated).toBe(true);
  });

  it('name no request that has two ids, or three', () => {
    const ids = ['x-request-id', 'a', 'x-request-id', 'b', 'X-Request-ID', 'c'];

    expect(readCheckHeaders(ids.slice(0, 4)).requestId).toBeUndefined();
    expect(readCheckHeaders(ids).requestId).toBeUndefined();
  });
});
