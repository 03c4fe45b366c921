import { defineReviewedTables } from '@countersign/database';

defineReviewedTables({ xellar_used_tokens: { isOfPerson: false, columns: {} } });
