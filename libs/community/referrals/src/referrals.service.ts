import { Injectable } from '@nestjs/common';
import { Database } from '@countersign/database';
import { idOfSequence, sequenceOfId, toKeyset, toPage } from '@countersign/http';
import { ProfilesService, toUserResponse } from '@countersign/profiles';
import type { Principal } from '@countersign/sessions';
import { userError, UsersService } from '@countersign/users';
import type {
  ReferralsResponse,
  ReferredPeoplePage,
  ReferredPeopleQuery,
  ReferrersResponse,
} from './referrals.dto';
import { ReferralCodes } from './referral-codes.service';
import { ReferralTreeRepository } from './store/referral-tree.repository';
import { MAX_REFERRAL_LEVELS } from './referral.settings';

/** Reads the tree for people and for applications. */
@Injectable()
export class ReferralsService {
  constructor(
    private readonly database: Database,
    private readonly tree: ReferralTreeRepository,
    private readonly codes: ReferralCodes,
    private readonly profiles: ProfilesService,
    private readonly users: UsersService,
  ) {}

  /** How many people are below the caller. @throws AppError referral.off */
  async count({ userId, applicationId }: Principal): Promise<ReferralsResponse> {
    const fractions = await this.codes.assertOn(applicationId);
    const member = { userId, applicationId };
    const counts = await this.database.read(async (manager) =>
      this.tree.countBelow(manager, await this.tree.findOwn(manager, member), member),
    );
    const levels = Array.from({ length: MAX_REFERRAL_LEVELS }, (_, index) => ({
      level: index + 1,
      count: counts.get(index + 1) ?? 0,
      fraction: fractions[index] ?? null,
    }));
    return { levels, total: levels.reduce((sum, { count }) => sum + count, 0) };
  }

  /** People below the caller on one level, newest first. @throws AppError referral.off, request.invalid */
  async list({ userId, applicationId }: Principal, query: ReferredPeopleQuery): Promise<ReferredPeoplePage> {
    await this.codes.assertOn(applicationId);
    const { limit, afterId } = toKeyset(query);
    const level = Number(query.level);
    const member = { userId, applicationId };
    const page = { level, limit, afterId: afterId === null ? null : sequenceOfId(afterId) };
    const below = await this.database.read(async (manager) =>
      this.tree.listBelow(manager, await this.tree.findOwn(manager, member), member, page),
    );
    const shown = await this.profiles.listPublic(below.flatMap((person) => person.userId ?? []));
    return toPage(
      below,
      limit,
      ({ nodeId }) => idOfSequence(nodeId),
      ({ userId: id, createdAt, source }) => {
        const profile = id === null ? undefined : shown.get(id);
        const person = profile ? toUserResponse(profile) : null;
        return { joinedAt: createdAt.toISOString(), level, source, person };
      },
    );
  }

  /**
   * The people above a person, with the fraction of a reward for each.
   * @throws AppError referral.off, user.not_found for a person who never used the application
   */
  async listAbove(wantedId: string, applicationId: string): Promise<ReferrersResponse> {
    const fractions = await this.codes.assertOn(applicationId);
    const userId = await this.users.resolveId(wantedId);
    const member = { userId, applicationId };
    return this.database.read(async (manager) => {
      if (!(await this.tree.hasUsed(manager, member))) throw userError('user.not_found');
      const above = await this.tree.findAbove(manager, member);
      const referrers = above.map(({ level, userId: id }) => ({
        level,
        userId: id,
        fraction: fractions[level - 1] ?? null,
      }));
      return { userId, referrers };
    });
  }
}
