import { Id, Instant, ObjectOf, OneOf } from '@countersign/http';

/** The head of an export, and its sections by name: docs/export.schema.json describes each of them. */
export class ExportResponse {
  @OneOf([1], 'The version of the format.', 1)
  version: 1;

  @Id('The id of the account.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  userId: string;

  @Instant('When the export began.', '2026-11-20T08:00:00.000Z')
  exportedAt: string;

  @ObjectOf(true, 'Each with `meaning`, `retention` and `items`.', {
    account: { meaning: 'The account.', retention: 'Until the account is erased.', items: [] },
  })
  sections: Record<string, unknown>;
}
