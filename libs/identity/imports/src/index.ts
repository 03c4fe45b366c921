export { importRefusals, type LineResult } from './lines/import-line';
export { readLines } from './lines/raw-lines';
export { ImportsModule } from './imports.module';
export { ImportsService } from './imports.service';
