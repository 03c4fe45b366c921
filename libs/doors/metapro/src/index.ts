import './metapro.feature';

import type { ProblemShape } from '@countersign/http';
import { toErrorBody } from './protocol/error-body';

export { MetaproModule } from './metapro.module';
/** The form of the errors of its routes, and of unknown routes beside them. */
export const METAPRO_ERRORS: ProblemShape = { prefixes: ['/users-service/', '/ms/'], shape: toErrorBody };
