import type { ClassConstructor } from 'class-transformer';
import type { EntityManager } from 'typeorm';
import type { Application } from '@countersign/applications';
import type { DpopProof } from '@countersign/dpop';
import { readInput } from '@countersign/http';
import { authError } from '../auth.errors';
import type { VerifiedProof } from '../proof/verified-proof';
import type { SignInRequest } from './sign-in-request';

/** What a door hands over: the proof, the application it is for, and what the client says of its device. */
export interface VerifiedSignIn {
  readonly proof: VerifiedProof;
  readonly application: Application;
  readonly deviceName: string | null;
  /**
   * In the transaction of the sign-in: uses up what may be presented once, and looks once more, under a lock, at what the
   * proof rests on where memory vouched for it. Throws when somebody was faster.
   */
  readonly spend: ((tx: EntityManager) => Promise<void>) | null;
  /** When the one-time code was issued that stood for the proof. */
  readonly codeIssuedAt: Date | null;
  /** RFC 7638 thumbprint of the key that the client binds its session to. */
  readonly deviceKeyThumbprint: string | null;
  /** The proof of that key. To be spent once the sign-in has been counted. */
  readonly deviceProof?: DpopProof;
}

/** What a door verified, before it is known whether the application may rely on it. */
export type DoorAnswer = Pick<VerifiedSignIn, 'proof' | 'application'> &
  Partial<Pick<VerifiedSignIn, 'spend' | 'codeIssuedAt'>>;

/** A way in: reads its own body and verifies the proof in it, and no other kind of proof. */
export abstract class Door<Body extends SignInRequest = SignInRequest> {
  protected abstract readonly bodyType: ClassConstructor<Body>;

  protected abstract verify(body: Body): Promise<DoorAnswer>;

  /** @throws AppError with the code of the first rule that the untrusted body fails. */
  async open(body: unknown): Promise<VerifiedSignIn> {
    const read = readInput(this.bodyType, body);
    const { proof, application, spend, codeIssuedAt } = await this.verify(
      Object.assign(read, { applicationId: read.applicationId.toLowerCase() }),
    );
    assertReliable(application, proof);
    return {
      proof,
      application,
      deviceName: read.deviceName ?? null,
      spend: spend ?? null,
      codeIssuedAt: codeIssuedAt ?? null,
      deviceKeyThumbprint: null,
    };
  }
}

/**
 * Whoever holds a bot token, or a vendor's secret, can sign as anybody: only the operator's own applications rely on it.
 * @throws AppError auth.assurance_too_low
 */
export function assertReliable(
  { trust }: Application,
  { assurance }: Pick<VerifiedProof, 'assurance'>,
): void {
  if (trust === 'third-party' && assurance !== 'platform') throw authError('auth.assurance_too_low');
}
