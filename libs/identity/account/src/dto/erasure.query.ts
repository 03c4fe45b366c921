import { Id } from '@countersign/http';

export class ErasureQuery {
  @Id('The id of the account, as a confirmation.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10', {
    input: 'optional',
  })
  confirm?: string;
}
