import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Environment } from '@countersign/applications';
import { AuditService, operator, personActor, type AuditRecord } from '@countersign/audit';
import { blindIndexes, fieldBlindIndexes, KeyRing, type BlindIndex } from '@countersign/crypto';
import { Database } from '@countersign/database';
import { NeedsFormerKey, type UntreatedRows } from '@countersign/keys';
import { assertAllowed, RateLimits } from '@countersign/http';
import { SessionsService } from '@countersign/sessions';
import { Installation, normalizePlatformUsername, UserLookup, type LookedUp } from '@countersign/users';
import { accountError } from '../account.errors';
import { accountEvents } from '../account.feature';

export interface KnownIdentities {
  readonly by: string;
  /** Null for any. */
  readonly environment: Environment | null;
  /** What the audit trail has a keyed digest of. */
  readonly digested: readonly string[];
  readonly identities: Parameters<UserLookup['bySubjects']>[1];
}

export type KnownOfUser =
  | { readonly sessionId: string }
  | { readonly userId: string }
  | { readonly username: string }
  | KnownIdentities;

/** Of one principal: with unlimited look-ups it could find out which people of a long list have accounts. */
export const LOOKUPS = { name: 'user-lookups', limit: 600, window: 3_600 };

/** A miss runs the same statements as a hit. The id that was given could be one of an account. */
const NO_USER_ID = '00000000-0000-0000-0000-000000000000';

@Injectable()
@NeedsFormerKey({ purpose: 'index' })
export class UserLookups {
  constructor(
    private readonly database: Database,
    private readonly lookup: UserLookup,
    private readonly installation: Installation,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
    private readonly keyRing: KeyRing,
    private readonly limits: RateLimits,
  ) {}

  /**
   * Recorded in the audit trail, also a miss, which runs the same statements.
   * @returns the ids of accounts
   */
  async find(known: KnownOfUser, principalId: string): Promise<readonly string[]> {
    assertAllowed(await this.limits.consume(LOOKUPS, [principalId]));
    return this.database.transaction(async (tx) => {
      const [found, record] = await this.look(tx, known);
      const details = { ...record.details, isFound: String(found.length > 0) };
      await this.audit.record(tx, accountEvents.userLookedUp, { actor: operator(), ...record, details });
      return found.map(({ userId }) => userId);
    });
  }

  untreatedRows(): Promise<UntreatedRows> {
    return Promise.resolve({
      rows: 'digests of look-ups (audit_records)',
      count: null,
      lasts: 'until the records are dropped, `AUDIT_RETENTION_DAYS` after the look-ups',
    });
  }

  /**
   * An id of a platform is recorded as a keyed digest, and not beside the pseudonym: after an erasure the two would still
   * connect. The pseudonym stands for the id of an account.
   */
  private async look(
    tx: EntityManager,
    known: KnownOfUser,
  ): Promise<readonly [found: readonly LookedUp[], record: Omit<AuditRecord, 'actor'>]> {
    if ('username' in known) {
      const { usernameLookup } = await this.installation.read(tx);
      if (!usernameLookup) throw accountError('user.lookup_off');
      const found = await this.lookup.byUsername(tx, known.username);
      const name = normalizePlatformUsername(known.username);
      // Not a digest of the table: beside that one, the record would connect to its person.
      const digest = textOf(fieldBlindIndexes(this.keyRing, 'users.lookup.username', name));
      return [found, { details: { by: 'username', digest } }];
    }
    if ('identities' in known) {
      const { by, environment, digested, identities } = known;
      const found = await this.lookup.bySubjects(tx, identities);
      const digest = textOf(blindIndexes(this.keyRing, 'users.lookup', [by, ...digested]));
      return [found, { details: { by, ...(environment === null ? {} : { environment }), digest } }];
    }
    if ('userId' in known) {
      const found = await this.lookup.byId(tx, known.userId);
      const [user] = found;
      const subject = user ? personActor(user.auditPseudonym) : known.userId;
      return [found, { subject, details: { by: 'userId' } }];
    }
    const { sessionId } = known;
    const session = await this.sessions.findById(tx, sessionId);
    const found = await this.lookup.byId(tx, session?.userId ?? NO_USER_ID);
    return [found, { subject: sessionId, details: { by: 'sessionId' } }];
  }
}

function textOf([index]: readonly BlindIndex[]): string {
  return index?.digest.toString('base64url') ?? '';
}
