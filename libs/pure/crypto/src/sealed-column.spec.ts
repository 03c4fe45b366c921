import { createDataKey } from './data-key';
import { open } from './envelope';
import { generateKeyRing, KeyRing } from './keys/key-ring';
import { sealedJson, sealedText } from './sealed-column';

const ring = KeyRing.parse(JSON.stringify(generateKeyRing()));
const { dataKey } = createDataKey(ring, { table: 'owners', column: 'data_key', row: 'one' });

describe('a sealed column', () => {
  const settings = sealedJson<{ readonly size: number }>('boxes', 'settings');
  const label = sealedText('boxes', 'label');

  it('opens a value in the row that it was sealed for, and in no other one', () => {
    const row = [Buffer.from([1, 255]), 7, 'a'];
    const sealed = settings.seal(dataKey, row, { size: 3 });

    expect(settings.open(dataKey, row, sealed)).toEqual({ size: 3 });
    expect(open(dataKey, { table: 'boxes', column: 'settings', row: '01ff/7/a' }, sealed)).toBe('{"size":3}');
    expect(() => settings.open(dataKey, [Buffer.from([1, 255]), 8, 'a'], sealed)).toThrow();
    expect(() => label.open(dataKey, row, sealed)).toThrow();
  });

  it('has null where there is no value', () => {
    expect(label.seal(dataKey, 'one', null)).toBeNull();
    expect(label.open(dataKey, 'one', null)).toBeNull();
    expect(label.open(dataKey, 'one', label.seal(dataKey, 'one', ''))).toBe('');
  });

  it('writes JSON as it was asked to', () => {
    const padded = sealedJson<number[]>('boxes', 'counts', (value) => JSON.stringify(value).padEnd(40));

    const [short, long] = [[], [1, 2, 3]].map((counts) => padded.seal(dataKey, 'one', counts));

    expect(short?.length).toBe(long?.length);
    expect(long && padded.open(dataKey, 'one', long)).toEqual([1, 2, 3]);
  });
});
