import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { AllowedOrigins, ApplicationsService } from '@countersign/applications';
import { Clock } from '@countersign/clock';
import type { Principal } from '@countersign/sessions';
import { userError, UsersService, type KnownPerson } from '@countersign/users';
import { authError } from '../auth.errors';
import { assertReliable } from '../doors/door';
import { Newcomers } from '../newcomers';
import { InitDataVerifier } from '../telegram/init-data-verifier';
import type { VerifiedProof } from '../verified-proof';

/** Who is asking: behind a session, or with init data alone. */
export type Requester = Omit<Principal, 'sessionId'> & { readonly sessionId: string | null };

/**
 * `Authorization: tma <init data>`: init data as the credential of one request. It opens no session and uses nothing up,
 * so it has an age limit of its own, and ends with "end all sessions".
 *
 * @see https://docs.openweb3.io/reference/launch-parameters, "Sending to Server"
 */
@Injectable()
export class PerRequestInitData {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly origins: AllowedOrigins,
    private readonly verifier: InitDataVerifier,
    private readonly newcomers: Newcomers,
    private readonly users: UsersService,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError with the code of the first rule that fails */
  async authenticate(
    initData: string,
    applicationId: unknown,
    origin: string | undefined,
  ): Promise<Requester> {
    if (typeof applicationId !== 'string' || !isUUID(applicationId))
      throw authError('auth.application_missing');
    const application = await this.applications.getById(applicationId.toLowerCase());
    const { perRequestInitData, deviceKey } = application.settings;
    const { accept, maxAge } = perRequestInitData;
    // Init data is good for whoever holds it, which an application that asks for device keys does not want.
    if (!accept || deviceKey.required) throw authError('auth.per_request_refused');

    const proof = await this.verifier.identify(application.id, initData, maxAge);
    assertReliable(application, proof);
    await this.origins.assertAllowed(application.id, origin);
    const person =
      (await this.users.findByClaim(proof)) ?? (await this.newcomers.getOrCreate(application, proof));
    if (person.status !== 'active') throw userError('user.deactivated');
    if (isOutdated(proof, person)) throw authError('auth.proof_outdated');
    return {
      sessionId: null,
      userId: person.userId,
      applicationId: application.id,
      identityId: person.identityId,
      assurance: proof.assurance,
      door: proof.door,
      authenticatedAt: this.clock.now(),
      scopes: application.settings.scopes,
    };
  }
}

/** Init data counts whole seconds: one that was made in the second of the end may be newer. */
function isOutdated({ madeAt }: VerifiedProof, { authNotBefore }: KnownPerson): boolean {
  if (!authNotBefore) return false;
  return madeAt === null || madeAt.getTime() < Math.floor(authNotBefore.getTime() / 1000) * 1000;
}
