import { Body, Get, Injectable, Patch } from '@nestjs/common';
import { AcceptsGrant } from '../../rules/account-plane';
import { AddsToMe, MeResponse } from '../../dto/me.response';
import { ApiController, Nested, TakesMergePatch } from '@countersign/http';
import { Authenticated, Caller, CallerRule, type Principal } from '@countersign/sessions';
import type { User } from '@countersign/users';
import { ProfilePatch } from '../dto/profile.patch';
import { OwnProfileResponse } from '../dto/profile.response';
import { toOwnProfileResponse } from '../profile.mapper';
import { emptyProfile, ProfilesService } from '../profiles.service';

@ApiController('v1/me/profile', 'The person')
export class OwnProfileController {
  constructor(private readonly profiles: ProfilesService) {}

  @Get()
  @Authenticated('getOwnProfile', OwnProfileResponse, {
    summary: 'Get the fields that one has set oneself',
    description:
      'A session that does not reach the level of the account sees the public fields, those that its application needs ' +
      'and is shown, and those set in its application by sessions that were not stronger.',
  })
  async get(@Caller() caller: Principal): Promise<OwnProfileResponse> {
    return toOwnProfileResponse(await this.profiles.getOwn(caller));
  }

  @Patch()
  @TakesMergePatch()
  @AcceptsGrant()
  @CallerRule(ProfilesService, (profiles, caller) => profiles.assertMayChange(caller))
  @Authenticated('changeOwnProfile', OwnProfileResponse, {
    summary: 'Change the fields that one sets oneself',
    description:
      'A JSON merge patch, RFC 7396: fields that are left out stay, `null` removes. A field remembers the assurance of the ' +
      'session that set it, and a weaker session cannot change it. A value that a stronger session sets is private ' +
      'unless the patch says otherwise. To change e-mail address or phone number (`profile.change_contact`), or to make a ' +
      'hidden field public (`profile.publish`), a session whose sign-in proof is older than five minutes needs a step-up.',
    errors: ['profile.first_party_only', 'profile.username_reserved', 'profile.username_taken'],
  })
  async change(@Caller() caller: Principal, @Body() patch: ProfilePatch): Promise<OwnProfileResponse> {
    return toOwnProfileResponse(await this.profiles.change(caller, patch));
  }
}

Nested(OwnProfileResponse, 'What the person has set themselves.')(MeResponse.prototype, 'ownProfile');

/** Adds the own profile to the answer about the caller, and supplies the name that people see in an invitation. */
@Injectable()
@AddsToMe()
export class OwnProfileInMe {
  constructor(private readonly profiles: ProfilesService) {}

  async describe(caller: Principal, { hasProfile }: User): Promise<{ ownProfile: OwnProfileResponse }> {
    const own = hasProfile ? await this.profiles.getOwn(caller) : emptyProfile;
    return { ownProfile: toOwnProfileResponse(own) };
  }

  async publicNameOf(userId: string): Promise<string | null> {
    return (await this.profiles.listPublic([userId])).get(userId)?.texts.displayName ?? null;
  }
}
