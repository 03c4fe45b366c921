import './xellar.feature';
import type { ProblemShape } from '@countersign/http';
import { toErrorBody } from './protocol/xellar-route';

export { XellarModule } from './xellar.module';
/** The form of the errors of its routes, and of unknown routes beside them. */
export const XELLAR_ERRORS: ProblemShape = { prefixes: ['/api/v1/', '/api/v2/'], shape: toErrorBody };
