import { Injectable } from '@nestjs/common';
import { ActDecisions } from '@countersign/account';
import { readInput } from '@countersign/http';
import { ProfilePatch, ProfilesService } from '@countersign/profiles';
import { forCaller, type Principal } from '@countersign/sessions';
import { MetaproDetailsRequest, type MetaproUpdateRequest } from '../dto/user.requests';
import type { MetaproUserResponse } from '../dto/user.responses';
import { readKnown } from '../protocol/lenient-input';
import { OwnUser } from './own-user.service';
import { ownDetails, PREFERENCE } from './user-object';

/** Changes what people set of themselves. */
@Injectable()
export class OwnDetails {
  constructor(
    private readonly own: OwnUser,
    private readonly profiles: ProfilesService,
    private readonly decisions: ActDecisions,
  ) {}

  /** @throws AppError request.invalid, profile.*, account.step_up_required, auth.assurance_too_low */
  async change(caller: Principal, update: MetaproUpdateRequest): Promise<MetaproUserResponse> {
    await forCaller(this.profiles.assertMayChange(caller));
    const patch = readInput(ProfilePatch, patchOf(update));
    await forCaller(this.profiles.change(withoutGrant(caller), patch, this.decisions));
    return this.own.describe(caller);
  }
}

/** As a merge patch: of the details, what is not there is removed. */
function patchOf({ personalDetails, socialMedia }: MetaproUpdateRequest): object {
  const links = socialMedia?.map(({ name, value: url }) => ({ ...(name ? { label: name } : {}), url }));
  return {
    ...(links ? { links: links.length > 0 ? links : null } : {}),
    ...(personalDetails ? patchOfDetails(personalDetails) : {}),
  };
}

function patchOfDetails(personalDetails: object): object {
  const details = readKnown(MetaproDetailsRequest, personalDetails);
  const { username = null, bio = null, banner = null, avatar = null, email = null } = details;
  const own = Object.fromEntries(ownDetails.map((name) => [name, details[name] ?? null]));
  return {
    username,
    biography: bio,
    bannerUrl: banner,
    avatarUrl: avatar,
    email,
    preferences: { [PREFERENCE]: own },
  };
}

/** These clients bring no grant of a step-up. */
export function withoutGrant(caller: Principal): Principal {
  return { ...caller, stepUpGrant: null };
}
