import { defineReviewedTables } from './reviewed-tables';

defineReviewedTables({
  migrations: {
    isOfPerson: false,
    columns: { id: 'number of a migration', timestamp: 'number of a migration', name: 'name of a migration' },
  },
});
