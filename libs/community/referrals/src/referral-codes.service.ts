import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { ApplicationsService, StartLinks } from '@countersign/applications';
import { Clock } from '@countersign/runtime';
import { Database, insertIfNew, LostRace } from '@countersign/database';
import { UsersService } from '@countersign/users';
import type { ReferralCodeResponse, ReferralsResponse } from './referrals.dto';
import { newReferralCode, toStartParam } from './referral-code';
import { ReferralDigests } from './referral-digests';
import { referralError } from './referral.errors';
import { MAX_REFERRAL_LEVELS } from './referral.settings';
import { ReferralCodeEntity } from './store/referral.entity';
import { ReferralTreeRepository, type ReferralMember } from './store/referral-tree.repository';
import { referralSettings } from './referrals.feature';

@Injectable()
export class ReferralCodes {
  constructor(
    private readonly database: Database,
    private readonly tree: ReferralTreeRepository,
    private readonly applications: ApplicationsService,
    private readonly users: UsersService,
    private readonly links: StartLinks,
    private readonly digests: ReferralDigests,
    private readonly clock: Clock,
  ) {}

  /** Creates a person's code in an application at the first call. */
  async get(caller: ReferralMember): Promise<ReferralCodeResponse> {
    const known = await this.find(caller);
    const code = known ?? (await this.database.transaction((tx) => this.make(tx, caller)));
    return { code, links: await this.links.of(caller.applicationId, toStartParam(code)) };
  }

  /** Returns the code if it exists. */
  async find(member: ReferralMember): Promise<string | null> {
    await this.assertOn(member.applicationId);
    return this.database.read((manager) => this.tree.findCode(manager, member));
  }

  /** Counts the people below the caller. */
  async count(member: ReferralMember): Promise<ReferralsResponse> {
    const fractions = await this.assertOn(member.applicationId);
    const counts = await this.database.read((manager) => this.tree.countBelow(manager, member));
    const levels = Array.from({ length: MAX_REFERRAL_LEVELS }, (_, index) => ({
      level: index + 1,
      count: counts.get(index + 1) ?? 0,
      fraction: fractions[index] ?? null,
    }));
    return { levels, total: levels.reduce((sum, { count }) => sum + count, 0) };
  }

  /** @returns the fraction of a reward for each level, nearest first */
  private async assertOn(applicationId: string): Promise<readonly number[]> {
    const { settings } = await this.applications.getById(applicationId);
    if (referralSettings.of(settings).mode === 'off') throw referralError('referral.off');
    return referralSettings.of(settings).levels;
  }

  /** Takes the lock of the user, so that simultaneous calls and merges wait. */
  private async make(tx: EntityManager, member: ReferralMember): Promise<string> {
    await this.users.lock(tx, member.userId);
    const known = await this.tree.findCode(tx, member);
    if (known !== null) return known;
    const now = this.clock.now();
    await this.digests.ensureKey(tx, member.applicationId);
    await this.tree.insertRoot(tx, member, now);
    const nodeId = await this.tree.findNode(tx, member);
    if (nodeId === null) throw new LostRace();
    const code = newReferralCode();
    const made = { code, applicationId: member.applicationId, nodeId, createdAt: now };
    // Another person may have the same code by chance.
    if (!(await insertIfNew(tx, ReferralCodeEntity, made, 'code'))) throw new LostRace();
    return code;
  }
}
