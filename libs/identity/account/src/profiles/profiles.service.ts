import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ActDecisions } from '../rules/act-decisions';
import { ApplicationsService, mergePatch, type Application } from '@countersign/applications';
import { AuditService, Outbox } from '@countersign/audit';
import { authError } from '@countersign/auth';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import { AccountAccess, endOf, sessionError, SessionsService, type Principal } from '@countersign/sessions';
import {
  AccountEvents,
  AccountLevels,
  isAtLeast,
  noSuchUser,
  userError,
  UsersService,
  type LockedUser,
} from '@countersign/users';
import type { ProfilePatch } from './dto/profile.patch';
import { mapOwnFields, visibilityOf, type OwnTexts } from './fields/own-field';
import { ReservedNames } from './fields/reserved-names';
import { actsOf, changeFields } from './changes/profile-change';
import { invalidField, readChange, readPreferences } from './changes/read-change';
import type { Fields, OwnProfile, Preferences, ProfileChange, ShownProfile, Viewer } from './profile';
import { profileError } from './profile.errors';
import { ProfilesRepository, type FoundProfile, type StoredProfile } from './store/profiles.repository';
import { isOwnSession, mayReadOwn, neededOwnFields, ownTextsFor, type OwnReader } from './shown-fields';
import { UsernamesRepository } from './usernames/usernames.repository';
import { profileEvents } from './profiles.feature';

export const MAX_OPENED = 200;
export interface OwnProfileView extends Fields {
  readonly preferences: Preferences['values'];
}

export const emptyProfile: OwnProfileView = {
  texts: mapOwnFields(() => null),
  settings: {},
  preferences: {},
};

@Injectable()
export class ProfilesService {
  constructor(
    private readonly database: Database,
    private readonly profiles: ProfilesRepository,
    private readonly usernames: UsernamesRepository,
    private readonly reservedNames: ReservedNames,
    private readonly applications: ApplicationsService,
    private readonly users: UsersService,
    private readonly sessions: SessionsService,
    private readonly access: AccountAccess,
    private readonly levels: AccountLevels,
    private readonly decisions: ActDecisions,
    private readonly audit: AuditService,
    private readonly events: AccountEvents,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async getOwn(caller: Principal): Promise<OwnProfileView> {
    const found = await this.database.read((manager) =>
      this.profiles.findOwn(manager, caller.userId, caller.applicationId),
    );
    if (!found) throw noSuchUser(caller.userId);
    return viewFor(await this.readerOf(caller), found);
  }

  async assertMayChange(caller: Principal): Promise<OwnReader & { readonly requester: Principal }> {
    const reader = await this.readerOf(caller);
    if (reader.application.trust !== 'first-party') throw profileError('profile.first_party_only');
    if (!isOwnSession(reader)) throw authError('auth.assurance_too_low');
    return reader;
  }

  /**
   * Changes the caller's own profile. A repeated change has no effect.
   */
  async change(caller: Principal, patch: ProfilePatch): Promise<OwnProfileView> {
    const change = readChange(patch, this.reservedNames);
    const reader = await this.assertMayChange(caller);
    const changed = await this.database.transaction(async (tx): Promise<OwnProfile> => {
      const { userId, sessionId, identityId, applicationId, assurance } = caller;
      const user = await this.users.lock(tx, userId);
      const now = this.clock.now();
      if (sessionId !== '') {
        const session = await this.sessions.lockById(tx, sessionId);
        if (session?.userId !== userId || endOf(session, now)) throw sessionError('session.ended');
      }
      const known = await this.profiles.findOwn(tx, userId, applicationId);
      if (!known) throw noSuchUser(userId);

      const fields = changeFields(known, change, { assurance, applicationId });
      if (!fields.ok) throw authError('auth.assurance_too_low');
      const { changed, ...profile } = fields.value;
      for (const act of actsOf(change, known, profile, reader))
        await this.decisions.assertSteppedUp(tx, user, caller, act);
      if (profile.texts.username !== known.texts.username)
        await this.rename(tx, user, profile.texts.username);
      if (changed.length > 0) await this.profiles.save(tx, user, profile, now);
      const preferences = await this.changePreferences(tx, user, caller, known, change);
      const names = [...changed, ...(preferences === known.preferences ? [] : ['preferences'])];
      if (names.length > 0) {
        if (!known.isNoted) await this.users.noteProfile(tx, user);
        await this.audit.record(tx, profileEvents.profileChanged, {
          actor: sessionId === '' ? `identity:${identityId}` : `session:${sessionId}`,
          applicationId,
          details: { fields: names.join(' ') },
        });
        await (changed.length > 0
          ? this.events.add(tx, profileEvents.userProfileChanged, userId, { userId })
          : // Other applications do not see these preferences.
            this.outbox.add(tx, profileEvents.userProfileChanged, [
              { data: { userId }, applicationIds: [applicationId] },
            ]));
      }
      return { ...profile, preferences };
    });
    return viewFor(reader, changed);
  }

  private async rename(tx: EntityManager, user: LockedUser, username: string | null): Promise<void> {
    if (username !== null && this.reservedNames.has(username))
      throw profileError('profile.username_reserved');
    if (username !== null && !(await this.usernames.take(tx, user, username)))
      throw profileError('profile.username_taken');
    await this.usernames.freeOthers(tx, user.userId, username);
  }

  private async changePreferences(
    tx: EntityManager,
    user: LockedUser,
    { applicationId, assurance }: Principal,
    known: StoredProfile,
    { preferences: patch }: ProfileChange,
  ): Promise<Preferences | null> {
    if (patch === undefined) return known.preferences;
    if (known.preferences && !isAtLeast(assurance, known.preferences.assurance))
      throw authError('auth.assurance_too_low');
    const values = (patch && mergePatch(known.preferences?.values, patch)) as Preferences['values'] | null;
    const changed = values && Object.keys(values).length > 0 ? { values, assurance } : null;
    const text = changed && readPreferences(changed.values);
    if (text && !text.ok) throw invalidField('preferences', text.code);
    const isSame =
      JSON.stringify(known.preferences?.values ?? null) === (text?.value ?? 'null') &&
      (known.preferences === null || known.preferences.assurance === assurance);
    if (isSame) return known.preferences;
    await this.profiles.savePreferences(tx, user, applicationId, changed, this.clock.now());
    return changed;
  }

  /**
   * Returns the fields that active people show to a viewer, by the requested ids. It runs one statement, and opens only
   * the keys of people who show something to this application.
   * @param userIds at most 200
   */
  async openMany(
    userIds: readonly string[],
    { applicationId }: Viewer,
  ): Promise<ReadonlyMap<string, ShownProfile>> {
    if (userIds.length > MAX_OPENED) throw new RangeError(`not more than ${MAX_OPENED} profiles at once`);
    const application = await this.applications.getById(applicationId);
    const found = await this.database.read((manager) =>
      this.profiles.findShown(manager, userIds, applicationId),
    );
    return new Map(found.map((profile) => [profile.wantedId, shownTo(application, profile)]));
  }

  /** Runs one statement, and opens no key. @param userIds at most 200, none of a merged account */
  async listPublic(userIds: readonly string[]): Promise<ReadonlyMap<string, ShownProfile>> {
    if (userIds.length === 0) return new Map();
    const found = await this.database.read((manager) => this.profiles.publicCopiesOf(manager, userIds));
    return new Map(found.map((shown) => [shown.userId, shown]));
  }

  async getShown(userId: string, viewer: Viewer): Promise<ShownProfile> {
    const shown = (await this.openMany([userId], viewer)).get(userId);
    if (!shown) throw userError('user.not_found');
    return shown;
  }

  /** Finds exactly this username, if its person shows it to the viewer. */
  async getByUsername(username: string, viewer: Viewer): Promise<ShownProfile> {
    const holderId = await this.holderOf(username);
    if (holderId === null) throw userError('user.not_found');
    const shown = await this.getShown(holderId, viewer);
    // The digest also finds names that look alike.
    if (shown.texts.username?.toLowerCase() !== username.toLowerCase()) throw userError('user.not_found');
    return shown;
  }

  /** @param userId the person who may have it already; `null` for an application */
  async isAvailable(username: string, userId: string | null): Promise<boolean> {
    if (this.reservedNames.has(username)) return false;
    const holderId = await this.holderOf(username);
    return holderId === null || holderId === userId;
  }

  private async holderOf(username: string): Promise<string | null> {
    return this.database.read((manager) => this.usernames.findHolder(manager, username));
  }

  private async readerOf(requester: Principal): Promise<OwnReader & { readonly requester: Principal }> {
    const application = await this.applications.getById(requester.applicationId);
    const isAtLevel = await this.access.isAccountWide(requester, application);
    const { assurance, userId } = requester;
    const isOfUnprovenWallet = assurance === 'vendor' && (await this.levels.isUnprovenWallet(userId));
    return { requester, application, isAtLevel, isOfUnprovenWallet };
  }
}

function viewFor(reader: OwnReader, { texts, settings, preferences }: OwnProfile): OwnProfileView {
  const { id: applicationId } = reader.application;
  const isOpen = preferences && mayReadOwn(reader, { ...preferences, applicationId });
  return {
    texts: ownTextsFor(reader, texts, settings),
    settings,
    preferences: isOpen ? preferences.values : {},
  };
}

function shownTo(application: Application, { userId, settings, shown, hasUsed, open }: FoundProfile) {
  const needed = hasUsed ? neededOwnFields(application) : new Set();
  let opened: OwnTexts | undefined;
  const texts = mapOwnFields((field) => {
    if (visibilityOf(settings, field) !== 'application' || !needed.has(field)) return shown[field];
    opened ??= open();
    return opened[field];
  });
  return { userId, texts };
}
