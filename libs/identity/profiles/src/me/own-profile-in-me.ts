import { Injectable } from '@nestjs/common';
import { AddsToMe, MeResponse } from '@countersign/account';
import { Nested } from '@countersign/http';
import type { Principal } from '@countersign/sessions';
import type { User } from '@countersign/users';
import { OwnProfileResponse } from '../dto/profile.response';
import { toOwnProfileResponse } from '../profile.mapper';
import { emptyProfile, ProfilesService } from '../profiles.service';

Nested(OwnProfileResponse, 'What the person has set themselves.')(MeResponse.prototype, 'ownProfile');

/** The own profile in the answer about the caller, and the name that others see who are asked to join. */
@Injectable()
@AddsToMe()
export class OwnProfileInMe {
  constructor(private readonly profiles: ProfilesService) {}

  async describe(
    caller: Principal,
    { hasProfile }: User,
  ): Promise<{ readonly ownProfile: OwnProfileResponse }> {
    return {
      ownProfile: toOwnProfileResponse(hasProfile ? await this.profiles.getOwn(caller) : emptyProfile),
    };
  }

  async publicNameOf(userId: string): Promise<string | null> {
    return (await this.profiles.listPublic([userId])).get(userId)?.texts.displayName ?? null;
  }
}
