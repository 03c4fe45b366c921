import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { ClientSecrets } from '@countersign/applications';
import { readBasic } from '@countersign/http';
import { oauthError } from './oauth.errors';

/** Identifies the calling application by one of its client secrets. */
@Injectable()
export class ClientAuthenticator {
  constructor(private readonly secrets: ClientSecrets) {}

  /**
   * The id of the application that authenticates with HTTP Basic. The same error for all failures, whether
   * the application exists or not.
   * @throws AppError client.unauthenticated
   */
  async authenticate(authorization: string | undefined): Promise<string> {
    const presented = readBasic(authorization ?? '');
    if (!presented || !isUUID(presented.clientId)) throw oauthError('client.unauthenticated');
    const applicationId = presented.clientId.toLowerCase();
    if (!(await this.secrets.verify(applicationId, presented.clientSecret)))
      throw oauthError('client.unauthenticated');
    return applicationId;
  }
}
