import { createDataKey, generateKeyRing, KeyRing, open, seal, unwrapDataKey } from '@countersign/crypto';
import { toAppError } from './problem';

const PLACE = { table: 'users', column: 'data_key', row: '7f3c' };
const FIELD = { table: 'identities', column: 'first_name', row: '7f3c' };

const ring = KeyRing.parse(JSON.stringify(generateKeyRing()));
const anotherRing = KeyRing.parse(JSON.stringify(generateKeyRing()));
const { dataKey, wrapped } = createDataKey(ring, PLACE);

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return toAppError(error).code;
  }
  return 'nothing was thrown';
}

describe('a sealed value that does not open', () => {
  it('is tried again when a key of the ring is missing, which may come', () => {
    expect(codeOf(() => unwrapDataKey(anotherRing, PLACE, wrapped))).toBe('service.key_missing');
  });

  it.each<[string, () => unknown]>([
    ['of another person', () => open(createDataKey(ring, PLACE).dataKey, FIELD, seal(dataKey, FIELD, 'Zoe'))],
    [
      'of another column',
      () => open(dataKey, { ...FIELD, column: 'last_name' }, seal(dataKey, FIELD, 'Zoe')),
    ],
    ['that is a data key of another row', () => unwrapDataKey(ring, { ...PLACE, row: '7f3d' }, wrapped)],
    ['that is none', () => open(dataKey, FIELD, 'v1:junk' as never)],
  ])('is wrong for good: %s', (_, work) => {
    expect(codeOf(work)).toBe('service.data_unreadable');
  });
});
