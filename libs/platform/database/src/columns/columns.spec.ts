import { Column, getMetadataArgsStorage } from 'typeorm';
import { columns, columnsOf, type RowOf } from './columns';

interface Visit {
  readonly id: string;
  readonly visitorId: string | null;
  readonly at: Date;
  readonly pages: readonly string[];
  readonly digest: Buffer | null;
  readonly referrer: { readonly host: string } | null;
  readonly isFirst: boolean;
}

const VISIT = columns<Visit>({
  id: 'uuid',
  visitorId: 'uuid',
  at: 'timestamptz',
  pages: 'text[]',
  digest: 'bytea',
  referrer: 'jsonb',
  isFirst: 'boolean',
});

describe('the columns of a row', () => {
  it('are those of an entity, in its order', () => {
    class Stay {
      @Column({ type: 'uuid' })
      guestId: string;

      @Column({ type: 'text', array: true })
      rooms: readonly string[];
    }
    const of = columnsOf(Stay);
    // Workers keep modules between files: pages that are generated list what is known.
    const known = getMetadataArgsStorage().columns;
    known.splice(0, known.length, ...known.filter(({ target }) => target !== Stay));

    expect([of.names, of.parameters()]).toEqual(['guest_id, rooms', '$1::uuid, $2::text[]']);
  });

  it.each(['a b', 'a"', 'A', 'a;b', '', 'userID'])(
    'are not named %j, which would be something else in a statement',
    (name) => {
      expect(() => columns<Record<string, string>>({ [name]: 'text' })).toThrow('not a name of a column');
    },
  );

  it('are not declared twice', () => {
    expect(() => VISIT.and(columns<{ at: Date }>({ at: 'timestamptz' }))).toThrow(
      'columns declared twice: at',
    );
  });

  it('do not compile unless each property has a type', () => {
    // @ts-expect-error -- a column is missing
    columns<Pick<Visit, 'id' | 'at'>>({ id: 'uuid' });
    // @ts-expect-error -- no property has this name
    columns<Pick<Visit, 'id'>>({ id: 'uuid', at: 'timestamptz' });
    // @ts-expect-error -- a row lacks a column
    VISIT.pick('id', 'at').valuesOf({ id: 'i1' });
    // @ts-expect-error -- a property of the batch has another name
    VISIT.pick('id', 'visitorId').arraysOf([{ id: 'i1', visitor: 'v1' }]);
    // @ts-expect-error -- no such column
    VISIT.pick('nothing');
    const picked: RowOf<ReturnType<typeof VISIT.pick<'id'>>> = { id: 'i1' };
    // @ts-expect-error -- the row of some columns has no others
    expect(picked.at).toBeUndefined();
  });
});
