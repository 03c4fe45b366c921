import { normalizePlatformUsername } from './lookup-digests.repository';

describe('normalizePlatformUsername', () => {
  it.each([
    ['@AdaLovelace', 'adalovelace'],
    ['ada_1', 'ada_1'],
    ['@@ada', '@ada'],
    ['\u212aelvin', '\u212aelvin'],
  ])('takes %s for %s', (username, normalized) => {
    expect(normalizePlatformUsername(username)).toBe(normalized);
  });
});
