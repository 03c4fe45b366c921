import { PartialType } from '@nestjs/swagger';
import { presentedProof } from '@countersign/auth';

/** As documented: the application may be left out, since the session tells. */
export class ProofRequest extends PartialType(presentedProof.body) {}
