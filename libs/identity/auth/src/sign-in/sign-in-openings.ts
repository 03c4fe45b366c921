import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor, type AuditEvent } from '@countersign/audit';
import { NotTogether, together } from '@countersign/database';
import { Outbox, type NewEvent } from '@countersign/events';
import {
  SessionsService,
  type IssuedPair,
  type OpenedSession,
  type Principal,
  type Session,
  type SessionDraft,
  type SessionOpening,
} from '@countersign/sessions';
import {
  IdentitiesService,
  UsersService,
  weakestOf,
  type Assurance,
  type FoundUser,
  type Visit,
} from '@countersign/users';
import type { VerifiedSignIn } from '../doors/door';
import type { Additions } from './sign-in-hooks';
import { isOfAllowedBot, type VerifiedProof } from '../proof/verified-proof';

/** The result of a sign-in. */
export interface Entered {
  readonly kind: 'entered';
  readonly issued: IssuedPair;
  readonly principal: Principal;
  readonly isNewUser: boolean;
  /** Sessions whose tokens this sign-in invalidated. */
  readonly outdated: readonly string[];
  /** It cancelled the erasure of the account. */
  readonly isErasureCancelled: boolean;
  /** What hooks of other modules add to the answer. */
  readonly additions?: Additions;
}

/** A user for whom a session is to be opened. */
export interface Entering {
  readonly signIn: VerifiedSignIn;
  readonly user: FoundUser;
  readonly draft: SessionDraft;
}

/** Opens sessions for verified proofs, audits them, and adds their events. */
@Injectable()
export class SignInOpenings {
  constructor(
    private readonly sessions: SessionsService,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly audit: AuditService,
    private readonly outbox: Outbox,
  ) {}

  /** @throws AppError bot.* when the bot changed since the proof was verified */
  async open(tx: EntityManager, entering: Entering): Promise<Entered> {
    const { signIn, user, draft } = entering;
    const [opened] = await together(
      this.sessions.open(tx, draft, openingOf(entering)),
      this.users.noteSeen(tx, [visitOf(entering)]),
      this.audit.record(
        tx,
        user.isNew ? 'user.created' : 'session.opened',
        eventOf(signIn, user, draft.sessionId),
      ),
      this.addEvents(tx, [entering]),
    );
    if (user.isNew) await this.tellIdentity(tx, entering);
    await this.recordEvicted(tx, [{ entering, opened }]);
    return enteredBy(entering, opened);
  }

  /** Like `open` for different people. @throws NotTogether when the bot of one of them changed */
  async openAll(tx: EntityManager, group: readonly Entering[]): Promise<readonly Entered[]> {
    if (group.length === 0) return [];
    const events = (isNew: boolean): readonly AuditEvent[] =>
      group
        .filter(({ user }) => user.isNew === isNew)
        .map(({ signIn, user, draft }) => eventOf(signIn, user, draft.sessionId));
    const [opened] = await together(
      this.sessions.openAll(
        tx,
        group.map((entering) => ({ draft: entering.draft, opening: openingOf(entering) })),
        false,
      ),
      this.users.noteSeen(tx, group.map(visitOf)),
      this.audit.recordAll(tx, 'user.created', events(true)),
      this.audit.recordAll(tx, 'session.opened', events(false)),
      this.addEvents(tx, group),
    );
    const openings = group.map((entering, index) => {
      const session = opened[index];
      // Its bot has changed since: the sign-in on its own gives the error.
      if (!session) throw new NotTogether();
      return { entering, opened: session };
    });
    await this.recordEvicted(tx, openings);
    return openings.map(({ entering, opened: session }) => enteredBy(entering, session));
  }

  /** One statement per type. They are sent in this order, and run in it. */
  private async addEvents(tx: EntityManager, group: readonly Entering[]): Promise<void> {
    const created = group.filter(({ user }) => user.isNew);
    await together(
      this.outbox.add(tx, 'user.created', created.map(toUserCreated)),
      this.outbox.add(tx, 'session.opened', group.map(toSessionOpened)),
    );
  }

  /** Not for those of a group: no module stores something beside their identities. */
  private async tellIdentity(tx: EntityManager, { signIn, user }: Entering): Promise<void> {
    const { provider, applicationId } = signIn.proof;
    await this.identities.announce(tx, { identityId: user.identityId, provider, applicationId });
  }

  private async recordEvicted(
    tx: EntityManager,
    openings: readonly { readonly entering: Entering; readonly opened: OpenedSession }[],
  ): Promise<void> {
    const events = openings.flatMap(({ entering: { signIn }, opened }) =>
      opened.evicted.map((id) => ({
        actor: 'system',
        applicationId: signIn.application.id,
        subject: id,
        details: { reason: 'evicted' },
      })),
    );
    await this.audit.recordAll(tx, 'session.ended', events);
  }
}

/** What the audit trail says of a sign-in. */
export function eventOf(
  { proof, application }: VerifiedSignIn,
  user: FoundUser,
  sessionId: string,
): AuditEvent {
  return {
    actor: personActor(user.auditPseudonym),
    applicationId: application.id,
    subject: sessionId,
    details: {
      provider: proof.provider,
      environment: proof.environment,
      assurance: sessionAssurance(proof, user),
      ...(proof.botId === null ? {} : { botId: proof.botId }),
    },
  };
}

function toUserCreated({ signIn, user, draft }: Entering): NewEvent<'user.created'> {
  const { userId, identityId } = user;
  const { id: applicationId } = signIn.application;
  const data = { userId, identityId, applicationId, sessionId: draft.sessionId };
  return { data, applicationIds: [applicationId] };
}

function toSessionOpened({ signIn, user, draft }: Entering): NewEvent<'session.opened'> {
  const { userId, identityId } = user;
  const { proof, application } = signIn;
  const data = {
    userId,
    sessionId: draft.sessionId,
    applicationId: application.id,
    identityId,
    assurance: sessionAssurance(proof, user),
    ...(proof.door === null ? {} : { door: proof.door }),
  };
  return { data, applicationIds: [application.id] };
}

/** A proof counts for no more than the identity that it names. */
function sessionAssurance(proof: VerifiedProof, { cap }: FoundUser): Assurance {
  return weakestOf(proof.assurance, cap);
}

function visitOf({ signIn, user }: Entering): Visit {
  return { user, applicationId: signIn.application.id };
}

function openingOf({ signIn, user }: Entering): SessionOpening {
  const { proof, application, deviceName, deviceKeyThumbprint } = signIn;
  return {
    applicationId: application.id,
    userId: user.userId,
    identityId: user.identityId,
    botRowId: proof.botRowId,
    assurance: sessionAssurance(proof, user),
    isOfAllowedBot: isOfAllowedBot(proof),
    door: proof.door,
    proofMadeAt: user.isDoubtful === true ? null : proof.madeAt,
    scopes: application.settings.scopes,
    deviceKeyThumbprint,
    policy: application.settings.session,
    deviceName,
    dataKey: user.dataKey,
  };
}

function enteredBy({ signIn, user, draft }: Entering, { issued, evicted, openedAt }: OpenedSession): Entered {
  const { proof, application } = signIn;
  const session = {
    id: draft.sessionId,
    applicationId: application.id,
    assurance: sessionAssurance(proof, user),
    isOfAllowedBot: isOfAllowedBot(proof),
    door: proof.door,
    authenticatedAt: openedAt,
    scopes: application.settings.scopes,
  };
  return {
    kind: 'entered',
    issued,
    principal: principalOf(session, user),
    isNewUser: user.isNew,
    outdated: evicted,
    isErasureCancelled: false,
  };
}

function principalOf(
  session: Pick<Session, 'id' | 'applicationId' | 'assurance' | 'isOfAllowedBot' | 'door' | 'scopes'> &
    Pick<Principal, 'authenticatedAt'>,
  { userId, identityId }: FoundUser,
): Principal {
  const { id: sessionId, applicationId, assurance, isOfAllowedBot, door, authenticatedAt, scopes } = session;
  return {
    sessionId,
    userId,
    applicationId,
    identityId,
    assurance,
    isOfAllowedBot,
    door,
    authenticatedAt,
    scopes,
  };
}
