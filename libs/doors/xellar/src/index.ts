import type { ProblemShape } from '@countersign/http';
import { toErrorBody } from './protocol/xellar-route';

export { XellarModule } from './xellar.module';
/** The form of errors on the API's routes, and on unknown routes under the same prefixes. */
export const XELLAR_ERRORS: ProblemShape = { prefixes: ['/api/v1/', '/api/v2/'], shape: toErrorBody };
