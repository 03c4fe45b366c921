import type { Type } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Application } from '@countersign/applications';
import type { DpopProof } from '@countersign/proofs';
import type { Operation as Described } from '@countersign/http';
import type { AccountLevel } from '@countersign/users';
import { deviceKeyErrorCodes } from '@countersign/sessions';
import { authError } from '../auth.errors';
import type { VerifiedProof } from '../proof/verified-proof';
import type { MayHaveReferralCode, SignInRequest } from './sign-in-request';

export interface VerifiedSignIn {
  readonly proof: VerifiedProof;
  readonly application: Application;
  readonly deviceName?: string | null;
  /** The person wants to keep an account that is to be erased. */
  readonly cancelsErasure?: boolean;
  /** Consumes one-time data, and re-checks cached data under a lock. It throws if another request was faster. */
  readonly consume?: (tx: EntityManager) => Promise<void>;
  /** Runs after the rollback of a sign-in whose one-time code another request has used at the same moment. */
  readonly onReuse?: () => Promise<void>;
  readonly codeIssuedAt?: Date;
  /** RFC 7638 thumbprint of the key that the client binds its session to. */
  readonly deviceKeyThumbprint?: string;
  /** From the body, at doors whose proofs carry no signed start parameter. The sender chooses it: it proves nothing. */
  readonly referralCode?: string | null;
  /** The proof of that key. It is consumed once the sign-in has been counted. */
  readonly deviceProof?: DpopProof;
}

/** The purpose of a proof, and the person of the session. A challenge is issued for both. */
export interface Presentation {
  readonly purpose: ProofPurpose;
  /** Null outside of sessions. */
  readonly userId: string | null;
}

export const proofPurposes = ['sign-in', 'link', 'step-up', 'merge'] as const;
export type ProofPurpose = (typeof proofPurposes)[number];

export const SIGN_IN: Presentation = { purpose: 'sign-in', userId: null };

export type Operation = Pick<Described, 'summary' | 'description'> & { readonly operationId: string };

/** Documents, metrics and `explain` are derived from this declaration. */
export interface DoorDeclaration {
  readonly name: string;
  readonly operation: Operation;
  readonly codes: readonly string[];
  /** Refused proofs count for this limit per address. */
  readonly refusals: 'sign-in' | 'link';
  /** The account levels of proofs by a bot of the application itself, each with the route of the sign-in. */
  readonly levels?: Readonly<Partial<Record<AccountLevel, string>>>;
  /** The label `door` of the metrics; absent if the door opens no session. */
  readonly metric?: string;
  /** Absent if an operator has no proof to paste. */
  readonly explain?: {
    /** `countersign explain --<input>-stdin` reads it. */
    readonly input: string;
    readonly options: readonly string[];
  };
}

/** Decorators and documents need the declaration before there is an instance. */
export type DoorClass = Type<Door<never>> & { readonly declaration: DoorDeclaration };

export interface PastedProof {
  readonly applicationId: string;
  /** Standard input, unchanged. */
  readonly text: string;
  readonly option: (name: string) => string | undefined;
}

export interface Door<Presented = unknown> {
  /**
   * Ends with `accepted`. Consumes nothing, except for a challenge.
   * @param presentation doors whose proofs answer a challenge compare it with that of the challenge
   */
  open(presented: Presented, presentation?: Presentation): Promise<VerifiedSignIn>;
}

export interface ExplainedDoor<Presented = unknown> extends Door<Presented> {
  /** Makes the door's input from text, which is the reverse of the route's work. */
  fromPasted(pasted: PastedProof): Presented | Promise<Presented>;
}

/** Checks that the application may rely on the proof. */
export function accepted(
  signIn: VerifiedSignIn,
  body: Partial<SignInRequest & MayHaveReferralCode> = {},
): VerifiedSignIn {
  assertReliable(signIn.application, signIn.proof);
  const { deviceName = null, cancelErasure = false, referralCode = null } = body;
  return { deviceName, cancelsErasure: cancelErasure, referralCode, ...signIn };
}

/** A bot token or a vendor's secret can sign in as any user, so only the operator's own applications rely on it. */
export function assertReliable(
  { trust }: Application,
  { assurance }: Pick<VerifiedProof, 'assurance'>,
): void {
  if (trust === 'third-party' && assurance !== 'platform') throw authError('auth.assurance_too_low');
}

export const doorCodes: readonly string[] = [
  'application.not_found',
  'auth.assurance_too_low',
  'request.origin_not_allowed',
  'service.unavailable',
];

export const signInCodes: readonly string[] = [
  ...doorCodes,
  'auth.proof_outdated',
  'auth.proof_used',
  'user.deactivated',
  'user.erasure_pending',
  'auth.proof_not_fresh',
  ...deviceKeyErrorCodes,
];

/** Error codes of doors that look for the bot. */
export const botCodes: readonly string[] = [
  'bot.ambiguous',
  'bot.compromised',
  'bot.disabled',
  'bot.not_found',
];

export const consumingCodes: readonly string[] = [
  'auth.application_mismatch',
  'auth.proof_not_fresh',
  'auth.proof_used',
];
