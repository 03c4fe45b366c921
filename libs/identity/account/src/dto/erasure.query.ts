import { Id, Matching } from '@countersign/http';

const UUID = '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}';
/** More than an account has. */
const MAX_WALLETS = 100;

export class ErasureQuery {
  @Id('The id of the account, as a confirmation.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', {
    input: 'optional',
  })
  confirm?: string;

  @Matching(
    'Wallets that are lost with their money, as GET /v1/me/erasure names them: ids joined by commas.',
    '0199a3c6-7f2e-7bd1-9d0c-3f5f0f2f6a11',
    {
      input: 'optional',
      pattern: new RegExp(`^${UUID}(?:,${UUID}){0,${MAX_WALLETS - 1}}$`),
      message: `must be at most ${MAX_WALLETS} ids of wallets, joined by commas`,
    },
  )
  forfeitWallets?: string;
}
