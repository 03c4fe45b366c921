import fc from 'fast-check';
import { AppError } from '@countersign/text';
import type { ProfilePatch } from '../dto/profile.patch';
import { ReservedNames } from '../fields/reserved-names';
import { readChange } from './read-change';

const reservedNames = new ReservedNames({ reservedNames: ['Acme Bank', 'Ёлка'] });

function valueOf(patch: ProfilePatch): unknown {
  return [...readChange(patch, reservedNames).values.values()][0];
}

function refusalOf(patch: ProfilePatch): unknown {
  try {
    readChange(patch, reservedNames);
    return null;
  } catch (error) {
    return error instanceof AppError
      ? error.options.fields?.map(({ path, code }) => `${path} ${code}`)
      : error;
  }
}

describe('a change of a profile', () => {
  it.each<[ProfilePatch, unknown]>([
    [{ displayName: ' Ada  Byron ' }, 'Ada Byron'],
    [{ displayName: null }, null],
    [{ displayName: 'Acme Banker' }, 'Acme Banker'],
    [{ displayName: 'лка' }, 'лка'],
    [{ username: 'Ada B.' }, 'Ada B.'],
    [{ avatarUrl: 'HTTPS://Example.com/a b'.replace(' ', '%20') }, 'https://example.com/a%20b'],
    [{ bannerUrl: 'https://bücher.example/ü' }, 'https://xn--bcher-kva.example/%C3%BC'],
    [{ links: [{ url: 'https://t.me/@ada' }] }, '[{"url":"https://t.me/@ada"}]'],
    [{ links: [] }, null],
    [{ email: 'Ada@EXAMPLE.com' }, 'Ada@example.com'],
    [{ phone: '+4930123456' }, '+4930123456'],
  ])('%j is stored as %j', (patch, stored) => {
    expect(valueOf(patch)).toBe(stored);
  });

  it.each<[ProfilePatch, string[]]>([
    [{ displayName: 'Pаypal' }, ['displayName mixed_scripts']],
    [{ displayName: 'Support' }, ['displayName reserved']],
    [{ displayName: ' s-u-p-p-o-r-t ' }, ['displayName reserved']],
    [{ displayName: 'Ｓｕｐｐｏｒｔ' }, ['displayName reserved']],
    // Cyrillic letters only.
    [{ displayName: 'ЅҮЅТЕМ' }, ['displayName reserved']],
    [{ displayName: 'ACME-BANK' }, ['displayName reserved']],
    [{ displayName: 'ёлка!' }, ['displayName reserved']],
    [{ avatarUrl: 'https://169.254.169.254/a' }, ['avatarUrl https_url']],
    [{ bannerUrl: 'https://nas.internal/a' }, ['bannerUrl https_url']],
    [{ links: [{ url: 'https://[::1]/' }] }, ['links.0.url https_url']],
    [{ displayName: 'x'.repeat(65) }, ['displayName too_long']],
    [{ biography: 'x'.repeat(281) }, ['biography too_long']],
    [{ username: 'a' }, ['username username']],
    [{ avatarUrl: 'http://example.com/a' }, ['avatarUrl https_url']],
    [{ avatarUrl: 'javascript:alert(1)' }, ['avatarUrl https_url']],
    [{ avatarUrl: 'data:image/png;base64,AAAA' }, ['avatarUrl https_url']],
    [{ avatarUrl: 'https://ada:secret@example.com/' }, ['avatarUrl https_url']],
    [{ avatarUrl: 'https:\\\\example.com' }, ['avatarUrl https_url']],
    [{ avatarUrl: 'https://localhost/a' }, ['avatarUrl https_url']],
    [{ avatarUrl: `https://example.com/${'x'.repeat(1_024)}` }, ['avatarUrl https_url']],
    [
      { links: [{ url: 'ftp://example.com', label: '\u202e' }] },
      ['links.0.url https_url', 'links.0.label bidirectional'],
    ],
    [{ email: 'ada' }, ['email email']],
    [{ email: 'ada@example' }, ['email email']],
    [{ email: `${'a'.repeat(300)}@example.com` }, ['email email']],
    [{ email: 'ada\u200b@example.com' }, ['email email']],
    [{ email: 'Ada <ada@example.com>' }, ['email email']],
    [{ phone: '030123456' }, ['phone phone']],
    [{ phone: '+49 30 123456' }, ['phone phone']],
    [{ phone: '+0123456789' }, ['phone phone']],
  ])('%j is refused: %j', (patch, fields) => {
    expect(refusalOf(patch)).toEqual(fields);
  });

  it('is read or refused for any texts, and what it stores is read back unchanged', () => {
    const texts = ['displayName', 'biography', 'avatarUrl', 'email', 'username', 'phone'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.string({ unit: 'grapheme' }), (field, input) => {
        let stored: unknown;
        try {
          stored = valueOf({ [field]: input });
        } catch (error) {
          expect(error).toBeInstanceOf(AppError);
          return;
        }
        expect(valueOf({ [field]: stored })).toBe(stored);
      }),
      { numRuns: 500 },
    );
  });
});
