import { questionOfHeaders, questionOfQuery, type Question } from './question';

const refused = expect.objectContaining({ code: 'gateway.question_invalid' }) as unknown;

describe('the question in a query', () => {
  it.each<[string, Question]>([
    ['', { scopes: [], audience: undefined }],
    ['?', { scopes: [], audience: undefined }],
    ['?scope=orders:read', { scopes: ['orders:read'], audience: undefined }],
    ['?scope=orders:read&', { scopes: ['orders:read'], audience: undefined }],
    ['?scope=orders:read%20chat', { scopes: ['orders:read', 'chat'], audience: undefined }],
    ['?scope=orders:read+chat', { scopes: ['orders:read', 'chat'], audience: undefined }],
    ['?scope=%20orders:read%20%20chat%20', { scopes: ['orders:read', 'chat'], audience: undefined }],
    ['?scope=orders:read&scope=chat', { scopes: ['orders:read', 'chat'], audience: undefined }],
    ['?audience=orders', { scopes: [], audience: 'orders' }],
    ['?audience=orders&scope=chat', { scopes: ['chat'], audience: 'orders' }],
    ['?audience=https%3A%2F%2Fa.example%2F', { scopes: [], audience: 'https://a.example/' }],
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

describe('the question in headers', () => {
  it.each<[Record<string, string | string[] | undefined>, Question]>([
    [{}, { scopes: [], audience: undefined }],
    [{ 'x-gateway-scope': 'orders:read chat' }, { scopes: ['orders:read', 'chat'], audience: undefined }],
    [{ 'x-gateway-audience': 'orders' }, { scopes: [], audience: 'orders' }],
    [
      { scope: 'chat', audience: 'orders', 'x-gateway-scopes': 'chat' },
      { scopes: [], audience: undefined },
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
  ])('is refused rather than taken for a smaller one: %j', (headers) => {
    expect(() => questionOfHeaders(headers)).toThrow(refused as Error);
  });

  it('has one audience, however node:http joins those of two', () => {
    expect(questionOfHeaders({ 'x-gateway-audience': 'orders, billing' }).audience).toBe('orders, billing');
  });
});
