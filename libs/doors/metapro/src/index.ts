import type { ProblemShape } from '@countersign/http';
import { toErrorBody } from './protocol/error-body';

export { MetaproModule } from './metapro.module';
/** The form of errors on the API's routes, and on unknown routes under the same prefixes. */
export const METAPRO_ERRORS: ProblemShape = { prefixes: ['/users-service/', '/ms/'], shape: toErrorBody };
