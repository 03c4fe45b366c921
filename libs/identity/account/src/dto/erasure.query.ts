import { Id, Matching } from '@countersign/http';

const UUID = '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}';
/** More than an account has. */
const MAX_FORFEITED = 100;

export class ErasureQuery {
  @Id('The id of the account, as a confirmation.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', {
    input: 'optional',
  })
  confirm?: string;

  @Matching(
    'What is lost for good, as GET /v1/me/erasure names it: ids joined by commas.',
    '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
    {
      input: 'optional',
      pattern: new RegExp(`^${UUID}(?:,${UUID}){0,${MAX_FORFEITED - 1}}$`),
      message: `must be at most ${MAX_FORFEITED} ids, joined by commas`,
    },
  )
  forfeit?: string;
}
