import { Column, Entity, getMetadataArgsStorage } from 'typeorm';
import type { Sealed, SealedBytes } from '@countersign/crypto';
import { Personal, PublicCopy, Secret } from '..';

@Entity('paint_jobs')
class PaintJob {
  @Personal()
  @Column({ type: 'text', nullable: true })
  favouriteColour: Sealed | null;

  @Personal()
  @Column({ type: 'text' })
  brush: Sealed;

  @Secret()
  @Column({ type: 'text' })
  key: Sealed;

  @Personal()
  @Column({ type: 'bytea' })
  sketch: SealedBytes;

  @PublicCopy()
  @Column({ type: 'text' })
  signature: string;

  // @ts-expect-error -- plain text is not sealed
  @Personal()
  @Column({ type: 'text' })
  plain: string;

  // @ts-expect-error -- nor are bytes in clear
  @Personal()
  @Column({ type: 'bytea' })
  bytes: Buffer;

  // @ts-expect-error -- a secret is sealed as well
  @Secret()
  @Column({ type: 'text' })
  plainKey: string;
}

describe('declared columns', () => {
  // Workers keep modules between files: the pages that are generated would list this entity.
  afterAll(() => {
    const { tables } = getMetadataArgsStorage();
    for (const name of ['paint_jobs', 'unmapped']) {
      tables.splice(
        tables.findIndex((known) => known.name === name),
        1,
      );
    }
  });

  it('are read with their table and column', () => {
    expect(Personal.of(PaintJob).slice(0, 3)).toEqual([
      { table: 'paint_jobs', column: 'favourite_colour', property: 'favouriteColour' },
      { table: 'paint_jobs', column: 'brush', property: 'brush' },
      { table: 'paint_jobs', column: 'sketch', property: 'sketch' },
    ]);
    expect(PublicCopy.of(PaintJob)).toEqual([
      { table: 'paint_jobs', column: 'signature', property: 'signature' },
    ]);
    expect(Secret.of(PaintJob)[0]).toMatchObject({ column: 'key' });
  });

  it('are none of a class without declarations', () => {
    expect(Personal.of(Date)).toEqual([]);
  });

  it('have a column of the entity', () => {
    class Unmapped {
      @Personal()
      colour: Sealed;
    }
    Entity('unmapped')(Unmapped);

    expect(() => Personal.of(Unmapped)).toThrow('Unmapped.colour is declared, but is not a column');
  });

  it('have an entity with a table', () => {
    class NoEntity {
      @Personal()
      @Column({ type: 'text' })
      colour: Sealed;
    }

    expect(() => Personal.of(NoEntity)).toThrow('NoEntity is not an entity with a named table');
  });
});
