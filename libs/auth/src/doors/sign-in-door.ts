import { applyDecorators, UseGuards, type Type } from '@nestjs/common';
import { LimitsRefusals } from '@countersign/limits';
import { SignInLimits } from './sign-in-limits';
import { ProofGuard } from './proof.guard';

/**
 * The route of a door: its Passport strategy verifies the proof, and what it verified is counted.
 * @param refusals whose limit refused proofs count for
 */
export function SignInDoor(strategy: Type, refusals: 'sign-in' | 'link' = 'sign-in'): MethodDecorator {
  return applyDecorators(UseGuards(ProofGuard(strategy), SignInLimits), LimitsRefusals(refusals));
}
