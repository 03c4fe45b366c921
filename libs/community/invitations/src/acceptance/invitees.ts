import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService } from '@countersign/applications';
import type { VerifiedSignIn } from '@countersign/auth';
import { Clock, plusSeconds } from '@countersign/clock';
import { AccountReach, SessionsService, type Principal } from '@countersign/sessions';
import { UsersService, type Identity } from '@countersign/users';
import type { Invitee } from './invitee';
import { userIdRecipient, usernameRecipient, type Recipient } from '../recipient';

/** Usernames change hands. */
const USERNAME_SECONDS = 24 * 3_600;

/** Finds the recipients that a person has proven to be. */
@Injectable()
export class Invitees {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly reach: AccountReach,
    private readonly clock: Clock,
  ) {}

  /**
   * By the identities that the session sees. The username counts of the identity that opened it, where that was within
   * the last 24 hours and the application reads usernames.
   * @throws AppError user.not_found
   */
  async ofSession(manager: EntityManager, caller: Principal): Promise<Invitee> {
    const isAtLevel = await this.reach.of(caller);
    const { identities } = await this.users.getById(caller.userId, manager);
    const own = identities.filter(isOfTelegram).filter(({ id }) => isAtLevel || id === caller.identityId);
    const ids = own.map(({ subject }) => userIdRecipient(subject));
    const username = own.find(({ id }) => id === caller.identityId)?.profile.username ?? null;
    const isFresh = await this.hasFreshUsername(manager, caller);
    return {
      recipients: isFresh && username !== null ? [...ids, usernameRecipient(username)] : ids,
      isUsernameDoubtful: !isFresh && own.length > 0,
    };
  }

  /** By the proof alone. */
  ofProof({ proof }: VerifiedSignIn): Invitee {
    if (!isOfTelegram(proof)) return { recipients: [], isUsernameDoubtful: false };
    const { subject, profile, madeAt } = proof;
    const isFresh = madeAt !== null && madeAt >= this.since();
    const recipients: Recipient[] = [userIdRecipient(subject)];
    if (isFresh && profile.username) recipients.push(usernameRecipient(profile.username));
    return { recipients, isUsernameDoubtful: !isFresh };
  }

  private async hasFreshUsername(manager: EntityManager, caller: Principal): Promise<boolean> {
    const { settings } = await this.applications.getByIdWithin(manager, caller.applicationId);
    if (!settings.dataNeeds.includes('username')) return false;
    const session = await this.sessions.findById(manager, caller.sessionId);
    return session !== null && session.createdAt >= this.since();
  }

  private since(): Date {
    return plusSeconds(this.clock.now(), -USERNAME_SECONDS);
  }
}

function isOfTelegram({ provider, environment }: Pick<Identity, 'provider' | 'environment'>): boolean {
  return provider === 'telegram' && environment === 'production';
}
