import { Injectable } from '@nestjs/common';
import { SecretDigestWork, type SealedSecret } from '@countersign/applications';
import { BringsToActiveKey } from '@countersign/keys';

@Injectable()
@BringsToActiveKey()
export class RapidpaceSecretDigestWork extends SecretDigestWork {
  protected readonly kind = 'rapidpace-secret';
  protected readonly owners = 'rapidpace_secrets';
  protected readonly column = 'secret';

  protected partsOf(secret: string, { applicationId }: SealedSecret): readonly string[] {
    return [applicationId, secret];
  }
}
