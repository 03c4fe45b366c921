import type { IncomingMessage } from 'node:http';
import { forwardedRequest, requestBehindPrefix, type ForwardedRequest } from './gateway-request';

const forwarded = {
  'x-forwarded-method': 'PATCH',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'api.example.com',
  'x-forwarded-uri': '/orders/1?page=2',
} as const;

type Headers = Readonly<Record<string, string | readonly string[]>>;

function aCheck(sent: Headers): IncomingMessage {
  const headersDistinct = Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, [value].flat()]),
  );
  const headers = Object.fromEntries(
    Object.entries(headersDistinct).map(([name, values]) => [name, values.join(', ')]),
  );
  const url = '/v1/gateway/authorize?audience=orders';
  return { method: 'GET', url, headers, headersDistinct } as unknown as IncomingMessage;
}

describe('the request that a gateway asks about', () => {
  it.each<[string, Headers, ForwardedRequest]>([
    [
      'what it forwards',
      { host: 'countersign:3001', ...forwarded },
      { method: 'PATCH', uri: 'https://api.example.com/orders/1?page=2' },
    ],
    [
      'the check itself, where it forwards nothing',
      { host: 'countersign:3001' },
      { method: 'GET', uri: 'http://countersign:3001/v1/gateway/authorize?audience=orders' },
    ],
    [
      'nothing that anybody could prove, where it says neither',
      {},
      { method: 'GET', uri: 'http:///v1/gateway/authorize?audience=orders' },
    ],
    [
      'not what the standard header says',
      { host: 'countersign:3001', ...forwarded, forwarded: 'host=evil.example;proto=http' },
      { method: 'PATCH', uri: 'https://api.example.com/orders/1?page=2' },
    ],
  ])('is %s', (_, headers, request) => {
    expect(forwardedRequest(aCheck(headers))).toEqual(request);
  });

  it.each(Object.keys(forwarded))('is none where %s is there twice', (name) => {
    const check = aCheck({ host: 'countersign:3001', ...forwarded, [name]: ['GET', 'GET'] });

    expect(() => forwardedRequest(check)).toThrow(
      expect.objectContaining({ code: 'gateway.header_repeated' }) as Error,
    );
  });

  it.each([
    ['x-forwarded-method', 'PATCH,GET'],
    ['x-forwarded-proto', 'https,http'],
    ['x-forwarded-host', 'api.example.com, countersign:3001'],
  ])('is none where a proxy added to %s', (name, value) => {
    const check = aCheck({ host: 'countersign:3001', ...forwarded, [name]: value });

    expect(() => forwardedRequest(check)).toThrow(
      expect.objectContaining({
        code: 'gateway.header_repeated',
        options: {
          detail: `\`${name}\` has several values: the gateway has to overwrite this header, not add to it.`,
        },
      }) as Error,
    );
  });

  it('has commas in its path', () => {
    const check = aCheck({ host: 'countersign:3001', ...forwarded, 'x-forwarded-uri': '/orders/1,2' });

    expect(forwardedRequest(check).uri).toBe('https://api.example.com/orders/1,2');
  });

  it('keeps its method, and has its path behind that of the check, where the gateway puts it there', () => {
    const check = aCheck({ host: 'countersign:3001', ...forwarded });

    expect(requestBehindPrefix(check, '/orders/1?audience=orders')).toEqual({
      method: 'GET',
      uri: 'https://api.example.com/orders/1?audience=orders',
    });
  });
});
