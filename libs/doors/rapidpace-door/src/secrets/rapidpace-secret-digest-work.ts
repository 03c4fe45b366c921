import { Injectable } from '@nestjs/common';
import { SecretDigestWork, type SealedSecret } from '@countersign/applications';
import { KeyRing } from '@countersign/crypto';
import { BringsToActiveKey, DigestedRowsRepository, Digests } from '@countersign/keys';
import { Logger } from '@countersign/observability';

@Injectable()
@BringsToActiveKey()
export class RapidpaceSecretDigestWork extends SecretDigestWork {
  protected readonly digests;
  protected readonly column = 'secret';
  protected readonly rows = new DigestedRowsRepository<SealedSecret>({
    values: 'rapidpace_secrets',
    primaryKey: 'id',
    digests: 'digests',
    kind: 'rapidpace-secret',
    owner: 'owner_id',
    columns: 'r.id, r.application_id AS "applicationId", r.secret AS sealed',
    lock: 'KEY SHARE OF r',
  });

  constructor(digests: Digests, keyRing: KeyRing, logger: Logger) {
    super(keyRing, logger);
    this.digests = digests.of('rapidpace-secret', 'rapidpace_secrets');
  }

  protected partsOf(secret: string, { applicationId }: SealedSecret): readonly string[] {
    return [applicationId, secret];
  }
}
