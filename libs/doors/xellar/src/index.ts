import './xellar.feature';
import type { ProblemShape } from '@countersign/http';
import { toErrorBody } from './protocol/error-body';

export { XellarModule } from './xellar.module';
/** Where its routes are. */
export const XELLAR_PREFIXES = ['/api/v1/', '/api/v2/'] as const;
/** The form of their errors, and of errors of unknown routes beside them. */
export const XELLAR_ERRORS: ProblemShape = { prefixes: XELLAR_PREFIXES, shape: toErrorBody };
