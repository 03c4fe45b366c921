export {
  NUMBER_BYTES,
  RECORD_OVERHEAD_BYTES,
  RecordStore,
  type RecordFormat,
  type RecordMemory,
} from './record-store';
export { TextBuffer } from './text-buffer';
export { NOWHERE, UuidIndex } from './uuid-index';
