import { ErasureCompletion } from '@countersign/account';
import type request from 'supertest';
import { ExpiryUpkeep } from '@countersign/jobs';
import { aPerson, type Person, type SignInBody } from '../factories';
import { linkWallet, walletsOf } from './linked-wallets';
import { aLoginCode } from './login-code';
import { isLive, sessionOf, signInPerson, type PersonSession } from './person-session';
import { askToJoin, launchedToJoin, relaunch, withGrant, type Launching } from './relaunch';
import { aTeam, type TeamBody } from './teams';
import type { Demo, TestApp } from './test-app';
import { anEvmWallet, signInByWallet } from './wallets';

const MINUTE = 60;
/** Less than the 72 hours by the minutes that captured launches may take. */
const MAX_ABSENCE = 71 * 3_600;
const NAME = 'Vera';

/** How long nothing happens before an act, and what varies in it. */
export interface Moment {
  readonly minutes: number;
  /** How old captured launches are when the thief uses them. */
  readonly launchSeconds: number;
  /** What the thief types who does not know the number. */
  readonly guess: number;
}

/** Of `GET /v1/me`, what the person looks at. */
interface Me {
  readonly userId: string;
  readonly identities: readonly { readonly identityId: string; readonly subject: string }[];
  readonly ownProfile: { readonly displayName: string | null };
}

interface Separable {
  readonly joinId: string;
  readonly needsStepUp: boolean;
}

/**
 * Two people, and a thief with two identities and a wallet. The thief captures launches of the first person, the victim, with
 * start parameters of their choice, at most five minutes old, and has an access token of theirs. The victim comes once in 72
 * hours, ends what they have not begun, and separates what they did not consent to.
 */
export class AccountHistory {
  readonly people = { victim: aPerson(), friend: aPerson(), thief: aPerson(), helper: aPerson() };
  readonly wallets = { victim: anEvmWallet(), thief: anEvmWallet() };
  /** Sessions of the victim's identity that the thief has. */
  private readonly stolen: { readonly session: PersonSession; readonly openedAt: number }[] = [];
  private readonly consented = new Set<string>();
  private visitedAt = 0;
  /** What the last step did. */
  private isTyped = false;
  isSeparated = false;
  private launchSeconds = 0;
  guess = 0;
  private owners: ReadonlyMap<string, string> = new Map();
  private accounts: { readonly victim: string; readonly friend: string };
  private identityId: string;
  private team: TeamBody;

  constructor(
    readonly app: TestApp,
    readonly demo: Demo,
    private readonly counts: Map<string, number>,
  ) {}

  async begin(): Promise<void> {
    const { victim, friend } = this.people;
    const session = await signInPerson(this.app, this.demo, victim);
    await session.patch('/v1/me/profile', { displayName: NAME });
    await session.stepUp();
    await linkWallet(session, this.wallets.victim);
    this.team = await aTeam(session);
    const me = await this.meOf(session);
    this.identityId = me.identities.find(({ subject }) => subject === String(victim.id))?.identityId ?? '';
    const { userId } = await signInPerson(this.app, this.demo, friend);
    this.accounts = { victim: me.userId, friend: userId };
    // What was there before is no longer new.
    this.app.clock.advance(8 * 24 * 3_600);
    await this.visit();
    this.steal(await this.signIn(victim));
    this.owners = await this.readOwners();
  }

  async take(act: (history: AccountHistory) => Promise<void>, moment: Moment): Promise<void> {
    const { minutes, launchSeconds, guess } = moment;
    if (this.now() + minutes * MINUTE - this.visitedAt > MAX_ABSENCE) await this.visit();
    this.app.clock.advance(minutes * MINUTE);
    await this.runJobs();
    Object.assign(this, { launchSeconds, guess, isTyped: false, isSeparated: false });
    this.owners = await this.readOwners();
    await act(this);
    await this.expectOwners();
  }

  /** The days of grace end, and the thief has their own launches only. */
  async end(): Promise<void> {
    await this.visit();
    this.app.clock.advance(60 * 3_600);
    for (const person of [this.people.thief, this.people.helper]) await this.signIn(person);
    this.app.clock.advance(40 * 24 * 3_600);
    await this.runJobs();
    await this.expectAllOfTheVictim();
    await this.expectNothingOfTheThief();
  }

  /** What a careful person does: everything that they did not do themselves ends. */
  async visit(): Promise<void> {
    const session = await this.signIn(this.people.victim);
    this.visitedAt = this.now();
    expectNoFault(await session.delete('/v1/me/sessions'));
    for (;;) {
      const own = await this.signIn(this.people.victim);
      const foreign = (await this.separableOf(own)).find(({ joinId }) => !this.consented.has(joinId));
      if (!foreign) break;
      const { joinId, needsStepUp } = foreign;
      await this.separate(own, joinId);
      this.note(needsStepUp ? 'separated what came' : 'separated themselves');
    }
    await this.expectOnlyOwnIdentities();
  }

  private async expectOnlyOwnIdentities(): Promise<void> {
    const { victim, friend } = this.people;
    const known = [String(victim.id), String(friend.id), this.wallets.victim.subject];
    const { identities } = await this.meOf(await this.signIn(victim));
    expect(identities.filter(({ subject }) => !known.includes(subject))).toEqual([]);
  }

  private async expectAllOfTheVictim(): Promise<void> {
    const { victim, friend } = this.people;
    const session = await this.signIn(victim);
    const other = await this.signIn(friend);
    const isShared = session.userId === other.userId;
    if (isShared) expect(Object.values(this.accounts)).toContain(session.userId);
    else expect(session.userId).toBe(this.accounts.victim);
    if (!isShared) expect(other.userId).toBe(this.accounts.friend);
    const { identities, ownProfile } = await this.meOf(session);
    expect(identities.map(({ identityId }) => identityId)).toContain(this.identityId);
    expect(ownProfile.displayName).toBe(NAME);
    expect((await walletsOf(session)).map(({ address }) => address.toLowerCase())).toEqual([
      this.wallets.victim.subject,
    ]);
    expect(await this.roleOf(session)).toBe('owner');
    await this.expectOnlyOwnIdentities();
  }

  private async expectNothingOfTheThief(): Promise<void> {
    const { victim, thief, helper } = this.people;
    const { userId } = await this.signIn(victim);
    const sessions = [await this.signIn(thief), await this.signIn(helper)];
    const byWallet = await signInByWallet(this.app, this.demo, this.wallets.thief);
    // A wallet that no account has opens none.
    if (byWallet.status === 200)
      sessions.push(sessionOf(this.app, byWallet.body as SignInBody, thief, () => ({})));
    else expect(byWallet.status).toBe(403);
    for (const session of sessions) {
      expect(session.userId).not.toBe(userId);
      expect(await this.roleOf(session)).toBeNull();
      for (const path of ['/v1/me', '/v1/wallets']) {
        const { text } = await session.get(path);
        for (const own of [NAME, String(victim.id), this.wallets.victim.address])
          expect(text).not.toContain(own);
      }
    }
    for (const { session } of this.stolen) expect(await isLive(this.app, session)).toBe(false);
  }

  private async roleOf(session: PersonSession): Promise<string | null> {
    return ((await session.get(`/v1/teams/${this.team.teamId}`)).body as TeamBody).role;
  }

  /** No identity moves unless the right number was typed, or its person took it out again. */
  private async expectOwners(): Promise<void> {
    const owners = await this.readOwners();
    if (this.isTyped || this.isSeparated) return;
    const moved = [...owners].filter(([id, owner]) => (this.owners.get(id) ?? owner) !== owner);
    expect(moved).toEqual([]);
  }

  private async readOwners(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.app.database.query<{ id: string; owner: string }>(
      'SELECT id, user_id AS owner FROM identities',
    );
    return new Map(rows.map(({ id, owner }) => [id, owner]));
  }

  async join(asking: Person, other: Launching, guess?: number): Promise<void> {
    await this.joinTo(await this.signIn(asking), other, guess);
  }

  async joinTo(asking: PersonSession, other: Launching, guess?: number): Promise<void> {
    const asked = await refusable(askToJoin(this.app, this.demo, asking));
    if (!asked) return;
    const { code, number } = asked;
    const second = await refusable(launchedToJoin(this.app, this.demo, other, code));
    if (!second) return;
    const typed = guess ?? number;
    const answer = await withGrant(second.post(`/v1/joins/${code}/accept`, { number: typed }), second.grant);
    expectNoFault(answer);
    if (typed !== number) expect(answer.status).toBe(403);
    this.isTyped ||= answer.status === 200;
    this.note(answer.status === 200 ? 'joined' : 'refused to join');
  }

  /** What two people do who know each other. */
  async consent(join: () => Promise<void>): Promise<void> {
    await this.visit();
    const known = await this.listBoth();
    await join();
    for (const joinId of await this.listBoth()) if (!known.has(joinId)) this.consented.add(joinId);
  }

  private async listBoth(): Promise<ReadonlySet<string>> {
    const { victim, friend } = this.people;
    const lists = [];
    for (const person of [victim, friend]) lists.push(await this.separableOf(await this.signIn(person)));
    return new Set(lists.flat().map(({ joinId }) => joinId));
  }

  async separableOf(session: PersonSession): Promise<readonly Separable[]> {
    const answer = await session.get('/v1/me/joins/separable');
    expect(answer.status).toBe(200);
    return (answer.body as { items: readonly Separable[] }).items;
  }

  async separate(session: PersonSession, joinId: string): Promise<void> {
    await session.stepUp();
    const { status, text } = await session.post('/v1/me/separations', { joinId });
    expect({ status, text }).toMatchObject({ status: 200 });
    this.isSeparated = true;
  }

  private async meOf(session: PersonSession): Promise<Me> {
    const { status, body } = await session.get('/v1/me');
    expect(status).toBe(200);
    return body as Me;
  }

  /** Whose account is to be erased keeps it. */
  async signIn(person: Person): Promise<PersonSession> {
    // Sessions that ended in this second bar its proofs.
    this.app.clock.advance(1);
    return this.signInBy(person, this.app.initDataOf(this.demo, person));
  }

  private async signInBy(person: Person, initData: string): Promise<PersonSession> {
    const { applicationId } = this.demo;
    const first = await this.app.postSignIn({ applicationId, initData });
    const answer =
      first.status === 403
        ? await this.app.postSignIn({ applicationId, initData, cancelErasure: true })
        : first;
    const { code } = answer.body as { readonly code?: string };
    expect({ status: answer.status, code }).toEqual({ status: 200, code: undefined });
    const proof = () => aLoginCode(this.app, this.demo, person);
    return sessionOf(this.app, answer.body as SignInBody, person, proof);
  }

  /** The victim's launches, in the thief's hands. */
  captured(): Launching {
    const { victim: person } = this.people;
    return {
      person,
      launch: (startParam) => {
        const initData = this.app.initDataOf(this.demo, person, { startParam });
        this.app.clock.advance(this.launchSeconds);
        return this.app.postSignIn({ applicationId: this.demo.applicationId, initData });
      },
    };
  }

  async puppet(): Promise<PersonSession | null> {
    const captured = this.captured();
    const opened = await refusable(relaunch(this.app, this.demo, captured, 'i_captured'));
    return opened && { ...opened, ...captured };
  }

  /** The newest session that the thief has of the victim. */
  get token(): PersonSession {
    const [token] = this.stolen.slice(-1);
    if (!token) throw new Error('nothing was stolen');
    return { ...token.session, ...this.captured() };
  }

  /** Such a session may do more: see `account.step_up_required`. */
  get isTokenFresh(): boolean {
    const [token] = this.stolen.slice(-1);
    return token !== undefined && this.now() - token.openedAt <= 5 * MINUTE;
  }

  steal(session: PersonSession): void {
    this.stolen.push({ session, openedAt: this.now() });
  }

  private async runJobs(): Promise<void> {
    for (const job of [ExpiryUpkeep, ErasureCompletion])
      await this.app.nest.get<{ run(): unknown }>(job).run();
  }

  private note(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  private now(): number {
    return this.app.clock.now().getTime() / 1_000;
  }
}

/** What the helpers of the tests throw of a refusal is none of a fault. @returns null for a refusal */
export async function refusable<T>(work: Promise<T>): Promise<T | null> {
  return work.catch((error: unknown) => {
    if (/answered 4\d\d|not stepped up|may not accept/.test(String(error))) return null;
    throw error;
  });
}

export function expectNoFault(answer: request.Response | null): void {
  expect(answer?.status ?? 0).toBeLessThan(500);
}
