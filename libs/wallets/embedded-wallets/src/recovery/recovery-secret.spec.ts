import { digestOfRecoverySecret, mintRecoverySecret } from './recovery-secret';

const mint = (): string => mintRecoverySecret().secret;
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe('a recovery secret', () => {
  it('is eight groups of four, another one each time', () => {
    const secrets = times(100, mint);

    for (const secret of secrets)
      expect(secret).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){7}[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(new Set(secrets).size).toBe(100);
  });

  it('is read as people type it', () => {
    for (const { secret, digest } of times(50, mintRecoverySecret)) {
      for (const typed of [
        secret,
        secret.toLowerCase(),
        secret.replaceAll('-', ' '),
        ` ${secret.replaceAll('-', '')}\n`,
        secret.replaceAll('0', 'o').replaceAll('1', 'l'),
        secret.replaceAll('0', 'O').replaceAll('1', 'I'),
      ])
        expect(digestOfRecoverySecret(typed)).toEqual(digest);
    }
  });

  it('shows a typing error', () => {
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    const unnoticed = times(200, mint).flatMap((minted) =>
      [0, 13, 38].filter((at) => {
        const other = alphabet.charAt((alphabet.indexOf(minted.charAt(at)) + 7) % 32);
        return digestOfRecoverySecret(minted.slice(0, at) + other + minted.slice(at + 1)) !== null;
      }),
    );

    // One of 65,536 is not noticed.
    expect(unnoticed.length).toBeLessThan(3);
    for (const text of ['', 'ABCD', `${mint()}0`, mint().slice(1), 'U'.repeat(32)])
      expect(digestOfRecoverySecret(text)).toBeNull();
  });
});
