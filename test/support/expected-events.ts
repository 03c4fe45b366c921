import type { EventType } from '@countersign/events';
import type { AuditRecord } from './audit-trail';
import type { TestDatabase } from './test-database';

/** An event without its id, its instant and its place in the order. */
export interface ToldEvent {
  readonly type: EventType;
  readonly subject: string;
  readonly applicationIds: readonly string[] | null;
  readonly data: Readonly<Record<string, string | boolean>>;
}

type Row = Readonly<Record<string, string | null | undefined>>;
type Rows = ReadonlyMap<string, Row>;

/** The rows that events are about, by their keys. Every column is text. */
const tables = {
  users: `SELECT id AS key, status, 'user:' || audit_pseudonym AS name FROM users`,
  aliases: 'SELECT id AS key, user_id AS "userId" FROM user_aliases',
  erasures: `SELECT user_id AS key, kind || requested_at || erase_at AS request, reason,
    to_char(erase_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "erasesAt" FROM user_erasures`,
  identities: 'SELECT id AS key, user_id AS "userId", provider, environment FROM identities',
  wallets: `SELECT id AS key, user_id AS "userId", identity_id AS "identityId", kind, provider, environment,
    (kind = 'linked')::text AS "canSignIn", coalesce(label, '') AS label, is_primary::text AS "isPrimary" FROM wallets`,
  frozen: `SELECT a.id AS key, a.subject AS "walletId", user_id AS "userId"
    FROM audit_records a JOIN wallets ON wallets.id::text = a.subject WHERE action = 'wallet.frozen'`,
  elsewhere: `SELECT wallet_id AS key, user_id AS "userId" FROM embedded_wallets
    JOIN wallets ON id = wallet_id WHERE used_elsewhere_at IS NOT NULL`,
  exportRequests: `SELECT wallet_acts.id AS key, user_id AS "userId", wallet_id AS "walletId" FROM wallet_acts
    JOIN wallets ON wallets.id = wallet_id WHERE act = 'export'`,
  exports: `SELECT wallet_acts.id AS key, user_id AS "userId", wallet_id AS "walletId" FROM wallet_acts
    JOIN wallets ON wallets.id = wallet_id WHERE act = 'export' AND wallet_acts.done_at IS NOT NULL`,
  sends: `SELECT sends.id AS key, wallets.user_id AS "userId", wallet_id AS "walletId", sends.application_id AS "applicationId", state,
    (SELECT kind FROM send_versions WHERE send_id = sends.id ORDER BY number DESC LIMIT 1) AS "lastKind"
    FROM sends JOIN wallets ON wallets.id = wallet_id`,
  visits: `SELECT user_id || ' ' || application_id AS key, user_id AS "userId", application_id AS "applicationId"
    FROM user_applications`,
  sessions: `SELECT id AS key, user_id AS "userId", application_id AS "applicationId", identity_id AS "identityId",
    assurance, door, end_reason AS "endReason", step_up_expires_at::text AS "stepUp" FROM sessions`,
  grants: `SELECT step_ups.id AS key, user_id AS "userId", application_id AS "applicationId", session_id AS "sessionId"
    FROM step_ups JOIN sessions ON sessions.id = session_id WHERE code_digest IS NOT NULL`,
  profiles: 'SELECT user_id AS key, updated_at::text AS at FROM profiles',
  preferences: `SELECT user_id || ' ' || application_id AS key, user_id AS "userId",
    application_id AS "applicationId", updated_at::text AS at FROM profile_preferences`,
  invitations: `SELECT id AS key, team_id AS "teamId", application_id AS "applicationId", inviter_id AS "userId", role,
    revoke_reason AS reason FROM team_invitations`,
  invitationUses: `SELECT invitation_id || ' ' || user_id AS key, invitation_id AS "invitationId", user_id AS "userId"
    FROM invitation_uses`,
  referrals: `SELECT own.id::text AS key, own.user_id AS "userId", referrer.user_id AS "referrerId",
    own.application_id AS "applicationId", own.source
    FROM referral_nodes own JOIN referral_nodes referrer ON referrer.id = own.parent_id`,
  listings: `SELECT id AS key, application_id AS "applicationId", published_at::text AS "publishedAt",
    hidden_at::text AS "hiddenAt", concat_ws(' ', name, description, team_id) AS shown FROM listings`,
  seasons: `SELECT seasons.id AS key, board_id AS "boardId", application_id AS "applicationId", closed_at::text AS "closedAt"
    FROM board_seasons seasons JOIN boards ON boards.id = board_id`,
  applications: 'SELECT id AS key, updated_at::text AS at FROM applications',
  bots: 'SELECT id AS key, application_id AS "applicationId", token, updated_at::text AS at FROM bots',
  secrets: 'SELECT id AS key, application_id AS "applicationId" FROM client_secrets',
  keys: 'SELECT id AS key FROM identity_keys',
  teams: `SELECT id AS key, application_id AS "applicationId", owner_id AS "ownerId",
    updated_at::text || name || coalesce(description, '') AS shown FROM teams`,
  members: `SELECT team_id || ' ' || user_id AS key, team_id AS "teamId", user_id AS "userId", role,
    application_id AS "applicationId" FROM team_members`,
} as const;
type Table = keyof typeof tables;

/** What the database holds at one moment. */
export type State = Readonly<Record<Table, Rows>>;

/** All tables in one statement. */
const statementOfState = `SELECT ${Object.entries(tables)
  .map(([table, statement]) => `(SELECT coalesce(json_agg(r), '[]') FROM (${statement}) r) AS "${table}"`)
  .join(', ')}`;

export async function stateOf(database: TestDatabase): Promise<State> {
  const [found] =
    await database.query<Record<Table, readonly (Row & { readonly key: string })[]>>(statementOfState);
  if (!found) throw new Error('the state of the tables was not read');
  const entries = Object.entries(found).map(
    ([table, rows]) => [table, new Map(rows.map((row) => [row.key, row]))] as const,
  );
  return Object.fromEntries(entries) as unknown as State;
}

/**
 * The events of what changed between two moments, in no order. Made of the rows alone, so that it knows nothing of the ways
 * in which they change.
 * @param records of the audit trail: they name the application of a new account without a session
 */
export function expectedEvents(
  before: State,
  after: State,
  records: readonly AuditRecord[],
): readonly ToldEvent[] {
  return new Change(before, after, records).events();
}

class Change {
  constructor(
    private readonly before: State,
    private readonly after: State,
    private readonly records: readonly AuditRecord[],
  ) {}

  events(): readonly ToldEvent[] {
    return [
      ...this.ofUsers(),
      ...this.ofReveals(),
      ...this.ofErasures(),
      ...this.ofProfiles(),
      ...this.ofIdentities(),
      ...this.ofWallets(),
      ...this.ofEmbeddedWallets(),
      ...this.ofSends(),
      ...this.ofSessions(),
      ...this.ofInvitations(),
      ...this.ofReferrals(),
      ...this.ofListings(),
      ...this.ofSeasons(),
      ...this.ofApplications(),
      ...this.ofIdentityKeys(),
      ...this.ofTeams(),
      ...this.ofMembers(),
    ];
  }

  private ofUsers(): ToldEvent[] {
    return [
      ...this.added('users')
        .filter(([userId]) => !this.before.aliases.has(userId))
        .map(([userId]) => this.ofNewUser(userId)),
      ...this.added('users').flatMap(([separatedUserId]) => {
        const alias = this.before.aliases.get(separatedUserId);
        if (!alias) return [];
        const userId = text(alias['userId']);
        return [
          event('user.separated', userId, applicationsIn(this.before, userId), { userId, separatedUserId }),
        ];
      }),
      ...this.changed('users', 'status').map(([userId, { status }]) =>
        event('user.status_changed', userId, this.applicationsOf(userId), { userId, status }),
      ),
      ...this.added('aliases').map(([mergedUserId, { userId }]) =>
        event('user.merged', text(userId), this.applicationsOf(text(userId)), {
          userId: text(userId),
          mergedUserId,
        }),
      ),
      ...this.gone('users')
        .filter(([userId]) => !this.after.aliases.has(userId))
        .map(([userId]) => event('user.erased', userId, applicationsIn(this.before, userId), { userId })),
    ];
  }

  /** The rows know nothing of what was read. */
  private ofReveals(): ToldEvent[] {
    return this.records
      .filter(
        ({ actor, action }) =>
          /^(principal|operator):/.test(actor) && /^user\.(revealed|exported)$/.test(action),
      )
      .map(({ actor, subject, details }) => {
        const [userId = ''] = this.rows('users', (row) => row['name'] === subject).map(([id]) => id);
        return event('user.revealed', userId, null, { userId, actor, fields: details['fields'] ?? 'all' });
      });
  }

  private ofNewUser(userId: string): ToldEvent {
    const [identityId = ''] = this.rows('identities', (row) => row['userId'] === userId).map(([id]) => id);
    const former = this.before.identities.get(identityId);
    if (former)
      return event('user.created', userId, this.applicationsOf(text(former['userId'])), {
        userId,
        identityId,
      });
    const [session] = this.rows('sessions', (row) => row['userId'] === userId);
    const recorded = this.records.find(({ action }) => action === 'user.created');
    const applicationId = session ? text(session[1]['applicationId']) : text(recorded?.applicationId);
    const data = { userId, identityId, applicationId, ...(session ? { sessionId: session[0] } : {}) };
    return event('user.created', userId, [applicationId], data);
  }

  private ofErasures(): ToldEvent[] {
    const requested = [...this.added('erasures'), ...this.changed('erasures', 'request')];
    const cancelled = this.gone('erasures').filter(([userId]) => this.after.users.has(userId));
    return [
      ...requested.map(([userId, { erasesAt }]) =>
        event('user.erasure_requested', userId, this.applicationsOf(userId), {
          userId,
          erasesAt: text(erasesAt),
        }),
      ),
      ...cancelled.map(([userId]) =>
        event('user.erasure_cancelled', userId, this.applicationsOf(userId), { userId }),
      ),
    ];
  }

  private ofProfiles(): ToldEvent[] {
    const profiles = [...this.added('profiles'), ...this.changed('profiles', 'at')].map(([userId]) => userId);
    const preferences = [
      ...this.added('preferences'),
      ...this.changed('preferences', 'at'),
      ...this.gone('preferences').filter(([, { userId }]) => this.after.users.has(text(userId))),
    ].filter(([, { userId }]) => !profiles.includes(text(userId)));
    return [
      ...profiles.map((userId) =>
        event('user.profile_changed', userId, this.applicationsOf(userId), { userId }),
      ),
      ...preferences.map(([, { userId, applicationId }]) =>
        event('user.profile_changed', text(userId), [text(applicationId)], { userId: text(userId) }),
      ),
    ];
  }

  private ofIdentities(): ToldEvent[] {
    const told = (type: EventType, identityId: string, { userId, provider, environment }: Row): ToldEvent => {
      const owner = text(userId);
      return event(type, owner, this.applicationsOf(owner), {
        userId: owner,
        identityId,
        provider,
        environment,
      });
    };
    const linked = this.added('identities').filter(([, { userId }]) => this.before.users.has(text(userId)));
    const unlinked = this.gone('identities').filter(([, { userId }]) => this.after.users.has(text(userId)));
    const detached = this.changed('identities', 'userId').filter(
      ([, { userId }]) => !this.before.users.has(text(userId)) && !this.before.aliases.has(text(userId)),
    );
    // With the merge that brought it.
    const separated = this.changed('identities', 'userId').filter(([id]) =>
      this.records.some(({ action, subject }) => action === 'identity.unlinked' && subject === id),
    );
    return [
      ...linked.map(([id, row]) => told('identity.linked', id, row)),
      ...unlinked.map(([id, row]) => told('identity.unlinked', id, row)),
      ...separated.map(([id]) => told('identity.unlinked', id, this.before.identities.get(id) ?? {})),
      ...detached.map(([id]) => told('identity.detached', id, this.before.identities.get(id) ?? {})),
    ];
  }

  /** Those that went with their account are told with it. */
  private ofWallets(): ToldEvent[] {
    const told = (type: EventType, walletId: string, row: Row, account = text(row['userId'])): ToldEvent => {
      const { userId, identityId, provider, environment } = row;
      const canSignIn = row['canSignIn'] === 'true';
      const about = { userId, walletId, provider, environment, canSignIn };
      const data = identityId === null ? about : { ...about, identityId };
      return event(type, text(userId), this.applicationsOf(account), data);
    };
    const gone = this.gone('wallets').filter(([, { userId }]) => this.after.users.has(text(userId)));
    const changed = new Map([
      ...this.changed('wallets', 'label'),
      ...this.changed('wallets', 'isPrimary').filter(([, { isPrimary }]) => isPrimary === 'true'),
    ]);
    return [
      ...this.added('wallets').map(([id, row]) => {
        if (row['kind'] === 'embedded') return told('wallet.created', id, row);
        const former = this.before.identities.get(row['identityId'] ?? '');
        return told('wallet.linked', id, row, text((former ?? row)['userId']));
      }),
      ...gone.map(([id, row]) => told('wallet.unlinked', id, row)),
      ...(gone.length > 0 ? [] : [...changed].map(([id, row]) => told('wallet.changed', id, row))),
    ];
  }

  private ofEmbeddedWallets(): ToldEvent[] {
    const told = (type: EventType, walletId: string, { userId }: Row): ToldEvent =>
      event(type, text(userId), this.applicationsOf(text(userId)), { userId, walletId });
    return [
      ...this.added('frozen').map(([, row]) => told('wallet.frozen', text(row['walletId']), row)),
      ...this.added('elsewhere').map(([id, row]) => told('wallet.used_elsewhere', id, row)),
      ...this.added('exportRequests').map(([, row]) =>
        told('wallet.export_requested', text(row['walletId']), row),
      ),
      ...this.added('exports').map(([, row]) => told('wallet.exported', text(row['walletId']), row)),
    ];
  }

  /** The version that a final block has is the last one here. */
  private ofSends(): ToldEvent[] {
    const ended = this.changed('sends', 'state').filter(([, { state }]) =>
      ['final', 'failed', 'replaced', 'not-sent'].includes(text(state)),
    );
    return ended.map(([sendId, { state, lastKind, userId, walletId, applicationId }]) => {
      const name = state === 'not-sent' ? 'not_sent' : (state as 'final' | 'failed' | 'replaced');
      const end = name === 'final' && lastKind === 'cancel' ? 'cancelled' : name;
      const data = { userId, applicationId, walletId, sendId };
      return event(`wallet.send_${end}`, text(userId), [text(applicationId)], data);
    });
  }

  private ofSessions(): ToldEvent[] {
    const opened = this.added('sessions').map(([sessionId, row]) => {
      const { userId, applicationId, identityId, assurance, door } = row;
      const data = { userId, sessionId, applicationId, identityId, assurance, door };
      return event('session.opened', text(userId), [text(applicationId)], data);
    });
    const steppedUp = this.changed('sessions', 'stepUp')
      .filter(([, { stepUp }]) => stepUp !== null)
      .map(([sessionId, { userId, applicationId }]) =>
        event('session.stepped_up', text(userId), [text(applicationId)], {
          userId,
          sessionId,
          applicationId,
        }),
      );
    const granted = this.added('grants').map(([, { userId, applicationId, sessionId }]) =>
      event('session.stepped_up', text(userId), [text(applicationId)], { userId, sessionId, applicationId }),
    );
    return [...opened, ...steppedUp, ...granted, ...this.ofEndedSessions()];
  }

  /** Under the account that they were of. Those that ran out and are only followed by another have no event. */
  private ofEndedSessions(): ToldEvent[] {
    return [...this.before.sessions].flatMap(([sessionId, { userId, applicationId, endReason }]) => {
      const reason = this.after.sessions.has(sessionId)
        ? this.after.sessions.get(sessionId)?.['endReason']
        : 'erased';
      if (endReason !== null || reason === null || reason === undefined || reason === 'idle') return [];
      const data = { userId, sessionId, applicationId, reason };
      return [event('session.ended', text(userId), [text(applicationId)], data)];
    });
  }

  private ofInvitations(): ToldEvent[] {
    const about = (type: EventType, invitationId: string, row: Row, rest: Row): ToldEvent => {
      const [teamId, applicationId] = [text(row['teamId']), text(row['applicationId'])];
      const data = { invitationId, teamId, applicationId, ...rest };
      return event(type, teamId, [applicationId], data);
    };
    return [
      ...this.added('invitations').map(([id, row]) =>
        about('invitation.created', id, row, { userId: row['userId'], role: row['role'] }),
      ),
      ...this.changed('invitations', 'reason').map(([id, row]) =>
        about('invitation.revoked', id, row, { reason: row['reason'] }),
      ),
      ...this.added('invitationUses').map(([, { invitationId, userId }]) => {
        const row = this.after.invitations.get(text(invitationId)) ?? {};
        return about('invitation.accepted', text(invitationId), row, { userId, role: row['role'] });
      }),
    ];
  }

  private ofReferrals(): ToldEvent[] {
    return this.added('referrals').map(([, { userId, referrerId, applicationId, source }]) => {
      const data = { userId, referrerId, applicationId, source };
      return event('referral.bound', text(userId), [text(applicationId)], data);
    });
  }

  private ofListings(): ToldEvent[] {
    const about = (type: EventType, [listingId, { applicationId }]: readonly [string, Row]): ToldEvent =>
      event(type, listingId, [text(applicationId)], { listingId, applicationId });
    return [
      ...this.added('listings').map((row) => about('listing.created', row)),
      ...this.changed('listings', 'shown').map((row) => about('listing.changed', row)),
      ...this.changed('listings', 'publishedAt').map((row) =>
        about(row[1]['publishedAt'] === null ? 'listing.withdrawn' : 'listing.published', row),
      ),
      ...this.changed('listings', 'hiddenAt').map((row) =>
        about(row[1]['hiddenAt'] === null ? 'listing.unhidden' : 'listing.hidden', row),
      ),
    ];
  }

  private ofSeasons(): ToldEvent[] {
    return this.changed('seasons', 'closedAt').map(([seasonId, { boardId, applicationId }]) => {
      const data = { boardId, seasonId, applicationId };
      return event('board.season_closed', text(boardId), [text(applicationId)], data);
    });
  }

  private ofApplications(): ToldEvent[] {
    const about = (type: EventType, applicationId: string, data: Row = {}): ToldEvent =>
      event(type, applicationId, [applicationId], { applicationId, ...data });
    const ofBot = (type: EventType, [botRowId, { applicationId }]: readonly [string, Row]): ToldEvent =>
      about(type, text(applicationId), { botRowId });
    const ofSecret = (type: EventType, [secretId, { applicationId }]: readonly [string, Row]): ToldEvent =>
      about(type, text(applicationId), { secretId });
    return [
      ...this.added('applications').map(([id]) => about('application.created', id)),
      ...this.changed('applications', 'at').map(([id]) => about('application.changed', id)),
      ...this.added('bots').map((bot) => ofBot('bot.added', bot)),
      ...this.changed('bots', 'at').map((bot) =>
        ofBot(
          this.before.bots.get(bot[0])?.['token'] === bot[1]['token'] ? 'bot.changed' : 'bot.token_rotated',
          bot,
        ),
      ),
      ...this.gone('bots').map((bot) => ofBot('bot.removed', bot)),
      // The first one comes with its application.
      ...this.added('secrets')
        .filter(([, { applicationId }]) => this.before.applications.has(text(applicationId)))
        .map((secret) => ofSecret('client_secret.added', secret)),
      ...this.gone('secrets').map((secret) => ofSecret('client_secret.removed', secret)),
    ];
  }

  private ofIdentityKeys(): ToldEvent[] {
    const gone = this.gone('keys').map(([keyId]) => keyId);
    const isFirst = this.before.keys.size === gone.length;
    return [
      ...gone.map((keyId) => event('identity_key.revoked', keyId, null, { keyId })),
      ...this.added('keys').map(([keyId]) =>
        event(isFirst ? 'identity_key.created' : 'identity_key.rotated', keyId, null, { keyId }),
      ),
    ];
  }

  private ofTeams(): ToldEvent[] {
    const about = (type: EventType, [teamId, { applicationId }]: readonly [string, Row], data: Row = {}) =>
      event(type, teamId, [text(applicationId)], { teamId, applicationId, ...data });
    return [
      ...this.added('teams').map((team) => about('team.created', team, { userId: team[1]['ownerId'] })),
      ...this.changed('teams', 'shown').map((team) => about('team.changed', team)),
      ...this.changed('teams', 'ownerId').map((team) =>
        about('team.ownership_transferred', team, { userId: team[1]['ownerId'] }),
      ),
      ...this.gone('teams').map((team) => about('team.deleted', team)),
    ];
  }

  /** Those of a new team, of a deleted one and of a transfer are told with the team. */
  private ofMembers(): ToldEvent[] {
    const about = (type: EventType, { teamId, userId, applicationId }: Row, data: Row) =>
      event(type, text(teamId), [text(applicationId)], { teamId, applicationId, userId, ...data });
    const isIn = ({ teams }: State, { teamId }: Row): boolean => teams.has(text(teamId));
    const left = this.records.find(({ action }) => action === 'team_member.left');
    return [
      ...this.added('members')
        .filter(([, row]) => isIn(this.before, row))
        .map(([, row]) => about('team_member.joined', row, { role: row['role'] })),
      ...this.gone('members')
        .filter(([, row]) => isIn(this.after, row))
        .map(([, row]) => about('team_member.left', row, { reason: left?.details['reason'] })),
      ...this.changed('members', 'role')
        .filter(([key, { role }]) => role !== 'owner' && this.before.members.get(key)?.['role'] !== 'owner')
        .map(([, row]) => about('team_member.role_changed', row, { role: row['role'] })),
    ];
  }

  private applicationsOf(userId: string): readonly string[] {
    return applicationsIn(this.after, userId);
  }

  private rows(table: Table, matches: (row: Row) => boolean): readonly (readonly [string, Row])[] {
    return [...this.after[table]].filter(([, row]) => matches(row));
  }

  private added(table: Table): readonly (readonly [string, Row])[] {
    return [...this.after[table]].filter(([key]) => !this.before[table].has(key));
  }

  private gone(table: Table): readonly (readonly [string, Row])[] {
    return [...this.before[table]].filter(([key]) => !this.after[table].has(key));
  }

  private changed(table: Table, column: string): readonly (readonly [string, Row])[] {
    return [...this.after[table]].filter(([key, row]) => {
      const earlier = this.before[table].get(key);
      return earlier !== undefined && earlier[column] !== row[column];
    });
  }
}

function applicationsIn({ visits }: State, userId: string): readonly string[] {
  const own = [...visits.values()].filter((visit) => visit['userId'] === userId);
  return own.map(({ applicationId }) => text(applicationId)).toSorted();
}

function event(
  type: EventType,
  subject: string,
  applicationIds: readonly string[] | null,
  data: Row | Readonly<Record<string, string | boolean | null | undefined>>,
): ToldEvent {
  const kept = Object.entries(data).filter(
    (entry): entry is [string, string | boolean] => entry[1] !== null && entry[1] !== undefined,
  );
  return { type, subject, applicationIds, data: Object.fromEntries(kept) };
}

function text(value: string | null | undefined): string {
  if (typeof value !== 'string') throw new Error('a row of the test has no value');
  return value;
}
