import './metapro.feature';
import type { ProblemShape } from '@countersign/http';
import { toErrorBody } from './protocol/error-body';

export { MetaproModule } from './metapro.module';
/** Where its routes are. */
export const METAPRO_PREFIXES = ['/users-service/', '/ms/'] as const;
/** The form of their errors, and of errors of unknown routes beside them. */
export const METAPRO_ERRORS: ProblemShape = { prefixes: METAPRO_PREFIXES, shape: toErrorBody };
