import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Environment } from '@countersign/applications';
import { AuditService, personActor, type AuditRecord } from '@countersign/audit';
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
  /** Null for any environment. */
  readonly environment: Environment | null;
  /** The audit trail stores a keyed digest of these values. */
  readonly digested: readonly string[];
  readonly identities: Parameters<UserLookup['bySubjects']>[1];
}

export type KnownOfUser =
  | { readonly sessionId: string }
  | { readonly userId: string }
  | { readonly username: string }
  | KnownIdentities;

/** The limit of one principal. Unlimited look-ups would show which people of a long list have accounts. */
export const LOOKUPS = { name: 'user-lookups', limit: 600, window: 3_600 };

/** A miss runs the same statements as a hit, with this id. The given id could belong to an account. */
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

  /** Records each look-up in the audit trail, a miss too. @returns the ids of accounts */
  async find(known: KnownOfUser, principalId: string): Promise<readonly string[]> {
    assertAllowed(await this.limits.consume(LOOKUPS, [principalId]));
    return this.database.transaction(async (tx) => {
      const [found, record] = await this.look(tx, known);
      const details = { ...record.details, isFound: String(found.length > 0) };
      await this.audit.recordByOperator(tx, accountEvents.userLookedUp, { ...record, details });
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

  /** Records a platform id as a keyed digest or an account as its pseudonym: both would connect after an erasure. */
  private async look(
    tx: EntityManager,
    known: KnownOfUser,
  ): Promise<readonly [found: readonly LookedUp[], record: Omit<AuditRecord, 'actor'>]> {
    if ('username' in known) {
      const { usernameLookup } = await this.installation.read(tx);
      if (!usernameLookup) throw accountError('user.lookup_off');
      const found = await this.lookup.byUsername(tx, known.username);
      const name = normalizePlatformUsername(known.username);
      // The digest of the table would connect this record to its person.
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
