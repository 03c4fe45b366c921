import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type AuditRecord, AuditService, type NewEvent, Outbox, personActor } from '@countersign/audit';
import { together } from '@countersign/database';
import {
  SessionsService,
  toPrincipal,
  type IssuedPair,
  type OpenedSession,
  type Principal,
  type UnopenedSession,
  type SessionOpening,
  sessionEvents,
  sessionSettings,
} from '@countersign/sessions';
import {
  IdentitiesService,
  UsersService,
  weakestOf,
  type Assurance,
  type FoundUser,
  type LockedUser,
  isFirstProof,
  type IdentityTrust,
  userEvents,
} from '@countersign/users';
import type { VerifiedSignIn } from '../doors/door';
import type { Additions } from './sign-in-hooks';
import { isOfAllowedBot, trailOf, type VerifiedProof } from '../proof/verified-proof';

/**
 * The first proof that the platform signed gives an account that a weaker proof created to the genuine person. Sessions
 * of weaker proofs end, so that a forger keeps nothing.
 */
@Injectable()
export class FirstProofs {
  constructor(
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
  ) {}

  async apply(
    tx: EntityManager,
    user: LockedUser,
    person: IdentityTrust & Pick<FoundUser, 'identityId'>,
    proof: VerifiedProof,
  ): Promise<void> {
    if (!isFirstProof(person, proof)) return;
    await this.sessions.endOutranked(tx, { userId: user.userId, identityId: person.identityId });
    await this.users.setProven(tx, user);
  }
}

export interface OpenedSignIn {
  readonly kind: 'opened';
  readonly issued: IssuedPair;
  readonly principal: Principal;
  readonly isNewUser: boolean;
  readonly isErasureCancelled: boolean;
  readonly additions?: Additions | undefined;
}

export const NOTHING_ELSE = {
  kind: 'opened',
  isNewUser: false,
  isErasureCancelled: false,
} as const;

export interface SignInOpening {
  readonly signIn: VerifiedSignIn;
  readonly user: FoundUser;
  readonly newSession: UnopenedSession;
}

@Injectable()
export class SignInOpenings {
  constructor(
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
  ) {}

  async open<S extends SignInOpening>(
    tx: EntityManager,
    group: readonly S[],
  ): Promise<readonly { readonly opening: S; readonly outcome: OpenedSignIn }[]> {
    if (group.length === 0) return [];
    const created = group.filter(({ user }) => user.isNew);
    const returning = group.filter(({ user }) => !user.isNew);
    const [opened] = await together(
      this.sessions.open(tx, group.map(openingOf)),
      this.users.noteSeen(
        tx,
        group.map(({ signIn, user }) => ({ user, applicationId: signIn.application.id })),
      ),
      this.audit.recordAll(tx, userEvents.userCreated, created.map(recordOf)),
      this.audit.recordAll(tx, sessionEvents.opened, returning.map(recordOf)),
      // One statement per type. They are sent and run in this order.
      this.outbox.add(tx, userEvents.userCreated, created.map(toUserCreated)),
      this.outbox.add(tx, sessionEvents.opened, group.map(toSessionOpened)),
    );
    for (const { signIn, user } of created) {
      const { provider, applicationId } = signIn.proof;
      await this.identities.announce(tx, { identityId: user.identityId, provider, applicationId });
    }
    return opened.map(openedBy);
  }
}

export function eventOf(
  { proof, application }: VerifiedSignIn,
  user: FoundUser,
  sessionId: string,
): AuditRecord {
  return {
    actor: personActor(user.auditPseudonym),
    applicationId: application.id,
    subject: sessionId,
    details: { ...trailOf(proof), assurance: sessionAssurance(proof, user) },
  };
}

function recordOf({ signIn, user, newSession }: SignInOpening): AuditRecord {
  return eventOf(signIn, user, newSession.sessionId);
}

function toUserCreated({ signIn, user, newSession }: SignInOpening): NewEvent<typeof userEvents.userCreated> {
  const { userId, identityId } = user;
  const { id: applicationId } = signIn.application;
  const data = { userId, identityId, applicationId, sessionId: newSession.sessionId };
  return { data, applicationIds: [applicationId] };
}

function toSessionOpened({ signIn, user, newSession }: SignInOpening): NewEvent<typeof sessionEvents.opened> {
  const { userId, identityId } = user;
  const { proof, application } = signIn;
  const data = {
    userId,
    sessionId: newSession.sessionId,
    applicationId: application.id,
    identityId,
    assurance: sessionAssurance(proof, user),
    door: proof.door,
  };
  return { data, applicationIds: [application.id] };
}

/** A proof counts for at most the cap of the identity that it names. */
function sessionAssurance(proof: VerifiedProof, { cap }: FoundUser): Assurance {
  return weakestOf(proof.assurance, cap);
}

function openingOf<S extends SignInOpening>(of: S): SessionOpening & { readonly of: S } {
  const { signIn, user, newSession } = of;
  const { proof, application, deviceName, deviceKeyThumbprint } = signIn;
  return {
    of,
    newSession,
    applicationId: application.id,
    user,
    identityId: user.identityId,
    botRowId: proof.botRowId,
    assurance: sessionAssurance(proof, user),
    isOfAllowedBot: isOfAllowedBot(proof),
    door: proof.door,
    proofMadeAt: user.isDoubtful === true ? null : proof.madeAt,
    scopes: application.settings.scopes,
    deviceKeyThumbprint: deviceKeyThumbprint ?? null,
    policy: sessionSettings.of(application.settings),
    deviceName: deviceName ?? null,
  };
}

function openedBy<S extends SignInOpening>({
  opening: { of: opening },
  session,
  issued,
}: OpenedSession<SessionOpening & { readonly of: S }>) {
  const principal = toPrincipal(session);
  if (!principal) throw new Error('a session was opened for a door that is off');
  return { opening, outcome: { ...NOTHING_ELSE, issued, principal, isNewUser: opening.user.isNew } };
}
