import { randomNonce } from './random';

describe('random nonces', () => {
  it('never come twice, beyond the end of a supply too', () => {
    const nonces = Array.from({ length: 5_000 }, () => randomNonce(12).toString('hex'));
    expect(new Set(nonces).size).toBe(nonces.length);
  });

  it.each([1, 12, 4_096, 4_097, 100_000])('are as long as they are asked for: %d bytes', (size) => {
    expect(randomNonce(size)).toHaveLength(size);
  });

  it('stay what they were when others are drawn', () => {
    const nonce = randomNonce(12);
    const before = nonce.toString('hex');
    for (let index = 0; index < 1_000; index++) randomNonce(12);
    expect(nonce.toString('hex')).toBe(before);
  });
});
