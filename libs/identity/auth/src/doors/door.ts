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

/** The result of a door: the proof, its application, and the client's description of its device. */
export interface VerifiedSignIn {
  readonly proof: VerifiedProof;
  readonly application: Application;
  readonly deviceName?: string | null;
  /** The person asks to keep an account that is to be erased. */
  readonly cancelsErasure?: boolean;
  /**
   * Within the transaction of the sign-in: uses up what may be presented once, and re-checks under a lock
   * what was taken from memory. Throws when another request was faster.
   */
  readonly consume?: (tx: EntityManager) => Promise<void>;
  /** After the rollback of a sign-in whose one-time code another request has used at the same moment. */
  readonly onReuse?: () => Promise<void>;
  /** When the one-time code for the proof was issued. */
  readonly codeIssuedAt?: Date;
  /** RFC 7638 thumbprint of the key that the client binds its session to. */
  readonly deviceKeyThumbprint?: string;
  /** From the body, at doors whose proofs carry no signed start parameter. Chosen by the sender: it proves nothing. */
  readonly referralCode?: string | null;
  /** The proof of that key. To be consumed once the sign-in has been counted. */
  readonly deviceProof?: DpopProof;
}

/** What a proof is presented for, and within whose session. A challenge is issued for both. */
export interface Presentation {
  readonly purpose: ProofPurpose;
  /** Null outside of sessions. */
  readonly userId: string | null;
}

export const proofPurposes = ['sign-in', 'link', 'step-up', 'merge'] as const;
export type ProofPurpose = (typeof proofPurposes)[number];

export const SIGN_IN: Presentation = { purpose: 'sign-in', userId: null };

export type Operation = Pick<Described, 'summary' | 'description'> & { readonly operationId: string };

/** The declaration of a door: documents, metrics and `explain` are derived from it. */
export interface DoorDeclaration {
  readonly name: string;
  readonly operation: Operation;
  /** All error codes of the route, besides those of every route. */
  readonly codes: readonly string[];
  /** The limit per address that refused proofs count for. */
  readonly refusals: 'sign-in' | 'link';
  /**
   * The account levels that proofs by a bot of the application itself reach, each with the route of the
   * sign-in. Absent for doors whose proofs reach none.
   */
  readonly levels?: Readonly<Partial<Record<AccountLevel, string>>>;
  /** The label `door` of the metrics. Absent for doors that open no session. */
  readonly metric?: string;
  /** Absent where an operator has no proof to paste. */
  readonly explain?: {
    /** `countersign explain --<input>-stdin` reads it. */
    readonly input: string;
    /** Options with a value that go with it. */
    readonly options: readonly string[];
  };
}

/** A door and its declaration: decorators and documents need it before there is an instance. */
export type DoorClass = Type<Door<never>> & { readonly declaration: DoorDeclaration };

/** A proof as an operator pastes it to `countersign explain`. */
export interface PastedProof {
  readonly applicationId: string;
  /** Standard input, unchanged. */
  readonly text: string;
  readonly option: (name: string) => string | undefined;
}

/** Verifies one kind of proof, and no other. */
export interface Door<Presented = unknown> {
  /**
   * Ends with `accepted`.
   * @param presentation doors whose proofs answer a challenge compare it with that of the challenge
   * @throws AppError with the code of the first rule that fails. Uses nothing up, except for such a challenge.
   */
  open(presented: Presented, presentation?: Presentation): Promise<VerifiedSignIn>;
}

export interface ExplainedDoor<Presented = unknown> extends Door<Presented> {
  /** The reverse of what the route does: from text to what the door verifies. */
  fromPasted(pasted: PastedProof): Presented | Promise<Presented>;
}

/**
 * The result of a door, once the application may rely on the proof.
 * @param body with what the client says besides the proof
 * @throws AppError auth.assurance_too_low
 */
export function accepted(
  signIn: VerifiedSignIn,
  body: Partial<SignInRequest & MayHaveReferralCode> = {},
): VerifiedSignIn {
  assertReliable(signIn.application, signIn.proof);
  const { deviceName = null, cancelErasure = false, referralCode = null } = body;
  return { deviceName, cancelsErasure: cancelErasure, referralCode, ...signIn };
}

/**
 * A bot token or a vendor's secret is enough to sign in as any user: only the operator's own applications rely on that.
 */
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

/** Error codes of every door that reads a JSON body and opens a session. */
export const signInCodes: readonly string[] = [
  ...doorCodes,
  'auth.proof_outdated',
  'auth.proof_used',
  'user.deactivated',
  'user.erasure_pending',
  'auth.proof_not_fresh',
  ...deviceKeyErrorCodes,
];

/** Error codes of doors that look for the bot that is meant. */
export const botCodes: readonly string[] = [
  'bot.ambiguous',
  'bot.compromised',
  'bot.disabled',
  'bot.not_found',
];

/** Error codes of a proof that is used up within a session. */
export const consumingCodes: readonly string[] = [
  'auth.application_mismatch',
  'auth.proof_not_fresh',
  'auth.proof_used',
];
