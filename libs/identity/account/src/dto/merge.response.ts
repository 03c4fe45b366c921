import { Id } from '@countersign/http';

export class MergeResponse {
  @Id('The account that is left: the caller’s.', '0199a3c6-7f2d-74c1-b1a5-6f9f0e3d2c10')
  userId: string;

  @Id('The account that was merged into it. Its id stays an alias.', '0199a3c6-8a11-7c50-9d5e-0d6b1f2a3c44')
  mergedUserId: string;
}
