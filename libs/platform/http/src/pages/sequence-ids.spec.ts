import { idOfSequence, sequenceOfId } from './sequence-ids';

describe('sequences as UUIDs', () => {
  it.each([
    ['0', '00000000-0000-0000-0000-000000000000'],
    ['255', '00000000-0000-0000-0000-0000000000ff'],
    ['9223372036854775807', '00000000-0000-0000-7fff-ffffffffffff'],
  ])('%s is %s, and back', (sequence, id) => {
    expect(idOfSequence(sequence)).toBe(id);
    expect(sequenceOfId(id)).toBe(sequence);
  });

  it('are no UUIDs that the database has no sequence for', () => {
    for (const id of ['00000000-0000-0000-8000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'])
      expect(() => sequenceOfId(id)).toThrow(expect.objectContaining({ code: 'request.invalid' }));
  });
});
