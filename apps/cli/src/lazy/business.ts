/** Commands load this when they run. Otherwise `--help` would take seconds. */
export {
  scopesInUse,
  CreatePrincipalRequest,
  IssuedSecretResponse,
  PrincipalResponse,
  PrincipalsService,
} from '@countersign/admin';
export { LedgerAnswers } from '@countersign/account';
export { AuditVerifier, blocksIn } from '@countersign/audit';
export { AppError } from '@countersign/text';
export { readInput, toResponse } from '@countersign/http';
export { Rewrapping, RingCheck } from '@countersign/keys';
