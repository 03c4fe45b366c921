import { shownDigest } from './shown-digest';

const shop = {
  name: 'Shop',
  isThirdParty: false,
  redirectUrls: ['https://a.example/x', 'https://b.example/x'],
  scopes: ['openid', 'profile'],
};
const claims = ['sub', 'name'];

describe('the digest of a client that a person has seen', () => {
  it.each([
    ['name', { name: 'Shop 2' }, claims],
    ['kind', { isThirdParty: true }, claims],
    ['redirect addresses', { redirectUrls: ['https://a.example/x'] }, claims],
    ['scopes', { scopes: ['openid', 'profile', 'phone'] }, claims],
    ['claims of its scopes', {}, [...claims, 'birthdate']],
  ])('changes with its %s', (_, change, wanted) => {
    expect(shownDigest({ ...shop, ...change }, wanted)).not.toBe(shownDigest(shop, claims));
  });

  it('does not depend on the order of lists', () => {
    const turned = {
      ...shop,
      redirectUrls: shop.redirectUrls.toReversed(),
      scopes: shop.scopes.toReversed(),
    };

    expect(shownDigest(turned, claims.toReversed())).toBe(shownDigest(shop, claims));
  });
});
