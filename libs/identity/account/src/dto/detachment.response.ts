import { Id } from '@countersign/http';

export class DetachmentResponse {
  @Id('The new account, with only this identity.', '0199a3c6-8a11-7c50-9d5e-0d6b1f2a3c44')
  userId: string;

  @Id('The identity that was taken out.')
  identityId: string;
}
