import { Injectable } from '@nestjs/common';
import { AccountActs, tooLow } from '../../rules/account-acts.service';
import { accountError } from '../../account.errors';
import { ActDecisions } from '../../rules/act-decisions';
import { accountEvents } from '../../account.feature';
import { ApplicationsService, botError, BotTokens } from '@countersign/applications';
import { AuditService } from '@countersign/audit';
import { assertNotOutdated, contactError, neededFields } from '@countersign/auth';
import { Clock } from '@countersign/runtime';
import { Database } from '@countersign/database';
import type { Principal } from '@countersign/sessions';
import { verifyContact } from '@countersign/proofs';
import { IdentitiesService, isAtLeast, UsersService } from '@countersign/users';
import { profileOperations } from '../changes/profile-change';
import type { ContactRequest } from './contact.controller';

/** Stores the phone number that a person shared through `requestContact` of a Mini App. */
@Injectable()
export class ContactService {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsService,
    private readonly botTokens: BotTokens,
    private readonly users: UsersService,
    private readonly identities: IdentitiesService,
    private readonly acts: AccountActs,
    private readonly decisions: ActDecisions,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  async assertMayAdd(caller: Principal): Promise<void> {
    const application = await this.applications.getById(caller.applicationId);
    // A bot's token is enough to sign a contact, and the number counts for the person in all applications.
    if (application.trust === 'third-party') throw tooLow('platform');
    await this.acts.assertAtLevel(caller);
    if (!neededFields(application).has('phoneNumber')) throw accountError('account.data_not_needed');
  }

  /** Stores the number with its Telegram identity. */
  async add(caller: Principal, { contact, botId }: ContactRequest): Promise<void> {
    await this.assertMayAdd(caller);
    const { application, bot } = await this.applications.getSignInTarget(
      caller.applicationId,
      'telegram',
      botId,
    );
    if (bot.status === 'compromised') throw botError('bot.compromised');
    const now = this.clock.now();
    const verified = verifyContact(contact, {
      keys: this.botTokens.keysOf(bot, 'init-data', now),
      now,
      maxAgeSeconds: application.settings.initDataMaxAge,
    });
    if (!verified.ok) throw contactError(verified.code);
    const { userId: subject, phoneNumber, authDate } = verified.value;
    const { id: applicationId } = application;
    const claim = { applicationId, provider: 'telegram', environment: bot.environment, subject };
    await this.database.transaction(async (tx) => {
      const user = await this.users.lock(tx, caller.userId);
      // Telegram signs a forwarded contact too, and the contact names its owner.
      const owner = await this.users.findByClaim(claim, tx);
      if (owner?.userId !== caller.userId) throw accountError('account.contact_of_another');
      assertNotOutdated(authDate, owner.authNotBefore);
      const asking = await this.decisions.assertSteppedUp(tx, user, caller, profileOperations.changeContact);
      this.acts.assertAllowed(asking, { act: 'open' });
      // A bot's token is enough to sign a contact, so only a step-up gives it a higher assurance.
      const { stepUp } = asking.asking;
      const isConfirmed = stepUp !== null && isAtLeast(stepUp, asking.level);
      const phone = { phoneNumber, madeAt: authDate, isConfirmed };
      if (!(await this.identities.setPhoneNumber(tx, user, owner.identityId, phone))) return;
      await this.audit.record(tx, accountEvents.identityContactAdded, {
        actor: `session:${caller.sessionId}`,
        applicationId: caller.applicationId,
        subject: owner.identityId,
      });
    });
  }
}
