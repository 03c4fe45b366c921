import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import { Database } from '@countersign/database';
import { IdentitiesService, UsersService, type FoundUser, userEvents } from '@countersign/users';
import type { VerifiedSignIn } from '../doors/door';
import { FirstProofs } from './sign-in-openings';
import { PendingErasures } from './pending-erasures';
import { neededFields } from '../proof/verified-proof';
import { SignInHooks } from './sign-in-hooks';

/** Creates accounts without a session: registered by a vendor, or with init data per request. */
@Injectable()
export class NewUsers {
  constructor(
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly firstProofs: FirstProofs,
    private readonly erasures: PendingErasures,
    private readonly hooks: SignInHooks,
    private readonly audit: AuditService,
  ) {}

  /**
   * Does not consume the proof. The first proof that the platform signed ends the sessions of weaker proofs.
   * @param work runs in the same transaction
   */
  async getOrCreate(
    { application, proof, consume }: VerifiedSignIn,
    work?: (tx: EntityManager, user: FoundUser) => Promise<void>,
  ): Promise<FoundUser> {
    return this.database.transaction(async (tx) => {
      await consume?.(tx);
      const wanted = { claim: proof, needed: neededFields(application) };
      const user = (await this.users.findOrCreate(tx, [wanted])).get(wanted);
      if (!user) throw new Error('an account was neither found nor created');
      await this.erasures.assertOpen(user, tx);
      if (user.isNew) {
        const { userId, identityId } = user;
        const { id: applicationId } = application;
        const { provider, environment, assurance } = proof;
        await this.audit.record(tx, userEvents.userCreated, {
          actor: personActor(user.auditPseudonym),
          applicationId,
          details: { provider, environment, assurance },
          event: { userId, identityId, applicationId },
        });
        await this.identities.announce(tx, { identityId, provider, applicationId });
      }
      await work?.(tx, user);
      await this.firstProofs.apply(tx, user, user, proof);
      return user;
    });
  }

  /** Like `getOrCreate`, but at a first visit the hooks of sign-ins run. */
  async visit(signIn: VerifiedSignIn): Promise<FoundUser> {
    return this.getOrCreate(signIn, async (tx, user) => {
      const matching = await this.hooks.matchingOf(tx, [{ signIn, user }]);
      const first = matching.filter(({ isFirstInApplication }) => isFirstInApplication);
      if (first.length === 0) return;
      const refusal = (await this.hooks.check(tx, first)).get(signIn);
      if (refusal) throw refusal;
      await this.users.noteSeen(tx, [{ user, applicationId: signIn.application.id }]);
      await this.hooks.apply(tx, first);
    });
  }
}
