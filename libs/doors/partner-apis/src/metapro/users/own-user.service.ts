import { Injectable } from '@nestjs/common';
import {
  AccountService,
  type OwnProfileResponse,
  ProfilePatch,
  ProfilesService,
  toOwnProfileResponse,
} from '@countersign/account';
import { OwnWallets } from '@countersign/linked-wallets';
import type { Principal } from '@countersign/sessions';
import { readInput, readKnown } from '@countersign/http';
import type { MetaproUserResponse } from '../dto/user.responses';
import { toUserObject, ownDetails, ownDetailsOf, PREFERENCE } from './user-object';
import { MetaproDetails, type MetaproUpdateRequest } from '../dto/user.requests';
import { MetaproProjects } from '../metapro-projects';
import { metaproSettings } from '../metapro.feature';

@Injectable()
export class OwnUser {
  constructor(
    private readonly accounts: AccountService,
    private readonly profiles: ProfilesService,
    private readonly wallets: OwnWallets,
    private readonly projects: MetaproProjects,
  ) {}

  async describe(caller: Principal): Promise<MetaproUserResponse> {
    const me = await this.accounts.describe(caller);
    const own = toOwnProfileResponse(await this.profiles.getOwn(caller));
    const connected = await this.wallets.connectedIn(caller);
    const addresses = connected.map(({ address }) => address);
    return toUserObject(me, own, addresses);
  }

  async change(caller: Principal, update: MetaproUpdateRequest): Promise<MetaproUserResponse> {
    await this.profiles.assertMayChange(caller);
    const ownProfile = toOwnProfileResponse(await this.profiles.getOwn(caller));
    const { settings } = await this.projects.get(caller.applicationId);
    const wanted: object = patchOf(update, ownProfile);
    const visibility = metaproSettings.of(settings).showsNames ? visibilityOf(wanted, ownProfile) : {};
    const patch = readInput(ProfilePatch, { ...wanted, visibility });
    // These clients send no step-up grant.
    await this.profiles.change({ ...caller, stepUpGrant: null }, patch);
    return this.describe(caller);
  }
}

/**
 * Builds a merge patch. These clients send back all that they saw, and a session may see less than the account has. So
 * a missing detail is removed only if the caller saw it.
 */
function patchOf({ personalDetails, socialMedia }: MetaproUpdateRequest, shown: OwnProfileResponse): object {
  const links = socialMedia?.map(({ name, value: url }) => ({ ...(name ? { label: name } : {}), url }));
  const known = shown.links.length > 0 ? shown.links : null;
  return {
    ...(links ? changed({ links: known }, { links: links.length > 0 ? links : null }) : {}),
    ...(personalDetails ? patchOfDetails(personalDetails, shown) : {}),
  };
}

function patchOfDetails(personalDetails: object, shown: OwnProfileResponse): object {
  const details = readKnown(MetaproDetails, personalDetails);
  const { username = null, bio = null, banner = null, avatar = null, email = null } = details;
  const own = changed(
    ownDetailsOf(shown),
    Object.fromEntries(ownDetails.map((name) => [name, details[name] ?? null])),
  );
  return {
    ...changed(shown, { username, biography: bio, bannerUrl: banner, avatarUrl: avatar, email }),
    ...(Object.keys(own).length > 0 ? { preferences: { [PREFERENCE]: own } } : {}),
  };
}

/** Makes private usernames and avatars visible to the application if the patch sets them. */
function visibilityOf(patch: object, { visibility }: OwnProfileResponse): object {
  const set = (['username', 'avatarUrl'] as const).filter(
    (name) => typeof (patch as Readonly<Record<string, unknown>>)[name] === 'string',
  );
  return Object.fromEntries(
    set.filter((name) => visibility[name] === 'private').map((name) => [name, 'application']),
  );
}

function changed(known: object, wanted: Readonly<Record<string, unknown>>): object {
  const before = known as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(wanted).filter(([name, value]) => value !== (before[name] ?? null)),
  );
}
