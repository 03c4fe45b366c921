import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { ClientSecrets } from '@countersign/applications';
import { readBasic } from './basic-credentials';
import { oauthError } from './oauth.errors';

/** Tells which application is calling, by one of its client secrets. */
@Injectable()
export class ClientAuthenticator {
  constructor(private readonly secrets: ClientSecrets) {}

  /**
   * The id of the application that authenticates itself with HTTP Basic. One answer for everything that is not right,
   * whether there is such an application or not.
   * @throws AppError client.unauthenticated
   */
  async authenticate(authorization: string | undefined): Promise<string> {
    const presented = readBasic(authorization ?? '');
    if (!presented || !isUUID(presented.applicationId)) throw oauthError('client.unauthenticated');
    const applicationId = presented.applicationId.toLowerCase();
    if (!(await this.secrets.verify(applicationId, presented.clientSecret)))
      throw oauthError('client.unauthenticated');
    return applicationId;
  }
}
