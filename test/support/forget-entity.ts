import type { Type } from '@nestjs/common';
// By its path: the package does not export it.
import { EntitiesMetadataStorage } from '../../node_modules/@nestjs/typeorm/dist/entities-metadata.storage';

/**
 * Takes the entity of a test out of the list that `TypeOrmModule.forFeature` fills, one for the process: in the databases of later
 * test files it has no table.
 */
export function forgetEntity(entity: Type): void {
  const entities = EntitiesMetadataStorage.getEntitiesByDataSource('default');
  const place = entities.indexOf(entity);
  if (place < 0) throw new Error(`${entity.name} is in no feature`);
  entities.splice(place, 1);
}
