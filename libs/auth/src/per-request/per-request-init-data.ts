import { Injectable } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { ApplicationsService, type Application } from '@countersign/applications';
import { AuditService, personActor } from '@countersign/audit';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { userError, UsersService, type KnownPerson } from '@countersign/users';
import { authError } from '../auth.errors';
import { assertReliable } from '../doors/door';
import { neededFields } from '../sign-in.service';
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
    private readonly verifier: InitDataVerifier,
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly audit: AuditService,
  ) {}

  /** @throws AppError with the code of the first rule that fails */
  async authenticate(initData: string, applicationId: unknown): Promise<Requester> {
    if (typeof applicationId !== 'string' || !isUUID(applicationId))
      throw authError('auth.application_missing');
    const application = await this.applications.getById(applicationId.toLowerCase());
    const { accept, maxAge } = application.settings.perRequestInitData;
    if (!accept) throw authError('auth.per_request_refused');

    const proof = await this.verifier.identify(application.id, initData, maxAge);
    assertReliable(application, proof);
    const person = (await this.users.findByClaim(proof)) ?? (await this.create(application, proof));
    if (person.status === 'deactivated') throw userError('user.deactivated');
    if (isOutdated(proof, person)) throw authError('auth.proof_outdated');
    return {
      sessionId: null,
      userId: person.userId,
      applicationId: application.id,
      identityId: person.identityId,
      assurance: proof.assurance,
      scopes: application.settings.scopes,
    };
  }

  /** The first request of a person is their sign-up. */
  private async create(application: Application, proof: VerifiedProof): Promise<KnownPerson> {
    await this.audit.prepare();
    return this.database.transaction(async (tx) => {
      const user = await this.users.findOrCreate(tx, proof, neededFields(application));
      if (user.isNew)
        await this.audit.record(tx, 'user.created', {
          actor: personActor(user.auditPseudonym),
          applicationId: application.id,
          details: {
            provider: proof.provider,
            environment: proof.environment,
            assurance: proof.assurance,
          },
        });
      return { ...user, authNotBefore: null };
    });
  }
}

/** Init data counts whole seconds: one that was made in the second of the end may be newer. */
function isOutdated({ madeAt }: VerifiedProof, { authNotBefore }: KnownPerson): boolean {
  if (!authNotBefore) return false;
  return madeAt === null || madeAt.getTime() < Math.floor(authNotBefore.getTime() / 1000) * 1000;
}
