import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Environment } from '@countersign/applications';
import { AuditService, operator, personActor, type AuditEvent } from '@countersign/audit';
import { blindIndexes, fieldBlindIndexes, KeyRing } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { SessionsService } from '@countersign/sessions';
import {
  InstallationRepository,
  normalizePlatformUsername,
  UserLookup,
  type LookedUp,
} from '@countersign/users';
import { accountError } from '../account.errors';

/** What an operator knows of identities, in a way that a feature adds. */
export interface KnownIdentities {
  readonly by: string;
  /** Null for any. */
  readonly environment: Environment | null;
  /** What the audit trail has a keyed digest of. */
  readonly digested: readonly string[];
  /** Those that it may be. */
  readonly identities: Parameters<UserLookup['bySubjects']>[1];
}

/** What an operator knows of an account. */
export type KnownOfUser =
  | { readonly telegramId: string; readonly environment: Environment }
  | { readonly openweb3Id: string; readonly environment: Environment }
  | { readonly sessionId: string }
  | { readonly userId: string }
  | { readonly username: string }
  | KnownIdentities;

type KnownById = Exclude<KnownOfUser, { readonly username: string } | KnownIdentities>;

/** A miss runs the same statements as a hit. The id that was given could be one of an account. */
const NO_USER_ID = '00000000-0000-0000-0000-000000000000';

/** Finds accounts for operators. */
@Injectable()
export class UserLookups {
  constructor(
    private readonly database: Database,
    private readonly lookup: UserLookup,
    private readonly installation: InstallationRepository,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly keyRing: KeyRing,
  ) {}

  /**
   * Recorded in the audit trail, also a miss, which runs the same statements.
   * @returns the ids of accounts
   * @throws AppError user.lookup_off
   */
  async find(known: KnownOfUser): Promise<readonly string[]> {
    return this.database.transaction(async (tx) => {
      if ('username' in known) return this.findHolders(tx, known.username);
      if ('identities' in known) return this.findByIdentities(tx, known);
      const found = await this.read(tx, known);
      await this.audit.record(tx, 'user.looked_up', this.eventOf(known, found));
      return found ? [found.userId] : [];
    });
  }

  private async findHolders(tx: EntityManager, username: string): Promise<readonly string[]> {
    const { usernameLookup } = await this.installation.read(tx);
    if (!usernameLookup) throw accountError('user.lookup_off');
    const holders = await this.lookup.byUsername(tx, username);
    await this.audit.record(tx, 'user.looked_up', {
      actor: operator(),
      details: {
        by: 'username',
        digest: this.usernameDigestOf(username),
        isFound: String(holders.length > 0),
      },
    });
    return holders.map(({ userId }) => userId);
  }

  private async findByIdentities(tx: EntityManager, known: KnownIdentities): Promise<readonly string[]> {
    const { by, environment, digested, identities } = known;
    const found = await this.lookup.bySubjects(tx, identities);
    await this.audit.record(tx, 'user.looked_up', {
      actor: operator(),
      details: {
        by,
        ...(environment === null ? {} : { environment }),
        digest: this.digestOf(by, ...digested),
        isFound: String(found.length > 0),
      },
    });
    return found.map(({ userId }) => userId);
  }

  private async read(tx: EntityManager, known: KnownById): Promise<LookedUp | null> {
    if ('telegramId' in known)
      return this.lookup.bySubject(tx, { ...known, provider: 'telegram', subject: known.telegramId });
    if ('openweb3Id' in known)
      return this.lookup.bySubject(tx, { ...known, provider: 'openweb3', subject: known.openweb3Id });
    if ('userId' in known) return this.lookup.byId(tx, known.userId);
    const session = await this.sessions.findById(tx, known.sessionId);
    return this.lookup.byId(tx, session?.userId ?? NO_USER_ID);
  }

  /**
   * An id of a platform is recorded as a keyed digest, and not beside the pseudonym: after an erasure the two would still
   * connect. The pseudonym stands for the id of an account.
   */
  private eventOf(known: KnownById, found: LookedUp | null): AuditEvent {
    const actor = operator();
    const isFound = String(found !== null);
    if ('sessionId' in known)
      return { actor, subject: known.sessionId, details: { by: 'sessionId', isFound } };
    if ('userId' in known)
      return found
        ? { actor, subject: personActor(found.auditPseudonym), details: { by: 'userId', isFound } }
        : { actor, subject: known.userId, details: { by: 'userId', isFound } };
    const [by, value] =
      'telegramId' in known ? ['telegramId', known.telegramId] : ['openweb3Id', known.openweb3Id];
    const { environment } = known;
    return { actor, details: { by, environment, digest: this.digestOf(by, environment, value), isFound } };
  }

  /** Not a digest of the table: beside that one, the record would connect to its person. */
  private usernameDigestOf(username: string): string {
    const normalized = normalizePlatformUsername(username);
    const [index] = fieldBlindIndexes(this.keyRing, 'users.lookup.username', normalized);
    return index?.digest.toString('base64url') ?? '';
  }

  private digestOf(...parts: readonly string[]): string {
    const [index] = blindIndexes(this.keyRing, 'users.lookup', parts);
    return index?.digest.toString('base64url') ?? '';
  }
}
