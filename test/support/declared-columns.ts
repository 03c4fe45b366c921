import { DataSource } from 'typeorm';
import { Personal, PublicCopy, Secret } from '@countersign/database';
import type { TestApp } from './test-app';

type Entity = abstract new () => object;

/** Columns of all entities that are declared as sealed, as `table.column`. */
export function sealedColumnsIn(
  app: TestApp,
): Readonly<Record<'personal' | 'copied' | 'secret', readonly string[]>> {
  const entities = app.nest.get(DataSource).entityMetadatas.map(({ target }) => target as Entity);
  const named = (columnsOf: (entity: Entity) => readonly { table: string; column: string }[]) =>
    entities.flatMap(columnsOf).map(({ table, column }) => `${table}.${column}`);
  return { personal: named(Personal.of), copied: named(PublicCopy.of), secret: named(Secret.of) };
}
