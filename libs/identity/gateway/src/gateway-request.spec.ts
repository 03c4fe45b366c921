import { questionOfQuery, type Question } from './gateway-request';

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
