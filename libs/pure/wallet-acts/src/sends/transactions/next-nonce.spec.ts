import { nextNonce } from './next-nonce';

describe('the next nonce', () => {
  it.each<readonly [string, number, readonly number[], number, boolean]>([
    ['the first one', 0, [0, 0], 0, false],
    ['the stored one', 5, [5, 5], 5, false],
    ['the stored one while transactions wait', 5, [3, 3], 5, false],
    ['the stored one beside a node that is behind', 5, [0, 5], 5, false],
    ['that of the chain after another application', 5, [7, 7], 7, true],
    ['at most a few above', 5, [21, 21], 21, true],
    ['what two of three say', 5, [7, 7, 0], 7, true],
    ['the stored one beside one of three that lies', 5, [5, 5, 2 ** 53], 5, false],
  ])('is %s', (_, stored, counts, nonce, isUsedElsewhere) => {
    expect(nextNonce(stored, counts)).toEqual({ ok: true, value: { nonce, isUsedElsewhere } });
  });

  it.each<readonly [string, readonly number[], string]>([
    ['no node', [], 'nonce_unknown'],
    ['one node', [5], 'nonce_unknown'],
    ['a node that lies upwards', [5, 2 ** 53], 'nonce_unknown'],
    ['a node that lies a little', [5, 6], 'nonce_unknown'],
    ['three that say three numbers', [5, 6, 7], 'nonce_unknown'],
    ['two that are far above', [22, 22], 'nonce_implausible'],
    ['two that lie', [2 ** 53, 2 ** 53], 'nonce_implausible'],
  ])('is refused by %s', (_, counts, code) => {
    expect(nextNonce(5, counts)).toEqual({ ok: false, code: `send.${code}` });
  });
});
