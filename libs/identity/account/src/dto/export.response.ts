import { Id, Instant, ObjectOf, OneOf } from '@countersign/http';

/** The head of an export, and its sections by name: docs/export.schema.json describes each of them. */
export class ExportResponse {
  @OneOf([1], 'The version of the format.', 1)
  version: 1;

  @OneOf(
    ['account', 'application'],
    '`account`: everything. `application`: what belongs to the application and the identity of the session.',
    'account',
  )
  scope: 'account' | 'application';

  @Id('The application, where the scope is `application`.', null, { nullable: true })
  applicationId: string | null;

  @Id('The id of the account.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  userId: string;

  @Instant('When the export began.', '2026-11-20T08:00:00.000Z')
  exportedAt: string;

  @ObjectOf(true, 'Each with `meaning`, `retention` and `items`.', {
    account: { meaning: 'The account.', retention: 'Until the account is erased.', items: [] },
  })
  sections: Record<string, unknown>;
}

/** An export that is requested without a step-up. */
export class DelayedExportResponse {
  @Instant('From when on it can be collected.', '2026-11-28T08:00:00.000Z')
  readyAt: string;

  @Instant('Until when it can be collected.', '2026-12-05T08:00:00.000Z')
  expiresAt: string;
}
