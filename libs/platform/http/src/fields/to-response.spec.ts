import { PickType } from '@nestjs/swagger';
import { Id, Instant, Text } from './kinds';
import { toResponse } from './to-response';

class Shown {
  @Id('The id.')
  toyId: string;

  @Text('The name.', 'Ball', { nullable: true })
  name: string | null;

  @Instant('When it was made.')
  madeAt: string;
}

class ShownToOwner extends Shown {
  @Text('The note.', 'Mine', { optional: true })
  note?: string;
}

class Named extends PickType(Shown, ['name']) {}

const row = { id: '1', name: null, madeAt: new Date(0), secret: 'canary' };

describe('a response', () => {
  it('has the fields of its class alone, with dates in ISO 8601', () => {
    expect(toResponse(Shown, { ...row, toyId: row.id })).toEqual({
      toyId: '1',
      name: null,
      madeAt: '1970-01-01T00:00:00.000Z',
    });
    expect(toResponse(Named, row)).toEqual({ name: null });
  });

  it('has those of its base class, and leaves out what is undefined', () => {
    const shown = { ...row, toyId: row.id };
    expect(Object.keys(toResponse(ShownToOwner, { ...shown, note: 'mine' }))).toEqual([
      'toyId',
      'name',
      'madeAt',
      'note',
    ]);
    expect(toResponse(ShownToOwner, shown)).not.toHaveProperty('note');
  });

  it('cannot be of a class without fields', () => {
    expect(() => toResponse(Date, row as never)).toThrow('Date declares no fields');
  });
});
