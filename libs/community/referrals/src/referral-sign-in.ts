import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, personActor } from '@countersign/audit';
import {
  defineReferralCode,
  HooksIntoSignIn,
  type NewSignIn,
  type SignInHook,
  type VerifiedSignIn,
  authMethods,
} from '@countersign/auth';
import { Clock } from '@countersign/runtime';
import type { AppError } from '@countersign/text';
import { OneOf, Text } from '@countersign/http';
import {
  ReferralBindingRepository,
  type Arrival,
  type FoundReferrer,
} from './store/referral-binding.repository';
import { codeInStartParam, readReferralCode } from './referral-code';
import { ReferralDigests } from './referral-digests';
import { referralError } from './referral.errors';
import type { ReferralSource } from './store/referral.entity';
import { referralEvents, referralSettings } from './referrals.feature';

defineReferralCode(
  Text(
    'The referral code that brought the person, for the first sign-in to the application. Where the proof has a ' +
      'start parameter with a code, that one counts.',
    'k7m2qd9xw4ht',
    { input: 'optional', pattern: /^[A-Za-z0-9_-]{1,64}$/, message: 'must be a referral code' },
  ),
);

const ignoredReferrals = [
  'referral.not_first_sign_in',
  'referral.off',
  'referral.own_code',
  'referral.unknown_code',
] as const;
type IgnoredReferral = (typeof ignoredReferrals)[number];

class SignInReferralResponse {
  @OneOf(['bound', 'ignored'], '`bound` where the person now has a referrer, for good.', 'bound')
  outcome: 'bound' | 'ignored';

  @OneOf(ignoredReferrals, 'Why the code was ignored.', 'referral.unknown_code', { optional: true })
  code?: IgnoredReferral;
}

interface Bindable {
  readonly entered: NewSignIn;
  readonly arrival: Arrival;
}

/** Binds a person at their first sign-in to an application. It writes no row that other sign-ups wait for. */
@Injectable()
@HooksIntoSignIn({
  property: 'referral',
  type: SignInReferralResponse,
  description: 'Present where the start parameter or the body had a referral code.',
  codes: ['referral.required'],
})
export class ReferralSignIn implements SignInHook {
  constructor(
    private readonly bindings: ReferralBindingRepository,
    private readonly digests: ReferralDigests,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  appliesTo(signIn: VerifiedSignIn, isFirstInApplication: boolean): boolean {
    return (isFirstInApplication && isRequired(signIn)) || claimOf(signIn) !== null;
  }

  /** Runs two statements. People who were counted before at another account need no code. */
  async check(tx: EntityManager, entered: readonly NewSignIn[]): Promise<ReadonlyMap<NewSignIn, AppError>> {
    const requiring = entered.filter(
      ({ signIn, isFirstInApplication }) => isFirstInApplication && isRequired(signIn),
    );
    if (requiring.length === 0) return new Map();
    const counted = await this.digests.countedBefore(tx, requiring);
    const bindable = requiring.flatMap((one) => (counted.has(one) ? [] : (bindableOf(one) ?? [])));
    const arrivals = bindable.map(({ arrival }) => arrival);
    const referrers = await this.bindings.findReferrers(tx, arrivals);
    const allowed = new Set(
      bindable.filter(({ arrival }, index) => isAnother(referrers[index], arrival)).map((one) => one.entered),
    );
    const refused = requiring.filter((one) => !counted.has(one) && !allowed.has(one));
    return new Map(refused.map((one) => [one, referralError('referral.required')]));
  }

  /** Runs two statements, besides the records and events. */
  async apply(
    tx: EntityManager,
    entered: readonly NewSignIn[],
  ): Promise<ReadonlyMap<NewSignIn, SignInReferralResponse>> {
    const bindable = entered.flatMap((one) => bindableOf(one) ?? []);
    const outcomes = await this.bind(tx, bindable);
    const claiming = entered.filter(({ signIn }) => claimOf(signIn) !== null);
    return new Map(claiming.map((one) => [one, outcomes.get(one) ?? ignored(reasonOf(one))]));
  }

  private async bind(
    tx: EntityManager,
    bindable: readonly Bindable[],
  ): Promise<ReadonlyMap<NewSignIn, SignInReferralResponse>> {
    if (bindable.length === 0) return new Map();
    const entering = bindable.map(({ entered }) => entered);
    const counted = await this.digests.countedBefore(tx, entering);
    const outcomes = new Map<NewSignIn, SignInReferralResponse>();
    for (const one of counted) outcomes.set(one, ignored('referral.not_first_sign_in'));
    const arriving = bindable.filter(({ entered }) => !counted.has(entered));
    if (arriving.length === 0) return outcomes;
    const bindings = await this.bindings.bind(
      tx,
      arriving.map(({ entered, arrival }) => ({
        ...arrival,
        user: entered.user,
        digest: this.digests.of(entered),
      })),
      this.clock.now(),
    );
    const bound: (Bindable & { readonly referrer: FoundReferrer })[] = [];
    for (const [index, one] of arriving.entries()) {
      const referrer = bindings[index];
      if (referrer?.isBound) {
        bound.push({ ...one, referrer });
        outcomes.set(one.entered, { outcome: 'bound' });
      } else outcomes.set(one.entered, ignored(unboundReason(referrer, one)));
    }
    await this.audit.recordAll(
      tx,
      referralEvents.bound,
      bound.map(({ entered: { user }, arrival: { userId, applicationId, source }, referrer }) => ({
        actor: personActor(user.auditPseudonym),
        applicationId,
        subject: personActor(referrer.auditPseudonym),
        details: { source },
        event: { userId, referrerId: referrer.referrerId, applicationId, source },
      })),
    );
    return outcomes;
  }
}

/** The start parameter takes precedence over the body. In Log In With Telegram, it is also only the caller's claim. */
function claimOf({
  proof,
  referralCode,
}: VerifiedSignIn): { written: string; source: ReferralSource } | null {
  const carried = codeInStartParam(proof.startParam);
  if (carried !== null)
    return { written: carried, source: proof.door === authMethods.telegramOidc ? 'body' : 'start-param' };
  return referralCode == null ? null : { written: referralCode, source: 'body' };
}

/** @returns `null` if the code is ignored without a statement */
function bindableOf(entered: NewSignIn): Bindable | null {
  const { signIn, user, isFirstInApplication } = entered;
  const claim = claimOf(signIn);
  const code = claim && readReferralCode(claim.written);
  if (!claim || !code || !isFirstInApplication || isOff(signIn)) return null;
  const { id: applicationId } = signIn.application;
  return { entered, arrival: { userId: user.userId, applicationId, code, source: claim.source } };
}

function reasonOf({ signIn, isFirstInApplication }: NewSignIn): IgnoredReferral {
  if (isOff(signIn)) return 'referral.off';
  return isFirstInApplication ? 'referral.unknown_code' : 'referral.not_first_sign_in';
}

function unboundReason(referrer: FoundReferrer | undefined, { arrival }: Bindable): IgnoredReferral {
  if (!referrer) return 'referral.unknown_code';
  return referrer.referrerId === arrival.userId ? 'referral.own_code' : 'referral.not_first_sign_in';
}

function ignored(code: IgnoredReferral): SignInReferralResponse {
  return { outcome: 'ignored', code };
}

function isAnother(referrerId: string | null | undefined, { userId }: Arrival): boolean {
  return referrerId != null && referrerId !== userId;
}

function isOff({ application }: VerifiedSignIn): boolean {
  return referralSettings.of(application.settings).mode === 'off';
}

function isRequired({ application }: VerifiedSignIn): boolean {
  return referralSettings.of(application.settings).mode === 'required';
}
