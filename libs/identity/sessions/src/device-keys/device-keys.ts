import { Injectable } from '@nestjs/common';
import type { Application } from '@countersign/applications';
import { Clock, plusSeconds, SECOND } from '@countersign/runtime';
import { equalsConstantTime } from '@countersign/crypto';
import { verifyDpopProof, type DpopProof } from '@countersign/proofs';
import { OneTimeMarks } from '@countersign/http';
import { dpopError } from '../session.errors';
import { deviceKeySettings } from '../sessions.feature';

/** The limits for a proof's age, and for a date in the future, by the clock of this service. */
const PROOF_AGE_SECONDS = 60;
const PROOF_AHEAD_SECONDS = 10;

export interface ShownProof {
  readonly proof: string | readonly string[] | undefined;
  readonly method: string;
  /** An absolute URI. */
  readonly uri: string;
}

/** Verifies DPoP proofs (RFC 9449). Each proof is accepted once. */
@Injectable()
export class DeviceKeys {
  constructor(
    private readonly marks: OneTimeMarks,
    private readonly clock: Clock,
  ) {}

  /**
   * Returns the proof of a sign-in's key; `null` if there is none. `consume` consumes it after the sign-in has been
   * counted, so a sign-in over a limit takes no space in the replay cache.
   */
  async atSignIn(shown: ShownProof, { settings }: Application): Promise<DpopProof | null> {
    if (shown.proof === undefined && !deviceKeySettings.of(settings).required) return null;
    return this.verify(shown, null);
  }

  /**
   * Requires a proof of the key that a session is bound to, and consumes it.
   * @param accessToken the token that the request presents; `null` for another kind of token
   * @param beforeConsuming may refuse the request: its proof is not consumed then
   */
  async assertPossession(
    shown: ShownProof,
    session: { readonly deviceKeyThumbprint: string },
    accessToken: string | null,
    beforeConsuming?: () => Promise<void>,
  ): Promise<void> {
    const proof = await this.verify(shown, accessToken);
    // Proofs of other keys are not recorded: they must not use up the owner's quota of the replay cache.
    if (!equalsConstantTime(proof.thumbprint, session.deviceKeyThumbprint)) throw dpopError('dpop.other_key');
    await beforeConsuming?.();
    await this.consume(proof);
  }

  async consume({ proofId, thumbprint, madeAt }: DpopProof): Promise<void> {
    const goodUntil = plusSeconds(madeAt, PROOF_AGE_SECONDS);
    const seconds = Math.ceil((goodUntil.getTime() - this.clock.now().getTime()) / SECOND);
    const mark = await this.marks.claim(proofId, seconds + PROOF_AHEAD_SECONDS, thumbprint);
    if (mark === 'known') throw dpopError('dpop.proof_repeated');
    if (mark === 'full') throw dpopError('dpop.too_many_proofs', { retryAfterSeconds: PROOF_AGE_SECONDS });
  }

  private async verify({ proof, method, uri }: ShownProof, accessToken: string | null): Promise<DpopProof> {
    if (proof === undefined) throw dpopError('dpop.proof_missing');
    if (typeof proof !== 'string') throw dpopError('dpop.malformed');
    const verified = await verifyDpopProof(proof, {
      method,
      uri,
      accessToken,
      now: this.clock.now(),
      maxAgeSeconds: PROOF_AGE_SECONDS,
      futureSeconds: PROOF_AHEAD_SECONDS,
    });
    if (!verified.ok) throw dpopError(verified.code);
    return verified.value;
  }
}
