/**
 * What the contract says about accounts, sessions, teams and scores, in the simplest words that can be executed. It shares no code
 * with the product. Times are seconds since 1970. An id or a token is null while no answer has named it.
 */

export const MINUTE = 60;
const HOUR = 3_600;
const DAY = 24 * HOUR;

const ACCESS_IDLE = 30 * MINUTE;
const ACCESS_ABSOLUTE = 12 * HOUR;
const REFRESH_IDLE = 30 * DAY;
const ABSOLUTE = 90 * DAY;
const MAX_SESSIONS = 10;
const REPEAT = 10;
const MAX_PROOF_AGE = DAY;
const GRACE = 7 * DAY;
const FRESH = 5 * MINUTE;
export const SESSION_RETENTION = 30 * DAY;
export const INVITATION_LIFETIME = 7 * DAY;

export interface Pair {
  readonly access: string;
  readonly refresh: string;
}

interface Rotation {
  readonly presented: string;
  readonly at: number;
  next: Pair | null;
}

export interface Session {
  readonly key: number;
  id: string | null;
  user: number;
  /** Whose identity opened it. */
  readonly person: string;
  readonly application: number;
  readonly openedAt: number;
  readonly provenAt: number;
  readonly until: number;
  pair: Pair | null;
  /** Grows where all earlier tokens become unknown: their return says nothing about theft. */
  family: number;
  prior: { readonly access: string; readonly until: number } | null;
  /** A call of the same group may have been accepted before its token was replaced. */
  justReplaced: { readonly access: string; readonly at: number } | null;
  rotations: Rotation[];
  isUnused: boolean;
  refreshUntil: number;
  accessUntil: number;
  idleUntil: number;
  /** What the row has: earlier than `idleUntil` where a use is not written yet. */
  idleAtLeast: number;
  /** A killed replica may have taken the last use with it. */
  isUncertain: boolean;
  /** The last use that may have been none. */
  mayBeUsedAt: number;
  end: string | null;
  endedAt: number | null;
  /** The row was removed, long after the end. */
  isGone: boolean;
}

export interface User {
  readonly key: number;
  id: string | null;
  readonly createdAt: number;
  isActive: boolean;
  notBefore: number;
  erasure: { readonly eraseAt: number; isStarted: boolean } | null;
  isErased: boolean;
  /** Ids of accounts that became part of it. */
  readonly aliases: string[];
  isMerged: boolean;
  /** `?` where an answer was lost. */
  name: string | null;
  /** Where the person has signed in. */
  readonly applications: Set<number>;
  /** Of these, those that a separated account may have taken along. */
  readonly uncertain: Set<number>;
}

interface Proof {
  session: number;
  answeredAt: number;
  pair: Pair | null;
}

export interface Team {
  id: string | null;
  readonly name: string;
  readonly application: number;
  /** Roles by user. */
  readonly members: Map<number, { readonly role: Role }>;
}

export interface Invitation {
  readonly team: number;
  readonly token: string;
  inviter: number;
  readonly until: number;
  readonly maxUses: number;
  readonly usedBy: Set<number>;
  uses: number;
}

interface Wallet {
  id: string | null;
  user: number;
  readonly address: string;
  /** It is an identity too. */
  isLinked: boolean;
}

type Role = keyof typeof RANK;

/** What an account had that became part of another one: it can be separated for seven days. */
export interface Merge {
  readonly survivor: number;
  readonly loser: number;
  readonly people: readonly string[];
  readonly sessions: readonly Session[];
  readonly scores: readonly { user: number }[];
  readonly wallets: readonly { readonly wallet: Wallet; readonly isLinked: boolean }[];
  readonly invited: readonly Invitation[];
  readonly used: readonly Invitation[];
  /** @property own the role that the survivor had too */
  readonly teams: readonly { readonly team: Team; readonly lost: Role; readonly own: Role | null }[];
}

const RANK = { viewer: 0, editor: 1, owner: 2 };

let families = 0;

/** Never the same one, also after a restored backup. */
function nextFamily(): number {
  families += 1;
  return families;
}

export class Model {
  now = 0;
  sessions: Session[] = [];
  users: User[] = [];
  /** Accounts of people, by name. */
  people = new Map<string, number>();
  proofs = new Map<string, Proof>();
  /** Of every refresh token that was ever answered. A restored backup forgets none of them. */
  families = new Map<string, { readonly session: string | null; readonly family: number }>();
  teams: Team[] = [];
  invitations: Invitation[] = [];
  scores = new Map<string, { user: number; readonly score: number; readonly season: number }>();
  /** Of the leaderboard, while the one before stands. */
  season = 0;
  wallets: Wallet[] = [];
  /** Those that were not separated, oldest first. */
  merges: Merge[] = [];
  /** People who have signed in to an application: they come by no referral. Erasures do not end it. */
  known = new Set<string>();
  /** Of all people, after a restored backup. */
  proofsNotBefore = 0;
  /** Events and audit records that the step is to add, by type. */
  added: Record<string, number> = {};

  clone(): Model {
    return Object.assign(new Model(), structuredClone({ ...this }));
  }

  note(what: string, count = 1): void {
    if (count > 0) this.added[what] = (this.added[what] ?? 0) + count;
  }

  userOf(person: string): User | null {
    const key = this.people.get(person);
    const user = key === undefined ? undefined : this.users[key];
    return user && !user.isErased ? user : null;
  }

  sessionOfAccess(token: string): Session | null {
    const replaced = this.sessions.find(
      ({ justReplaced: was }) => was?.access === token && was.at === this.now,
    );
    return (
      this.sessions.find(({ pair, prior }) => pair?.access === token || prior?.access === token) ??
      replaced ??
      null
    );
  }

  isOver({ end, refreshUntil, until }: Session): boolean {
    return end !== null || this.now >= refreshUntil || this.now >= until;
  }

  liveSessionsOf(user: number): Session[] {
    return this.sessions.filter((session) => session.user === user && !this.isOver(session));
  }

  isFresh(session: Session): boolean {
    return session.provenAt > this.now - FRESH;
  }

  /** Whether an access token opens something: null in the time that a killed replica made uncertain. */
  accepts(token: string): { readonly session: Session | null; readonly isAccepted: boolean | null } {
    const session = this.sessionOfAccess(token);
    if (!session || session.isGone || this.isOver(session)) return { session, isAccepted: false };
    if (session.justReplaced?.access === token && session.justReplaced.at === this.now)
      return { session, isAccepted: null };
    if (session.pair?.access !== token) {
      const isRecent = this.now < (session.prior?.until ?? 0);
      return { session, isAccepted: isRecent };
    }
    if (this.now >= session.accessUntil || this.now >= session.idleUntil)
      return { session, isAccepted: false };
    return { session, isAccepted: this.now < session.idleAtLeast ? true : null };
  }

  use(token: string): void {
    const session = this.sessionOfAccess(token);
    if (session?.pair?.access !== token) return;
    session.isUnused = false;
    session.isUncertain = false;
    session.idleUntil = Math.max(session.idleUntil, Math.min(session.accessUntil, this.now + ACCESS_IDLE));
  }

  /** A call that failed, or whose answer was lost, may have been a use. */
  mayUse(token: string): void {
    const session = this.sessionOfAccess(token);
    if (session?.pair?.access !== token || this.accepts(token).isAccepted === false) return;
    session.idleUntil = Math.max(session.idleUntil, Math.min(session.accessUntil, this.now + ACCESS_IDLE));
    session.isUncertain = session.idleAtLeast < session.idleUntil;
    session.mayBeUsedAt = this.now;
  }

  /** The client has its pair: the token before is no longer repeated. No deadline moves. */
  noteFirstUse(token: string): void {
    const session = this.sessionOfAccess(token);
    if (session?.pair?.access === token && this.accepts(token).isAccepted !== false) session.isUnused = false;
  }

  /** Replicas write uses after a minute, unless the session has ended. */
  writeSlides(): void {
    for (const session of this.sessions)
      if (!session.isUncertain && session.end === null) session.idleAtLeast = session.idleUntil;
  }

  loseSlides(): void {
    for (const session of this.sessions)
      if (session.idleAtLeast < session.idleUntil) session.isUncertain = true;
  }

  createUser(person: string, id: string | null): User {
    const user: User = {
      key: this.users.length,
      id,
      createdAt: this.now,
      isActive: true,
      notBefore: 0,
      erasure: null,
      isErased: false,
      aliases: [],
      isMerged: false,
      name: null,
      applications: new Set(),
      uncertain: new Set(),
    };
    this.users.push(user);
    this.people.set(person, user.key);
    return user;
  }

  openSession(
    user: User,
    {
      person,
      application,
      madeAt,
    }: { readonly person: string; readonly application: number; readonly madeAt: number },
    id: string | null,
    pair: Pair | null,
  ): Session {
    user.applications.add(application);
    user.uncertain.delete(application);
    const own = this.liveSessionsOf(user.key).filter((session) => session.application === application);
    const oldest = own.toSorted((one, other) => one.openedAt - other.openedAt || one.key - other.key);
    const surplus = oldest.slice(0, Math.max(0, own.length - MAX_SESSIONS + 1));
    // Another identity of the account cannot push out one that wants to separate.
    const leaving = surplus.filter((each) => each.person === person || each.openedAt <= this.now - FRESH);
    this.end(leaving, 'evicted');
    const session: Session = {
      key: this.sessions.length,
      id,
      user: user.key,
      person,
      application,
      openedAt: this.now,
      provenAt: madeAt,
      until: this.now + ABSOLUTE,
      pair: null,
      family: nextFamily(),
      prior: null,
      justReplaced: null,
      rotations: [],
      isUnused: false,
      refreshUntil: 0,
      accessUntil: 0,
      idleUntil: 0,
      idleAtLeast: 0,
      isUncertain: false,
      mayBeUsedAt: 0,
      end: null,
      endedAt: null,
      isGone: false,
    };
    this.sessions.push(session);
    this.issue(session, pair);
    this.note('session.opened');
    return session;
  }

  private issue(session: Session, pair: Pair | null): void {
    session.pair = pair;
    session.refreshUntil = Math.min(session.until, this.now + REFRESH_IDLE);
    session.accessUntil = Math.min(session.refreshUntil, this.now + ACCESS_ABSOLUTE);
    session.idleUntil = Math.min(session.accessUntil, this.now + ACCESS_IDLE);
    session.idleAtLeast = session.idleUntil;
    session.isUncertain = false;
    if (pair) this.families.set(pair.refresh, { session: session.id, family: session.family });
  }

  /** A lost answer names its pair when it is repeated. */
  learnPair(session: Session, pair: Pair): void {
    session.pair = pair;
    this.families.set(pair.refresh, { session: session.id, family: session.family });
  }

  rotate(session: Session, presented: string, pair: Pair | null): void {
    const priorUntil = Math.min(this.now + REPEAT, session.idleUntil, session.accessUntil);
    session.prior = session.pair && { access: session.pair.access, until: priorUntil };
    const recent = session.rotations.filter(({ at }) => this.now - at < REPEAT);
    session.rotations = [{ presented, at: this.now, next: pair }, ...recent];
    this.issue(session, pair);
    session.isUnused = true;
  }

  renew(session: Session, pair: Pair | null): void {
    session.family = nextFamily();
    if (session.pair) session.justReplaced = { access: session.pair.access, at: this.now };
    session.prior = null;
    session.rotations = [];
    this.issue(session, pair);
    session.isUnused = false;
  }

  /** The rotation that a used refresh token repeats. */
  repeatable(session: Session, token: string): Rotation | null {
    const recent = session.rotations.find(
      ({ presented, at }) => presented === token && this.now - at < REPEAT,
    );
    if (recent) return recent;
    const [latest] = session.rotations;
    const isUnanswered = session.isUnused && this.now < session.idleUntil;
    return latest?.presented === token && isUnanswered ? latest : null;
  }

  /** Also of sessions that only ran out: they are ended once. */
  end(sessions: readonly Session[], reason: string): void {
    for (const session of sessions) {
      if (session.end !== null || session.isGone) continue;
      session.end = reason;
      session.endedAt = this.now;
      if (reason !== 'idle') this.note('session.ended');
    }
  }

  /** Ends sessions so that the proofs of those that are over open nothing either. */
  keepOut(user: User, reason: string, isSpared: (session: Session) => boolean = () => false): void {
    const own = this.sessions.filter((session) => session.user === user.key && !isSpared(session));
    this.bar(own, reason);
  }

  /** Ends sessions, also those that were left, whose proof would open one more. */
  bar(sessions: readonly Session[], reason: string): void {
    this.end(sessions, reason);
    for (const session of sessions)
      if (!session.isGone && ['logout', 'idle', 'evicted'].includes(session.end ?? '')) session.end = reason;
  }

  isTooOld(madeAt: number): boolean {
    return this.now - madeAt > MAX_PROOF_AGE;
  }

  repeatsProof(proof: Proof): boolean {
    const session = this.sessions[proof.session];
    const isRecent = this.now - proof.answeredAt < REPEAT;
    return isRecent && session?.pair?.refresh === proof.pair?.refresh;
  }

  requestErasure(user: User): void {
    user.notBefore = this.now;
    this.keepOut(user, 'erased');
    user.erasure = { eraseAt: this.now + GRACE, isStarted: false };
    this.note('user.erasure_requested');
  }

  isDue(user: User): boolean {
    return !user.isErased && user.erasure !== null && user.erasure.eraseAt <= this.now;
  }

  /** All rows of the person go. Their teams go to the longest-serving admin; viewers are none. */
  erase(user: User): void {
    user.isErased = true;
    const own = this.sessions.filter((session) => session.user === user.key);
    // After a restored backup some are live.
    this.end(own, 'erased');
    for (const session of own) session.isGone = true;
    for (const [person, key] of this.people) if (key === user.key) this.people.delete(person);
    for (const team of this.teams) {
      const role = team.members.get(user.key)?.role;
      if (role === 'owner') team.members.clear();
      else if (role) this.leave(team, user.key);
    }
    for (const [id, { user: key }] of this.scores) if (key === user.key) this.scores.delete(id);
    this.wallets = this.wallets.filter(({ user: key }) => key !== user.key);
    this.merges = this.merges.filter((merge) => this.ownerOf(merge) !== user.key);
    this.note('user.erased');
  }

  /** Everything of the loser is the survivor's. */
  merge(survivor: User, loser: User): void {
    this.keepOut(loser, 'merged');
    const [from, to] = [loser.key, survivor.key];
    const isOwn = ({ user }: { readonly user: number }): boolean => user === from;
    this.merges.push({
      survivor: to,
      loser: from,
      people: [...this.people].flatMap(([person, key]) => (key === from ? [person] : [])),
      sessions: this.sessions.filter(isOwn),
      scores: [...this.scores.values()].filter(isOwn),
      wallets: this.wallets.filter(isOwn).map((wallet) => ({ wallet, isLinked: wallet.isLinked })),
      invited: this.invitations.filter(({ inviter }) => inviter === from),
      used: this.invitations.filter(({ usedBy }) => usedBy.has(from)),
      teams: this.teams.flatMap((team) => {
        const [lost, own] = [team.members.get(from)?.role, team.members.get(to)?.role ?? null];
        return lost ? [{ team, lost, own }] : [];
      }),
    });
    for (const session of this.sessions) if (session.user === from) session.user = to;
    for (const [person, key] of this.people) if (key === from) this.people.set(person, to);
    for (const team of this.teams) {
      const lost = team.members.get(from);
      if (!lost) continue;
      const own = team.members.get(to);
      if (own) this.leave(team, from);
      team.members.delete(from);
      const higher = own && RANK[own.role] >= RANK[lost.role] ? own : lost;
      const change = higher.role === 'owner' ? 'team.ownership_transferred' : 'team_member.role_changed';
      if (own && own.role !== higher.role) this.note(change);
      team.members.set(to, higher);
    }
    for (const invitation of this.invitations) {
      if (invitation.inviter === from) invitation.inviter = to;
      if (invitation.usedBy.delete(from)) invitation.usedBy.add(to);
    }
    for (const score of this.scores.values()) if (score.user === from) score.user = to;
    for (const wallet of this.wallets) if (wallet.user === from) wallet.user = to;
    for (const application of loser.applications) survivor.applications.add(application);
    survivor.name = '?';
    survivor.notBefore = Math.max(survivor.notBefore, loser.notBefore);
    if (loser.id !== null) survivor.aliases.push(loser.id, ...loser.aliases);
    Object.assign(loser, { isErased: true, isMerged: true });
    this.note('user.merged');
  }

  /** The account that has what came by the merge. */
  ownerOf({ survivor }: Merge): number {
    const later = this.merges.find(({ loser }) => loser === survivor);
    return later ? this.ownerOf(later) : survivor;
  }

  /** The account that ended gets back what still exists. Later merges of the survivor are separated first. */
  separate(merge: Merge): void {
    const later = this.merges.find(({ loser }) => loser === merge.survivor);
    if (later) this.separate(later);
    const [survivor, returning] = [this.users[merge.survivor], this.users[merge.loser]];
    if (!survivor || !returning) return;
    const [from, to] = [survivor.key, returning.key];
    this.merges = this.merges.filter((each) => each !== merge);
    const { isActive, notBefore } = survivor;
    Object.assign(returning, { isErased: false, isMerged: false, isActive, name: '?' });
    returning.notBefore = Math.max(returning.notBefore, notBefore);
    survivor.name = '?';
    const ids = [returning.id, ...returning.aliases];
    survivor.aliases.splice(0, Infinity, ...survivor.aliases.filter((id) => !ids.includes(id)));
    for (const application of returning.applications) survivor.uncertain.add(application);
    for (const person of merge.people) if (this.people.get(person) === from) this.people.set(person, to);
    const { wallets, sessions, scores, invited, used, teams } = merge;
    for (const owned of [...sessions, ...scores, ...wallets.map(({ wallet }) => wallet)])
      if (owned.user === from) owned.user = to;
    this.keepOut(survivor, 'unlinked', ({ person }) => !merge.people.includes(person));
    for (const invitation of invited) if (invitation.inviter === from) invitation.inviter = to;
    for (const { usedBy } of used) usedBy.add(to);
    for (const each of teams) this.separateIn(each, from, to);
    this.note('user.separated');
  }

  /** Both have what they had, or what is left of it. A role above both was given to the survivor since. */
  private separateIn({ team, lost, own }: Merge['teams'][number], from: number, to: number): void {
    const present = team.members.get(from)?.role;
    if (!present) return;
    const lower = (one: Role, other: Role): Role => (RANK[one] < RANK[other] ? one : other);
    const isRaised = RANK[present] > Math.max(RANK[lost], own ? RANK[own] : 0);
    const left = isRaised ? present : own && lower(own, present);
    const returned = lower(lost, present);
    team.members.set(to, { role: returned });
    if (left === null) {
      team.members.delete(from);
      return;
    }
    this.note('team_member.joined');
    if (left !== present) this.note('team_member.role_changed');
    if (returned === 'owner') this.note('team.ownership_transferred');
    team.members.set(from, { role: left });
  }

  /** Of the present season, by account. */
  sums(): Map<string, number> {
    const sums = new Map<string, number>();
    for (const { user, score, season } of this.scores.values()) {
      const id = this.users[user]?.id ?? '?';
      if (season === this.season) sums.set(id, (sums.get(id) ?? 0) + score);
    }
    return sums;
  }

  leave(team: Team, user: number): void {
    team.members.delete(user);
    this.note('team_member.left');
  }

  isOpen({ team, inviter, until, maxUses, uses }: Invitation): boolean {
    const mayInvite = this.teams[team]?.members.get(inviter)?.role === 'owner';
    return mayInvite && this.now < until && uses < maxUses;
  }
}
