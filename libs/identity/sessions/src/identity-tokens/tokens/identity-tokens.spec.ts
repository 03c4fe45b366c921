import { audienceOf } from './identity-tokens';

const OWN = '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b42';
const application = { id: OWN, settings: { audiences: ['shop', 'https://api.example.com'] } };

describe('the audience of identity tokens', () => {
  it.each([
    ['the application, when nothing is asked', undefined, OWN],
    ['the application, when it is asked', OWN, OWN],
    ['a name that it may use', 'shop', 'shop'],
    ['a URL that it may use', 'https://api.example.com', 'https://api.example.com'],
  ])('is %s', (_, asked, audience) => {
    expect(audienceOf(application, asked)).toBe(audience);
  });

  it.each([
    '',
    'Shop',
    'shop ',
    'sho',
    'shop,https://api.example.com',
    'https://api.example.com/',
    OWN.toUpperCase(),
    '0199a3c0-1b7c-7a4e-8a57-2d3c1c6f0b43',
    'length',
  ])('is never %j', (asked) => {
    expect(audienceOf(application, asked)).toBeNull();
  });
});
