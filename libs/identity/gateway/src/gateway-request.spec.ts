import type { IncomingMessage } from 'node:http';
import {
  forwardedRequest,
  questionOfHeaders,
  questionOfQuery,
  questionOfSegment,
  requestBehindPrefix,
  type ForwardedRequest,
  type Question,
} from './gateway-request';

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

const refused = expect.objectContaining({ code: 'gateway.question_invalid' }) as unknown;

describe('the question in a query', () => {
  it.each<[string, Question]>([
    ['', { scopes: [], audience: undefined, assurance: undefined }],
    ['?', { scopes: [], audience: undefined, assurance: undefined }],
    ['?scope=orders:read', { scopes: ['orders:read'], audience: undefined, assurance: undefined }],
    ['?scope=orders:read&', { scopes: ['orders:read'], audience: undefined, assurance: undefined }],
    [
      '?scope=orders:read%20chat',
      { scopes: ['orders:read', 'chat'], audience: undefined, assurance: undefined },
    ],
    [
      '?scope=orders:read+chat',
      { scopes: ['orders:read', 'chat'], audience: undefined, assurance: undefined },
    ],
    [
      '?scope=%20orders:read%20%20chat%20',
      { scopes: ['orders:read', 'chat'], audience: undefined, assurance: undefined },
    ],
    [
      '?scope=orders:read&scope=chat',
      { scopes: ['orders:read', 'chat'], audience: undefined, assurance: undefined },
    ],
    ['?audience=orders', { scopes: [], audience: 'orders', assurance: undefined }],
    ['?audience=orders&scope=chat', { scopes: ['chat'], audience: 'orders', assurance: undefined }],
    [
      '?audience=https%3A%2F%2Fa.example%2F',
      { scopes: [], audience: 'https://a.example/', assurance: undefined },
    ],
    ['?assurance=platform', { scopes: [], audience: undefined, assurance: 'platform' }],
    ['?assurance=vendor&scope=chat', { scopes: ['chat'], audience: undefined, assurance: 'vendor' }],
  ])('is read: %j', (query, question) => {
    expect(questionOfQuery(query)).toEqual(question);
  });

  it.each([
    '?scopes=orders:read',
    '?Scope=orders:read',
    '?scope[]=orders:read',
    '?%20scope=orders:read',
    '?scope=orders:read&aud=orders',
    '?scope',
    '?scope=',
    '?scope=%20',
    '?scope=%09',
    '?scope=chat&scope=',
    '?audience',
    '?audience=',
    '?audience=%20',
    '?audience=orders&audience=orders',
    '?audience=orders&audience=billing',
    '?assurance',
    '?assurance=',
    '?assurance=Platform',
    '?assurance=platform%20',
    '?assurance=none',
    '?assurance=constructor',
    '?assurance=platform&assurance=platform',
    '?acr=platform',
    '?=orders',
    '?nonsense',
    '??scope=orders:read',
  ])('is refused rather than taken for a smaller one: %j', (query) => {
    expect(() => questionOfQuery(query)).toThrow(refused as Error);
  });

  it('takes two words that are written as one for one that nobody has', () => {
    expect(questionOfQuery('?scope=orders:read%09chat').scopes).toEqual(['orders:read\tchat']);
    expect(questionOfQuery('?scope=orders:read,chat').scopes).toEqual(['orders:read,chat']);
  });
});

describe('the question in a segment of the path', () => {
  it.each<[string, Question]>([
    ['any', { scopes: [], audience: undefined, assurance: undefined }],
    ['audience=orders', { scopes: [], audience: 'orders', assurance: undefined }],
    [
      'audience=orders&assurance=platform&scope=read+write',
      { scopes: ['read', 'write'], audience: 'orders', assurance: 'platform' },
    ],
  ])('is read: %j', (segment, question) => {
    expect(questionOfSegment(segment)).toEqual(question);
  });

  it.each(['', 'orders', 'Any', 'any&scope=read', 'scope', 'audience=a&audience=b', 'health'])(
    'is refused rather than taken for none: %j',
    (segment) => {
      expect(() => questionOfSegment(segment)).toThrow(refused as Error);
    },
  );
});

describe('the question in headers', () => {
  it.each<[Record<string, string | string[] | undefined>, Question]>([
    [{}, { scopes: [], audience: undefined, assurance: undefined }],
    [
      { 'x-gateway-scope': 'orders:read chat' },
      { scopes: ['orders:read', 'chat'], audience: undefined, assurance: undefined },
    ],
    [{ 'x-gateway-audience': 'orders' }, { scopes: [], audience: 'orders', assurance: undefined }],
    [
      { scope: 'chat', audience: 'orders', 'x-gateway-scopes': 'chat' },
      { scopes: [], audience: undefined, assurance: undefined },
    ],
    [
      { 'x-gateway-assurance': 'bot-token', assurance: 'platform' },
      { scopes: [], audience: undefined, assurance: 'bot-token' },
    ],
  ])('is read: %j', (headers, question) => {
    expect(questionOfHeaders(headers)).toEqual(question);
  });

  it.each([
    { 'x-gateway-scope': '' },
    { 'x-gateway-scope': ' ' },
    { 'x-gateway-audience': '' },
    { 'x-gateway-audience': ['orders', 'billing'] },
    { 'x-gateway-audience': 'orders', 'x-gateway-scope': ['chat', ''] },
    { 'x-gateway-assurance': '' },
    { 'x-gateway-assurance': 'strong' },
    { 'x-gateway-assurance': 'platform, platform' },
    { 'x-gateway-assurance': ['platform', 'vendor'] },
  ])('is refused rather than taken for a smaller one: %j', (headers) => {
    expect(() => questionOfHeaders(headers)).toThrow(refused as Error);
  });

  it('has one audience, however node:http joins those of two', () => {
    expect(questionOfHeaders({ 'x-gateway-audience': 'orders, billing' }).audience).toBe('orders, billing');
  });
});
