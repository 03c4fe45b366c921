import { applyDecorators, UseGuards, type Type } from '@nestjs/common';
import { LimitsRefusals } from '@countersign/limits';
import { SignInLimits } from '../sign-in-limits';
import { ProofGuard } from './proof.guard';

/** The route of a door: its Passport strategy verifies the proof, and what it verified is counted. */
export function SignInDoor(strategy: Type): MethodDecorator {
  return applyDecorators(UseGuards(ProofGuard(strategy), SignInLimits), LimitsRefusals('sign-in'));
}
