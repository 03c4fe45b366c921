import { PartialType } from '@nestjs/swagger';
import { presentedProof } from '@countersign/auth';

/** For the documentation: the application is optional, since the session names it. */
export class ProofRequest extends PartialType(presentedProof.body) {}
