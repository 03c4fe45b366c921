import { Integer } from '@countersign/http';

export class StepUpResponse {
  @Integer('Seconds for which the session is stepped up.', 300)
  stepUpExpiresIn: number;
}
