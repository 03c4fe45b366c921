import './imports.feature';

export { importRefusals } from './lines/import-line';
export { readLines } from './lines/raw-lines';
export { ImportsModule } from './imports.module';
export { ImportsService } from './imports.service';
export type { LineResult } from './lines/import-line';
