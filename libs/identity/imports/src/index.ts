import './imports.feature';

export { importRefusals, type ImportRefusal } from './lines/import-refusals';
export { readLines } from './lines/raw-lines';
export { ImportUndoing, type UndoneImport } from './import-undoing';
export { ImportsModule } from './imports.module';
export {
  ImportsService,
  type ImportCounts,
  type ImportOptions,
  type ImportSummary,
  type ListedImport,
} from './imports.service';
export type { LineResult } from './lines/line-result';
